/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show_end.c - prints what follows the table; see show_end.h.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "analysis/summary/show_end.h"

#define CELLS_NAMED  3	/* those with the widest intervals */
#define CHECK_EVERY  10 /* rounds between two checks of the precision, as in the schedule */
#define ROUNDS_TIMES 10 /* an estimate is not extrapolated beyond that many times the existing rounds */
#define MINUTE_S     60.0

static void show_cell(const struct runfile_cell *cell, FILE *out)
{
	struct text text = {0};

	format_cell(cell, &text);
	fputs(text_string(&text), out);
	text_clear(&text);
}

/* ---- dropped samples */

struct dropped {
	const char *name, *why;
	size_t samples, rounds, without; /* rounds with dropped samples; of these, rounds with no sample left */
};

static struct dropped count_dropped(const struct runfile_cell *cell, const char *name)
{
	struct dropped dropped = {.name = name, .why = ""};

	for (size_t r = 0; r < cell->n_rounds; r++) {
		const struct runfile_metric *metric = runfile_find_metric(cell->rounds[r], name);

		if (metric == NULL || !metric->n_dropped)
			continue;
		dropped.samples += metric->n_dropped;
		dropped.rounds++;
		dropped.without += !metric->n_samples && !metric->n_buckets;
		dropped.why = metric->dropped_why;
	}
	return dropped;
}

/* Whether this is the first round of the cell with dropped samples of the metric: only then are they counted. */
static bool is_first_dropped(const struct runfile_cell *cell, size_t round, const struct runfile_metric *metric)
{
	if (!metric->n_dropped)
		return false;
	for (size_t r = 0; r < round; r++) {
		const struct runfile_metric *other = runfile_find_metric(cell->rounds[r], metric->name);

		if (other != NULL && other->n_dropped)
			return false;
	}
	return true;
}

static void show_dropped_of(const struct runfile_cell *cell, const char *name, FILE *out)
{
	struct dropped dropped = count_dropped(cell, name);

	fprintf(out, "dropped  %zu sample%s of %s in %zu of %zu rounds", dropped.samples, dropped.samples > 1 ? "s" : "", name, dropped.rounds,
		cell->n_rounds);
	if (dropped.without)
		fprintf(out, ", %zu of them without any other", dropped.without);
	fputs(": ", out);
	show_cell(cell, out);
	fprintf(out, "\n         %s\n", dropped.why);
}

void show_dropped(const struct summary *summaries, size_t n, size_t most, FILE *out)
{
	size_t found = 0;

	for (size_t s = 0; s < n; s++)
		for (size_t i = 0; i < summaries[s].n; i = summary_next_cell(&summaries[s], i)) {
			const struct runfile_cell *cell = summaries[s].rows[i].cell;

			for (size_t r = 0; r < cell->n_rounds; r++)
				for (size_t m = 0; m < cell->rounds[r]->n_metrics; m++)
					if (is_first_dropped(cell, r, &cell->rounds[r]->metrics[m]) && found++ < most)
						show_dropped_of(cell, cell->rounds[r]->metrics[m].name, out);
		}
	if (found > most)
		fprintf(out, "dropped  and samples of %zu more figure%s\n", found - most, found - most > 1 ? "s" : "");
}

/* ---- what was not reached */

struct goal {
	double rounds_min, rounds_max, precision_pct;
};

static bool read_goal(const struct runfile *run, struct goal *goal)
{
	const json_t *options = json_object_get(run->header, "options");

	goal->rounds_min = json_number_value(json_object_get(options, "rounds_min"));
	goal->rounds_max = json_number_value(json_object_get(options, "rounds_max"));
	goal->precision_pct = json_number_value(json_object_get(options, "precision_pct"));
	return goal->precision_pct > 0.0 && goal->rounds_min > 0.0;
}

/* A cell that did not reach the precision, and what it needs. */
struct need {
	const struct summary_row *row;
	double precision_pct; /* reached; NaN without an interval */
	double rounds, left_s;
};

static double wall_s(const struct runfile_cell *cell)
{
	double wall_ms = 0.0;

	for (size_t r = 0; r < cell->n_rounds; r++)
		wall_ms += cell->rounds[r]->wall_ms;
	return wall_ms / 1000.0 / (double)cell->n_rounds;
}

/* An interval narrows with the square root of its rounds; precision is checked after every tenth. */
static double rounds_needed(const struct summary_row *row, const struct goal *goal, double precision_pct)
{
	double have = (double)row->cell->n_rounds, wanted = goal->rounds_min;

	if (isfinite(precision_pct))
		wanted = fmax(wanted, have * pow(precision_pct / goal->precision_pct, 2.0));
	wanted = fmax(wanted, have + 1.0);
	wanted = goal->rounds_min + CHECK_EVERY * ceil((wanted - goal->rounds_min) / CHECK_EVERY);
	return fmin(wanted, fmax(goal->rounds_min, ROUNDS_TIMES * have));
}

/* Whether the cell stopped before it reached its goal. A fixed number of rounds is a goal of its own. */
static bool find_need(const struct summary_row *row, const struct goal *goal, struct need *need)
{
	bool by_rounds = strcmp(row->stop, "rounds") == 0 && goal->rounds_max > goal->rounds_min;
	bool by_cell_time = strcmp(row->stop, "cell-time") == 0;
	bool cut = strcmp(row->stop, "time") == 0 || strcmp(row->stop, "interrupted") == 0 || strcmp(row->stop, "unfinished") == 0;

	if ((!by_rounds && !by_cell_time && !cut) || (cut && row->verdict > VERDICT_SKIP))
		return false;
	*need = (struct need){.row = row, .precision_pct = NAN, .rounds = goal->rounds_min};
	if (row->n_values && row->interval.has_interval)
		need->precision_pct = 100.0 * statistics_precision(&row->interval);
	need->rounds = rounds_needed(row, goal, need->precision_pct);
	if (row->cell->n_rounds)
		need->left_s = (need->rounds - (double)row->cell->n_rounds) * wall_s(row->cell);
	return true;
}

struct unreached {
	size_t cells, of, by_time, by_rounds, by_cell_time;
	double rounds, cell_s, left_s; /* the largest number and time of a cell, and the time of all */
	struct need widest[CELLS_NAMED];
	size_t named;
};

static bool is_wider(const struct need *a, const struct need *b)
{
	return !isfinite(a->precision_pct) ? isfinite(b->precision_pct) : isfinite(b->precision_pct) && a->precision_pct > b->precision_pct;
}

static void name_widest(struct unreached *unreached, const struct need *need)
{
	size_t at = unreached->named;

	while (at > 0 && is_wider(need, &unreached->widest[at - 1]))
		at--;
	if (at == CELLS_NAMED)
		return;
	unreached->named += unreached->named < CELLS_NAMED;
	memmove(&unreached->widest[at + 1], &unreached->widest[at], (unreached->named - at - 1) * sizeof(*need));
	unreached->widest[at] = *need;
}

static struct unreached find_unreached(const struct summary *summary, const struct goal *goal)
{
	struct unreached unreached = {0};

	for (size_t i = 0; i < summary->n; i = summary_next_cell(summary, i)) {
		const struct summary_row *row = &summary->rows[i];
		struct need need;

		unreached.of += strcmp(row->stop, "skip") != 0;
		if (!find_need(row, goal, &need))
			continue;
		unreached.cells++;
		unreached.by_rounds += strcmp(row->stop, "rounds") == 0;
		unreached.by_cell_time += strcmp(row->stop, "cell-time") == 0;
		unreached.by_time += strcmp(row->stop, "time") == 0;
		unreached.rounds = fmax(unreached.rounds, need.rounds);
		if (row->cell->n_rounds)
			unreached.cell_s = fmax(unreached.cell_s, need.rounds * wall_s(row->cell));
		unreached.left_s += need.left_s;
		name_widest(&unreached, &need);
	}
	return unreached;
}

static void show_widest(const struct unreached *unreached, FILE *out)
{
	for (size_t i = 0; i < unreached->named; i++) {
		const struct need *need = &unreached->widest[i];

		fputs("             ", out);
		show_cell(need->row->cell, out);
		if (isfinite(need->precision_pct))
			fprintf(out, ": %s +-%.1f %%", need->row->metric, need->precision_pct);
		else
			fputs(": no interval", out);
		fprintf(out, " after %zu round%s\n", need->row->cell->n_rounds, TEXT_S(need->row->cell->n_rounds));
	}
	if (unreached->cells > unreached->named)
		fputs("             ...\n", out);
}

/* How many were stopped by what; those that were interrupted or have no end are the rest. */
static void show_stopped_by(const struct unreached *unreached, FILE *out)
{
	size_t rest = unreached->cells - unreached->by_time - unreached->by_rounds - unreached->by_cell_time;

	fprintf(out, "%zu stopped by the time limit, %zu by the maximum number of rounds", unreached->by_time, unreached->by_rounds);
	if (unreached->by_cell_time)
		fprintf(out, ", %zu by the time for a cell", unreached->by_cell_time);
	if (rest)
		fprintf(out, ", %zu interrupted", rest);
	fputc('\n', out);
}

/* The limits that stopped cells are raised to what the cells need. */
static void show_resume(const struct unreached *unreached, const struct goal *goal, const char *path, FILE *out)
{
	double limit_min = fmax(1.0, ceil(unreached->left_s * 1.25 / MINUTE_S));

	fprintf(out, "             -> fivestep run --resume %s --time-limit %.0fm --max-rounds %.0f", path, limit_min,
		fmax(unreached->rounds, goal->rounds_max));
	if (unreached->by_cell_time)
		fprintf(out, " --cell-time %.0fs", ceil(unreached->cell_s * 1.25));
	fprintf(out, " (about %.0f s)\n", unreached->left_s);
}

void show_unreached(const struct summary *summaries, size_t n, FILE *out)
{
	for (size_t s = 0; s < n; s++) {
		const struct runfile *run = summaries[s].n ? summaries[s].rows[0].run : NULL;
		struct unreached unreached;
		struct goal goal;

		if (run == NULL || !read_goal(run, &goal))
			continue;
		unreached = find_unreached(&summaries[s], &goal);
		if (!unreached.cells)
			continue;
		fprintf(out, "not reached  %zu of %zu cells are not within %g %%: ", unreached.cells, unreached.of, goal.precision_pct);
		show_stopped_by(&unreached, out);
		show_widest(&unreached, out);
		show_resume(&unreached, &goal, run->path, out);
	}
}

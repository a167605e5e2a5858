/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * summary.c - summarizes a run, one row for each cell and metric; see summary.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "analysis/summary/summary.h"
#include "base/array.h"

#define BRIEF_METRICS 20

/* The metrics that a histogram provides. */
static const struct {
	const char *suffix;
	double q; /* 0: the largest entry */
} expansions[] = {{"_p50", 0.5}, {"_p99", 0.99}, {"_max", 0.0}};

/* Describes counters that contradict each other: the number of rounds, and the first one; NULL if none do. Returns 0 or -ENOMEM. */
static int find_disagreement(const struct runfile_cell *cell, char **text)
{
	const struct runfile_evidence *first = NULL;
	size_t rounds = 0;

	for (size_t r = 0; r < cell->n_rounds; r++) {
		bool disagrees = false;

		for (size_t c = 0; c < cell->rounds[r]->n_checks; c++) {
			if (cell->rounds[r]->checks[c].holds)
				continue;
			disagrees = true;
			first = first != NULL ? first : &cell->rounds[r]->checks[c];
		}
		rounds += disagrees;
	}
	*text = NULL;
	if (first == NULL || asprintf(text, "counters disagree in %zu of %zu rounds: %s: %.10g is not %s %.10g", rounds, cell->n_rounds, first->what,
				     first->seen, first->relation, first->expected) >= 0)
		return 0;
	*text = NULL;
	return -ENOMEM;
}

/* Noise that shows throttling, of whatever device. */
static bool is_throttled(const struct runfile_round *round)
{
	static const char *const signs[] = {".throttle_reasons", ".throttled_ms"};
	bool throttled = false;

	for (size_t i = 0; i < round->n_noise; i++)
		for (size_t s = 0; s < FS_ARRAY_SIZE(signs); s++) {
			const char *at = strstr(round->noise[i].name, signs[s]);

			throttled |= at != NULL && !at[strlen(signs[s])] && round->noise[i].value > 0.0;
		}
	return throttled;
}

static struct summary_row *add_row(struct summary *summary, const struct runfile *run, const struct runfile_cell *cell)
{
	struct summary_row *row;

	if (ARRAY_ADD(summary->rows, summary->n, ARRAY_MANY, "rows", NULL) != 0)
		return NULL;
	row = &summary->rows[summary->n++];
	memset(row, 0, sizeof(*row));
	row->run = run;
	row->cell = cell;
	row->unit = row->why = row->remedy = "";
	row->floor_median = NAN;
	row->visited = runfile_cell_verdict(cell, &row->verdict);
	for (int v = 0; v < VERDICTS; v++)
		row->verdicts[v] = runfile_count_verdict(cell, v);
	for (size_t r = 0; r < cell->n_rounds && row->verdict != VERDICT_OK; r++)
		if (cell->rounds[r]->verdict == row->verdict) {
			row->why = cell->rounds[r]->why;
			row->remedy = cell->rounds[r]->remedy;
			break;
		}
	for (size_t r = 0; r < cell->n_rounds; r++)
		row->throttled += is_throttled(cell->rounds[r]);
	if (find_disagreement(cell, &row->disagreement))
		return NULL;
	row->stop = cell->stop != NULL ? cell->stop : row->verdict == VERDICT_SKIP && !row->verdicts[VERDICT_OK] ? "skip" : "unfinished";
	return row;
}

/* Sets a round's value of one metric or of one expansion of it. Returns 1; 0 if it has none; -ENOMEM. */
static int round_value(const struct runfile_metric *metric, double q, double *value)
{
	struct statistics_interval samples;
	int err;

	if (metric->n_buckets) {
		*value = q > 0.0 ? statistics_histogram_quantile(metric->buckets, metric->n_buckets, q)
				 : statistics_histogram_max(metric->buckets, metric->n_buckets);
		return isfinite(*value);
	}
	err = statistics_median(metric->samples, metric->n_samples, &samples);
	*value = samples.median;
	return err == -ENOMEM ? err : err == 0;
}

/* The expansion that a row is, by its name. */
static double row_q(const struct summary_row *row)
{
	for (size_t e = 0; row->histogram && e < FS_ARRAY_SIZE(expansions); e++)
		if (strcmp(row->metric + strlen(row->base), expansions[e].suffix) == 0)
			return expansions[e].q;
	return 0.0;
}

int summary_value(const struct summary_row *row, const struct runfile_round *round, double *value)
{
	const struct runfile_metric *metric = round->verdict == VERDICT_OK && row->metric != NULL ? runfile_find_metric(round, row->base) : NULL;

	return metric != NULL ? round_value(metric, row_q(row), value) : 0;
}

size_t summary_rounds(const struct summary_row *row)
{
	size_t rounds = 0;

	for (int v = 0; v < VERDICTS; v++)
		rounds += row->verdicts[v];
	return rounds;
}

size_t summary_next_cell(const struct summary *summary, size_t i)
{
	const struct runfile_cell *cell = summary->rows[i].cell;

	while (i < summary->n && summary->rows[i].cell == cell)
		i++;
	return i;
}

/* Fills the row's values from every ok round of its cell. */
static int fill_values(struct summary_row *row)
{
	const struct runfile_cell *cell = row->cell;

	row->values = calloc(cell->n_rounds, sizeof(*row->values));
	row->rounds = calloc(cell->n_rounds, sizeof(*row->rounds));
	if (row->values == NULL || row->rounds == NULL)
		return -ENOMEM;
	for (size_t r = 0; r < cell->n_rounds; r++) {
		double value;
		int has = summary_value(row, cell->rounds[r], &value);

		if (has < 0)
			return has;
		if (!has)
			continue;
		row->rounds[row->n_values] = cell->rounds[r]->number;
		row->values[row->n_values++] = value;
	}
	if (!row->n_values)
		return 0;
	row->outliers = statistics_outliers(row->values, row->n_values, NULL);
	return statistics_median(row->values, row->n_values, &row->interval) == -ENOMEM || row->outliers < 0 ? -ENOMEM : 0;
}

static int add_metric(struct summary *summary, const struct runfile *run, const struct runfile_cell *cell, const struct runfile_metric *metric)
{
	size_t n = metric->n_buckets ? FS_ARRAY_SIZE(expansions) : 1;

	for (size_t e = 0; e < n; e++) {
		struct summary_row *row = add_row(summary, run, cell);

		if (row == NULL || asprintf(&row->metric, "%s%s", metric->name, metric->n_buckets ? expansions[e].suffix : "") < 0) {
			if (row != NULL)
				row->metric = NULL;
			return -ENOMEM;
		}
		row->base = metric->name;
		row->unit = metric->unit;
		row->better = metric->better;
		row->floor = metric->floor;
		row->histogram = metric->n_buckets > 0;
		if (fill_values(row))
			return -ENOMEM;
	}
	return 0;
}

static bool has_metric(const struct summary *summary, size_t first, const char *name)
{
	for (size_t i = first; i < summary->n; i++)
		if (strcmp(summary->rows[i].base, name) == 0)
			return true;
	return false;
}

/* For a kernel, the total time and that of the third step say most; a benchmark declares few metrics. */
static void choose_brief(struct summary *summary, size_t first)
{
	bool kernel = runfile_is_kernel(summary->rows[first].cell);
	size_t brief = 0;

	for (size_t i = first; i < summary->n; i++) {
		struct summary_row *row = &summary->rows[i];
		bool wanted = row->metric == NULL || !kernel || strcmp(row->metric, "total") == 0 ||
			      strcmp(row->metric, fs_step_names[FS_DEVICE_COMPUTE]) == 0;

		row->brief = wanted && brief < BRIEF_METRICS;
		brief += row->brief;
	}
	if (!brief)
		summary->rows[first].brief = true;
}

static int add_cell(struct summary *summary, const struct runfile *run, const struct runfile_cell *cell)
{
	size_t first = summary->n;

	for (size_t r = 0; r < cell->n_rounds; r++) {
		const struct runfile_round *round = cell->rounds[r];

		if (round->verdict != VERDICT_OK)
			continue;
		for (size_t m = 0; m < round->n_metrics; m++) {
			const struct runfile_metric *metric = &round->metrics[m];

			if ((metric->n_buckets || metric->n_samples) && !has_metric(summary, first, metric->name) &&
				add_metric(summary, run, cell, metric))
				return -ENOMEM;
		}
	}
	if (summary->n == first && add_row(summary, run, cell) == NULL)
		return -ENOMEM;
	choose_brief(summary, first);
	return 0;
}

/* ---- floors -------------------------------------------------------------------------------------------- */

static bool row_is(const struct summary_row *row, const char *dotted)
{
	const char *dot = strchr(dotted, '.');
	size_t len;

	if (dot == NULL || row->metric == NULL || !row->n_values)
		return false;
	len = (size_t)(dot - dotted);
	if (strncmp(row->cell->bench, dotted, len) != 0 || row->cell->bench[len])
		return false;
	if (strcmp(row->metric, dot + 1) == 0)
		return true;
	/* a histogram is represented by its median */
	return row->histogram && strcmp(row->base, dot + 1) == 0 && strcmp(row->metric + strlen(row->base), expansions[0].suffix) == 0;
}

/* How similar the parameters of two cells are: equal values of a name count for, different ones against. */
static int likeness(const struct runfile_cell *a, const struct runfile_cell *b)
{
	int like = 0;

	for (size_t p = 0; p < a->n_params; p++) {
		const char *other = runfile_param(b, a->params[p].name);

		if (other != NULL)
			like += strcmp(other, a->params[p].text) != 0 ? -1 : 1;
	}
	return like;
}

/* Whether the row's whole interval is better than the floor's. */
static bool is_better(const struct summary_row *row, const struct summary_row *floor)
{
	const struct statistics_interval *a = &row->interval, *b = &floor->interval;

	return a->has_interval && b->has_interval && (row->better == FS_HIGHER ? a->lo > b->hi : a->hi < b->lo);
}

static void find_floor(const struct summary *summary, struct summary_row *row)
{
	int best = 0;

	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *floor = &summary->rows[i];
		int like;

		if (floor == row || !row_is(floor, row->floor) || strcmp(floor->unit, row->unit) != 0)
			continue;
		like = likeness(row->cell, floor->cell);
		if (!isnan(row->floor_median) && like <= best)
			continue;
		best = like;
		row->floor_median = floor->interval.median;
		row->beats_floor = is_better(row, floor);
	}
}

/* ---- background noise ---------------------------------------------------------------------------------- */

/* The sum of a value of the noise record over all rounds. */
static double sum_noise(const struct runfile *run, const char *name)
{
	double sum = 0.0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++) {
			const struct runfile_round *round = run->cells[c].rounds[r];

			for (size_t i = 0; i < round->n_noise; i++)
				sum += strcmp(round->noise[i].name, name) != 0 ? 0.0 : round->noise[i].value;
		}
	return sum;
}

static double disturbed_pct(const struct runfile *run)
{
	double wall_ms = 0.0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			wall_ms += run->cells[c].rounds[r]->wall_ms;
	if (wall_ms <= 0.0)
		return 0.0;
	return 100.0 * fmax(sum_noise(run, "psi_cpu_us") / 1000.0, sum_noise(run, "steal_ms")) / wall_ms;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

int summary_make(const struct runfile *run, struct summary *summary)
{
	int err = 0;

	memset(summary, 0, sizeof(*summary));
	for (size_t c = 0; c < run->n_cells && err == 0; c++)
		err = add_cell(summary, run, &run->cells[c]);
	if (err != 0) {
		summary_free(summary);
		return err;
	}
	for (size_t i = 0; i < summary->n; i++)
		if (summary->rows[i].floor != NULL && summary->rows[i].n_values)
			find_floor(summary, &summary->rows[i]);
	summary->disturbed_pct = disturbed_pct(run);
	return 0;
}

void summary_free(struct summary *summary)
{
	for (size_t i = 0; i < summary->n && !summary->borrowed; i++) {
		free(summary->rows[i].metric);
		free(summary->rows[i].values);
		free(summary->rows[i].rounds);
		free(summary->rows[i].disagreement);
	}
	free(summary->rows);
	memset(summary, 0, sizeof(*summary));
}

void summary_floor(const struct summary_row *row, struct text *text)
{
	double ratio = row->interval.median / row->floor_median;

	if (!isfinite(ratio))
		return;
	if (row->better == FS_HIGHER)
		text_add(text, "%.*f %% of %s", ratio < 0.0995 ? 1 : 0, ratio * 100.0, row->floor);
	else
		text_add(text, "%.*f x %s", ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0, ratio, row->floor);
}

/* Before each part but the first. */
static struct text *next_part(struct text *text)
{
	if (text->len != 0)
		text_add(text, "; ");
	return text;
}

void summary_note(const struct summary_row *row, struct text *text)
{
	if (!row->visited)
		text_add(next_part(text), "not visited");
	if (row->verdict == VERDICT_SKIP)
		text_add(next_part(text), "%s", row->why);
	for (int v = VERDICTS - 1; v > VERDICT_SKIP; v--)
		if (row->verdicts[v])
			text_add(next_part(text), "%zu of %zu rounds %s%s%s", row->verdicts[v], summary_rounds(row), verdict_names[v],
				v == (int)row->verdict && *row->why ? ": " : "", v == (int)row->verdict ? row->why : "");
	if (isfinite(row->interval.median / row->floor_median)) {
		summary_floor(row, next_part(text));
		text_add(text, "%s", row->beats_floor ? ": better than its floor" : "");
	}
	if (row->throttled)
		text_add(next_part(text), "clocks throttled in %zu of %zu rounds", row->throttled, summary_rounds(row));
	if (row->disagreement != NULL)
		text_add(next_part(text), "%s", row->disagreement);
	if (row->outliers)
		text_add(next_part(text), "%d outlier%s", row->outliers, row->outliers > 1 ? "s" : "");
	if (row->n_values && !row->interval.has_interval)
		text_add(next_part(text), "an interval needs >= %d rounds", STATISTICS_INTERVAL_MIN);
}

enum summary_verdict summary_judge(const struct summary *summaries, size_t n)
{
	size_t ok = 0, skipped = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t r = 0; r < summaries[i].n; r = summary_next_cell(&summaries[i], r)) {
			const struct summary_row *row = &summaries[i].rows[r];

			if (!row->visited)
				continue;
			if (row->verdict > VERDICT_SKIP)
				return SUMMARY_BAD_DATA;
			ok += row->verdict == VERDICT_OK;
			skipped += row->verdict == VERDICT_SKIP;
		}
	if (ok)
		return SUMMARY_FINE;
	return skipped ? SUMMARY_ALL_SKIPPED : SUMMARY_BAD_DATA;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare.c - a run against a base: what belongs together, how much it changed, and the verdicts; see compare.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "analysis/compare.h"
#include "analysis/format.h"
#include "analysis/two_sample.h"

#define MANY_ROUNDS 1000 /* more than that is no advice */

const char *const compare_verdict_names[COMPARE_VERDICTS] = {"SAME", "FASTER", "UNDECIDED", "CHANGED", "SLOWER"};

/* ---- one metric of one cell ------------------------------------------------------------------------------ */

static bool all_equal(const double *values, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (values[i] != values[0])
			return false;
	return true;
}

static bool all_positive(const struct summary_row *row)
{
	for (size_t i = 0; i < row->n_values; i++)
		if (!(row->values[i] > 0.0))
			return false;
	return true;
}

static double *logarithms(const struct summary_row *row)
{
	double *logs = malloc(row->n_values * sizeof(*logs));

	for (size_t i = 0; logs && i < row->n_values; i++)
		logs[i] = log(row->values[i]);
	return logs;
}

static double percent_of_log(double shift)
{
	return expm1(shift) * 100.0;
}

/* The change as a ratio: differences of logarithms. */
static int measure_ratio(struct compare_row *row)
{
	double *base = logarithms(row->base), *new = logarithms(row->new);
	struct two_sample_shift shift;
	int err = -ENOMEM;

	if (base && new)
		err = two_sample_shift(base, row->base->n_values, new, row->new->n_values, &shift);
	if (!err) {
		row->has_change = true;
		row->change_pct = percent_of_log(shift.shift);
		row->has_interval = shift.has_interval;
		row->lo_pct = percent_of_log(shift.lo);
		row->hi_pct = percent_of_log(shift.hi);
	}
	free(base);
	free(new);
	return err;
}

/* What may be 0 or below has no logarithm: the difference in percent of the base's median. */
static int measure_difference(struct compare_row *row)
{
	double scale = fabs(row->base->interval.median) / 100.0;
	struct two_sample_shift shift;
	int err = two_sample_shift(row->base->values, row->base->n_values, row->new->values, row->new->n_values, &shift);

	if (err)
		return err;
	if (scale == 0.0 && !(shift.has_interval && shift.lo == 0.0 && shift.hi == 0.0))
		return 0;
	if (scale == 0.0)
		scale = 1.0;
	row->has_change = true;
	row->change_pct = shift.shift / scale;
	row->has_interval = shift.has_interval;
	row->lo_pct = shift.lo / scale;
	row->hi_pct = shift.hi / scale;
	return 0;
}

/* Counts that are the same in every round are the same or not; true where that settles it. */
static bool judge_exact(struct compare_row *row)
{
	const struct summary_row *base = row->base, *new = row->new;

	if (base->better != RUN_EXACT || !all_equal(base->values, base->n_values) || !all_equal(new->values, new->n_values))
		return false;
	row->has_change = base->values[0] != 0.0 || new->values[0] == 0.0;
	row->change_pct = base->values[0] != 0.0 ? (new->values[0] - base->values[0]) / fabs(base->values[0]) * 100.0 : 0.0;
	row->delta = (new->values[0] > base->values[0]) - (new->values[0] < base->values[0]);
	row->cause = row->delta == 0.0 ? COMPARE_EQUAL : COMPARE_DIFFERENT;
	row->verdict = row->delta == 0.0 ? COMPARE_SAME : COMPARE_CHANGED;
	return true;
}

static int measure(struct compare_row *row)
{
	const struct summary_row *base = row->base, *new = row->new;
	int err;

	row->verdict = COMPARE_UNDECIDED;
	row->p = row->q = NAN;
	if (judge_exact(row))
		return 0;
	err = all_positive(base) && all_positive(new) ? measure_ratio(row) : measure_difference(row);
	if (!err)
		err = two_sample_delta(base->values, base->n_values, new->values, new->n_values, &row->delta);
	if (!err)
		err = two_sample_p(base->values, base->n_values, new->values, new->n_values, &row->p);
	row->cause = !row->has_change ? COMPARE_NO_SCALE : COMPARE_FEW;
	row->tested = row->has_change && row->has_interval && base->n_values >= COMPARE_ROUNDS && new->n_values >= COMPARE_ROUNDS;
	return err;
}

/* ---- verdicts -------------------------------------------------------------------------------------------- */

static size_t rounds_of(const struct compare_row *row)
{
	return row->base->n_values < row->new->n_values ? row->base->n_values : row->new->n_values;
}

static enum compare_verdict verdict_beyond(const struct compare_row *row)
{
	bool up = row->change_pct > 0.0;

	if (row->base->better == RUN_EXACT)
		return COMPARE_CHANGED;
	return up == (row->base->better == RUN_HIGHER) ? COMPARE_FASTER : COMPARE_SLOWER;
}

/* Widths shrink with the root of the rounds; the interval has to fit between the change and the margin. */
static double rounds_across(const struct compare_row *row)
{
	double half = (row->hi_pct - row->lo_pct) / 2.0, room = fabs(fabs(row->change_pct) - row->margin_pct);
	double rounds = (double)rounds_of(row), more = rounds * (half * half / (room * room) - 1.0);

	return more > MANY_ROUNDS || !isfinite(more) ? INFINITY : fmax(1.0, ceil(more));
}

/* The test's deviate grows with the root of the rounds; it has to reach what the family asks for. */
static double rounds_chance(const struct compare_row *row)
{
	double now = gsl_cdf_ugaussian_Qinv(row->p / 2.0), wanted = gsl_cdf_ugaussian_Qinv(row->p / row->q * COMPARE_Q / 2.0);
	double rounds = (double)rounds_of(row), more = rounds * (wanted * wanted / (now * now) - 1.0);

	return more > MANY_ROUNDS || !isfinite(more) ? INFINITY : fmax(1.0, ceil(more));
}

static void judge(struct compare_row *row)
{
	bool beyond = row->lo_pct > row->margin_pct || row->hi_pct < -row->margin_pct;

	if (beyond && row->q <= COMPARE_Q) {
		row->cause = COMPARE_BEYOND;
		row->verdict = verdict_beyond(row);
	} else if (row->lo_pct >= -row->margin_pct && row->hi_pct <= row->margin_pct) {
		row->cause = COMPARE_INSIDE;
		row->verdict = COMPARE_SAME;
	} else {
		row->cause = beyond ? COMPARE_CHANCE : COMPARE_ACROSS;
		row->more_rounds = beyond ? rounds_chance(row) : rounds_across(row);
	}
}

static void judge_untested(struct compare_row *row)
{
	if (row->cause == COMPARE_FEW && rounds_of(row) < COMPARE_ROUNDS)
		row->more_rounds = (double)(COMPARE_ROUNDS - rounds_of(row));
	else if (row->cause == COMPARE_NO_SCALE)
		row->more_rounds = INFINITY;
}

/* The false discovery rates over all rows that were tested, then their verdicts. */
static int judge_all(struct comparison *comparison)
{
	double *q = calloc(comparison->n + 1, sizeof(*q));
	size_t n = 0;
	int err = 0;

	if (!q)
		return -ENOMEM;
	for (size_t i = 0; i < comparison->n; i++)
		if (comparison->rows[i].tested)
			q[comparison->tested++] = comparison->rows[i].p;
	if (comparison->tested)
		err = two_sample_false_discovery(q, comparison->tested, q);
	for (size_t i = 0; i < comparison->n && !err; i++) {
		struct compare_row *row = &comparison->rows[i];

		if (row->tested)
			row->q = q[n++];
		if (row->tested)
			judge(row);
		else
			judge_untested(row);
		comparison->verdicts[row->verdict]++;
	}
	free(q);
	return err;
}

/* ---- what belongs together ------------------------------------------------------------------------------- */

/* The rows of one cell, which stand together in a summary. */
struct group {
	const struct summary_row *rows;
	size_t n;
	size_t order;	     /* in its run */
	const char **params; /* sorted by name: name, text, name, text ... */
	bool taken;
};

struct groups {
	struct group *groups;
	size_t n;
	const char **memory; /* of all params */
};

static int by_param(const void *a, const void *b)
{
	const struct runfile_text *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void list_params(const struct runfile_cell *cell, const struct runfile_text **scratch, const char **params)
{
	for (size_t p = 0; p < cell->n_params; p++)
		scratch[p] = &cell->params[p];
	if (cell->n_params)
		qsort(scratch, cell->n_params, sizeof(*scratch), by_param);
	for (size_t p = 0; p < cell->n_params; p++) {
		params[2 * p] = scratch[p]->name;
		params[2 * p + 1] = scratch[p]->text;
	}
}

/* 4K and 4096 are one value; numbers come before texts. */
static int compare_texts(const char *a, const char *b)
{
	double x, y;
	bool a_number = format_number(a, &x), b_number = format_number(b, &y);

	if (a_number && b_number)
		return (x > y) - (x < y);
	return a_number != b_number ? b_number - a_number : strcmp(a, b);
}

static int compare_cells(const struct group *a, const struct group *b)
{
	const struct runfile_cell *x = a->rows->cell, *y = b->rows->cell;
	int order = strcmp(x->bench, y->bench);

	if (!order)
		order = strcmp(x->kind, y->kind);
	if (!order)
		order = strcmp(x->setup, y->setup);
	if (!order)
		order = strcmp(x->device, y->device);
	if (!order && x->n_params != y->n_params)
		order = x->n_params < y->n_params ? -1 : 1;
	for (size_t p = 0; !order && p < 2 * x->n_params; p++)
		order = p % 2 ? compare_texts(a->params[p], b->params[p]) : strcmp(a->params[p], b->params[p]);
	return order;
}

static int by_cell(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = compare_cells(x, y);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static int by_order(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static void groups_free(struct groups *groups)
{
	free(groups->groups);
	free(groups->memory);
}

static int groups_make(const struct summary *summary, struct groups *groups)
{
	const struct runfile_text **scratch;
	size_t params = 0, most = 0;
	const char **next;

	memset(groups, 0, sizeof(*groups));
	for (size_t i = 0; i < summary->n; i++) {
		params += summary->rows[i].cell->n_params;
		most = summary->rows[i].cell->n_params > most ? summary->rows[i].cell->n_params : most;
	}
	groups->groups = calloc(summary->n + 1, sizeof(*groups->groups));
	groups->memory = calloc(2 * params + 1, sizeof(*groups->memory));
	scratch = calloc(most + 1, sizeof(*scratch));
	next = groups->memory;
	if (!groups->groups || !groups->memory || !scratch) {
		free(scratch);
		return -ENOMEM;
	}
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];
		struct group *group = &groups->groups[groups->n];

		if (groups->n && group[-1].rows->cell == row->cell) {
			group[-1].n++;
			continue;
		}
		*group = (struct group){.rows = row, .n = 1, .order = groups->n, .params = next};
		list_params(row->cell, scratch, next);
		next += 2 * row->cell->n_params;
		groups->n++;
	}
	free(scratch);
	return 0;
}

/* The first of these cells that is not taken yet, in a sorted list; a plan may name a cell twice. */
static struct group *find_group(struct groups *sorted, const struct group *wanted)
{
	size_t from = 0, to = sorted->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare_cells(&sorted->groups[middle], wanted);

		if (order < 0 || (!order && sorted->groups[middle].taken))
			from = middle + 1;
		else
			to = middle;
	}
	return from < sorted->n && !compare_cells(&sorted->groups[from], wanted) ? &sorted->groups[from] : NULL;
}

static bool has_values(const struct group *group)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->rows[i].n_values)
			return true;
	return false;
}

static int add_alone(struct comparison *comparison, const struct compare_alone *alone)
{
	struct compare_alone *all = reallocarray(comparison->alone, comparison->n_alone + 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	comparison->alone = all;
	all[comparison->n_alone++] = *alone;
	return 0;
}

/* What the other run says of a cell that has no value there. */
static int add_without_value(struct comparison *comparison, const struct group *has, const struct group *lacks, bool in_base)
{
	const struct summary_row *row = lacks->rows;
	struct compare_alone alone = {.row = has->rows, .whole = true, .in_base = in_base, .detail = row->why};

	alone.why = row->visited ? runfile_verdict_names[row->verdict] : "not visited";
	if (row->visited && row->verdict == RUN_OK)
		alone.why = "no value";
	return add_alone(comparison, &alone);
}

/* The largest entry of a histogram is one touch of thousands: no estimate of anything. */
static bool is_compared(const struct summary_row *row)
{
	return row->metric && row->n_values && !(row->histogram && !strcmp(row->metric + strlen(row->base), "_max"));
}

static const struct summary_row *find_metric(const struct group *group, const struct summary_row *wanted)
{
	for (size_t i = 0; i < group->n; i++)
		if (is_compared(&group->rows[i]) && !strcmp(group->rows[i].metric, wanted->metric))
			return &group->rows[i];
	return NULL;
}

static double margin_of(const struct summary_row *row, double margin_pct)
{
	if (margin_pct <= 0.0)
		margin_pct = strcmp(row->run->clock, "instructions") ? COMPARE_MARGIN_PCT : COMPARE_MARGIN_INSTRUCTIONS_PCT;
	return row->histogram ? fmax(margin_pct, COMPARE_MARGIN_HISTOGRAM_PCT) : margin_pct;
}

static int compare_metric(struct comparison *comparison, const struct summary_row *base, const struct summary_row *new, double margin_pct)
{
	struct compare_alone alone = {.row = base, .in_base = true, .why = "no such metric", .detail = ""};
	struct compare_row *row = &comparison->rows[comparison->n];

	if (new &&strcmp(base->unit, new->unit))
		alone.why = "another unit";
	else if (new && base->better != new->better)
		alone.why = "another direction";
	else if (new) {
		*row = (struct compare_row){.base = base, .new = new, .margin_pct = margin_of(base, margin_pct)};
		comparison->n++;
		return measure(row);
	}
	return add_alone(comparison, &alone);
}

static int compare_metrics(struct comparison *comparison, const struct group *base, const struct group *new, double margin_pct)
{
	int err = 0;

	for (size_t i = 0; i < base->n && !err; i++)
		if (is_compared(&base->rows[i]))
			err = compare_metric(comparison, &base->rows[i], find_metric(new, &base->rows[i]), margin_pct);
	for (size_t i = 0; i < new->n && !err; i++) {
		struct compare_alone alone = {.row = &new->rows[i], .why = "no such metric", .detail = ""};

		if (is_compared(alone.row) && !find_metric(base, alone.row))
			err = add_alone(comparison, &alone);
	}
	return err;
}

static int compare_base(struct comparison *comparison, const struct groups *base, struct groups *new, double margin_pct)
{
	for (size_t g = 0; g < base->n; g++) {
		const struct group *before = &base->groups[g];
		struct group *after = find_group(new, before);
		struct compare_alone alone = {.row = before->rows, .whole = true, .in_base = true, .why = "no such cell", .detail = ""};
		int err = 0;

		if (after)
			after->taken = true;
		if (!after)
			err = add_alone(comparison, &alone);
		else if (!has_values(before) && !has_values(after))
			comparison->empty++;
		else if (!has_values(after))
			err = add_without_value(comparison, before, after, true);
		else if (!has_values(before))
			err = add_without_value(comparison, after, before, false);
		else
			err = compare_metrics(comparison, before, after, margin_pct);
		if (err)
			return err;
	}
	return 0;
}

static int list_new(struct comparison *comparison, struct groups *new)
{
	int err = 0;

	if (new->n)
		qsort(new->groups, new->n, sizeof(*new->groups), by_order);
	for (size_t g = 0; g < new->n && !err; g++) {
		struct compare_alone alone = {.row = new->groups[g].rows, .whole = true, .why = "no such cell", .detail = ""};

		if (!new->groups[g].taken)
			err = add_alone(comparison, &alone);
	}
	return err;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

int compare_make(const struct summary *base, const struct summary *new, double margin_pct, struct comparison *comparison)
{
	struct groups before = {0}, after = {0};
	int err;

	memset(comparison, 0, sizeof(*comparison));
	comparison->rows = calloc(base->n + 1, sizeof(*comparison->rows));
	err = comparison->rows ? groups_make(base, &before) : -ENOMEM;
	if (!err)
		err = groups_make(new, &after);
	if (!err && after.n)
		qsort(after.groups, after.n, sizeof(*after.groups), by_cell);
	if (!err)
		err = compare_base(comparison, &before, &after, margin_pct);
	if (!err)
		err = list_new(comparison, &after);
	if (!err)
		err = judge_all(comparison);
	groups_free(&before);
	groups_free(&after);
	return err;
}

void compare_free(struct comparison *comparison)
{
	free(comparison->rows);
	free(comparison->alone);
	memset(comparison, 0, sizeof(*comparison));
}

enum compare_verdict compare_verdict_of(const struct comparison *comparison)
{
	static const enum compare_verdict order[] = {COMPARE_SLOWER, COMPARE_CHANGED, COMPARE_UNDECIDED, COMPARE_FASTER};

	for (size_t i = 0; i < FS_ARRAY_SIZE(order); i++)
		if (comparison->verdicts[order[i]])
			return order[i];
	return COMPARE_SAME;
}

size_t compare_missing(const struct comparison *comparison)
{
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_alone; i++)
		n += comparison->alone[i].in_base && comparison->alone[i].row->n_values;
	return n;
}

void compare_rounds(const struct compare_row *row, char *text, size_t bytes)
{
	*text = '\0';
	if (row->verdict != COMPARE_UNDECIDED)
		return;
	if (row->cause == COMPARE_NO_SCALE)
		snprintf(text, bytes, "the base is 0: there is no percentage");
	else if (isinf(row->more_rounds))
		snprintf(text, bytes, "too close to the margin for any number of rounds");
	else
		snprintf(text, bytes, "%s %.0f more round%s would tell", row->cause == COMPARE_FEW ? "at least" : "about", row->more_rounds,
			row->more_rounds == 1.0 ? "" : "s");
}

void compare_explain(const struct comparison *comparison, const struct compare_row *row, char *text, size_t bytes)
{
	char rounds[96], values[2][FORMAT_VALUE];
	int used = 0;

	compare_rounds(row, rounds, sizeof(rounds));
	format_value(row->base->interval.median, row->base->unit, values[0]);
	format_value(row->new->interval.median, row->new->unit, values[1]);
	switch (row->cause) {
	case COMPARE_EQUAL:
		snprintf(text, bytes, "an exact count: %s in every round of both", values[0]);
		return;
	case COMPARE_DIFFERENT:
		snprintf(text, bytes, "an exact count: %s in every round of the base, %s in every round now", values[0], values[1]);
		return;
	case COMPARE_NO_SCALE:
		snprintf(text, bytes, "%s", rounds);
		return;
	case COMPARE_FEW:
		snprintf(text, bytes, "%zu rounds against %zu; a verdict needs %d of each: %s", row->base->n_values, row->new->n_values,
			COMPARE_ROUNDS, rounds);
		return;
	case COMPARE_INSIDE:
	case COMPARE_BEYOND:
	case COMPARE_ACROSS:
	case COMPARE_CHANCE:
		break;
	}
	used = snprintf(text, bytes,
		"%zu rounds against %zu: the 95 %% interval [%+.2f, %+.2f] %s %+.1f ... %+.1f %%; p=%.2g, q=%.2g over %zu metrics",
		row->base->n_values, row->new->n_values, row->lo_pct, row->hi_pct,
		row->cause == COMPARE_INSIDE   ? "lies within"
		: row->cause == COMPARE_ACROSS ? "reaches across an end of"
					       : "lies wholly beyond",
		-row->margin_pct, row->margin_pct, row->p, row->q, comparison->tested);
	if (*rounds && used > 0 && (size_t)used < bytes)
		snprintf(text + used, bytes - (size_t)used, "%s: %s", row->cause == COMPARE_CHANCE ? ", could be chance among so many" : "", rounds);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare.c - compares a run with a base: matches cells and metrics, and computes changes and verdicts; see compare.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/compare_change.h"
#include "analysis/summary/identity.h"
#include "analysis/statistics/two_sample.h"
#include "base/array.h"

const char *const compare_verdict_names[COMPARE_VERDICTS] = {"SAME", "FASTER", "UNDECIDED", "SUSPECT", "DISTURBED", "CHANGED", "SLOWER"};
const char *const compare_cause_names[COMPARE_CAUSES] = {
	[COMPARE_INSIDE] = "inside",
	[COMPARE_BEYOND] = "beyond",
	[COMPARE_ACROSS] = "across",
	[COMPARE_CHANCE] = "chance",
	[COMPARE_DRIFT] = "drift",
	[COMPARE_FEW] = "few-rounds",
	[COMPARE_NO_SCALE] = "no-percentage",
	[COMPARE_FROM_ZERO] = "from-zero",
	[COMPARE_EQUAL] = "equal",
	[COMPARE_DIFFERENT] = "different",
	[COMPARE_BUSY] = "busy",
};

/* Computes the false discovery rates over all tested rows, then their verdicts. */
static int judge_all(struct comparison *comparison)
{
	double *q = calloc(comparison->n + 1, sizeof(*q));
	size_t n = 0;
	int err = 0;

	if (q == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < comparison->n; i++)
		if (comparison->rows[i].tested)
			q[comparison->tested++] = comparison->rows[i].p;
	if (comparison->tested)
		err = two_sample_false_discovery(q, comparison->tested, q);
	for (size_t i = 0; i < comparison->n && err == 0; i++) {
		struct compare_row *row = &comparison->rows[i];

		if (row->tested)
			row->q = q[n++];
		compare_judge(row, &comparison->limits);
		if (comparison->too_disturbed)
			compare_judge_disturbed(row);
		comparison->verdicts[row->verdict]++;
	}
	free(q);
	return err;
}

/* ---- matching -------------------------------------------------------------------------------------------- */

/* The rows of one cell, which are adjacent in a summary. */
struct group {
	const struct summary_row *rows;
	size_t n;
	size_t order;		   /* in its run */
	char *cell;		   /* its identity (identity.h) */
	const struct group *taken; /* by this group of the base */
};

struct groups {
	struct group *groups;
	size_t n;
};

static int compare_cells(const struct group *a, const struct group *b)
{
	int order = strcmp(a->cell, b->cell);

	return order ? order : strcmp(a->rows->cell->kind, b->rows->cell->kind);
}

static int compare_found(const void *a, const void *b)
{
	return compare_cells(a, b);
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
	for (size_t g = 0; g < groups->n; g++)
		free(groups->groups[g].cell);
	free(groups->groups);
}

static int groups_make(struct identity *identity, const struct summary *summary, struct groups *groups)
{
	memset(groups, 0, sizeof(*groups));
	groups->groups = calloc(summary->n + 1, sizeof(*groups->groups));
	if (groups->groups == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];
		struct group *group = &groups->groups[groups->n];

		if (groups->n && group[-1].rows->cell == row->cell) {
			group[-1].n++;
			continue;
		}
		*group = (struct group){.rows = row, .n = 1, .order = groups->n, .cell = identity_of(identity, row->run, row->cell)};
		groups->n++;
		if (group->cell == NULL)
			return -ENOMEM;
	}
	return 0;
}

/* The base's initial values hold for both runs: if the new build has other ones, its cells are different unless a plan set the base's values. */
static int groups_make_both(const struct summary *base, const struct summary *new, struct groups *before, struct groups *after)
{
	struct identity *identity = identity_new();
	int err = identity != NULL ? 0 : -ENOMEM;

	if (err == 0 && base->n)
		err = identity_learn(identity, base->rows->run);
	if (err == 0 && new->n)
		err = identity_learn(identity, new->rows->run);
	if (err == 0)
		err = groups_make(identity, base, before);
	if (err == 0)
		err = groups_make(identity, new, after);
	identity_free(identity);
	return err;
}

/* The first matching cell in a sorted list that is not matched yet; a plan may name a cell twice. */
static struct group *find_group(struct groups *sorted, const struct group *wanted)
{
	size_t from = 0, to = sorted->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare_cells(&sorted->groups[middle], wanted);

		if (order < 0 || (!order && sorted->groups[middle].taken != NULL))
			from = middle + 1;
		else
			to = middle;
	}
	return from < sorted->n && !compare_cells(&sorted->groups[from], wanted) ? &sorted->groups[from] : NULL;
}

static bool same_params(const struct runfile_cell *a, const struct runfile_cell *b)
{
	bool same = a->n_params == b->n_params;

	for (size_t p = 0; p < a->n_params && same; p++) {
		const char *other = runfile_param(b, a->params[p].name);

		same = other != NULL && strcmp(other, a->params[p].text) == 0;
	}
	return same;
}

/*
 * In older runs every cell has every parameter, so that a sweep over one that does not act there gave several cells that are really one. Each of
 * them is compared with the single cell of the new run. A cell that is there twice with equal parameters is not.
 */
static struct group *find_shared(const struct groups *sorted, const struct group *wanted)
{
	struct group *found = sorted->n ? bsearch(wanted, sorted->groups, sorted->n, sizeof(*sorted->groups), compare_found) : NULL;

	return found != NULL && found->taken != NULL && !same_params(found->taken->rows->cell, wanted->rows->cell) ? found : NULL;
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
	int err = ARRAY_ADD(comparison->alone, comparison->n_alone, ARRAY_MANY, "rows", NULL);

	if (err != 0)
		return err;
	comparison->alone[comparison->n_alone++] = *alone;
	return 0;
}

/* Describes why a cell has no value in the other run. */
static int add_without_value(struct comparison *comparison, const struct group *has, const struct group *lacks, bool in_base)
{
	const struct summary_row *row = lacks->rows;
	struct compare_alone alone = {.row = has->rows, .whole = true, .in_base = in_base, .detail = row->why};

	alone.why = row->visited ? verdict_names[row->verdict] : "not visited";
	if (row->visited && row->verdict == VERDICT_OK)
		alone.why = "no value";
	return add_alone(comparison, &alone);
}

/* The largest entry of a histogram is one touch of thousands, which estimates nothing. */
static bool is_compared(const struct summary_row *row)
{
	return row->metric != NULL && row->n_values && !(row->histogram && strcmp(row->metric + strlen(row->base), "_max") == 0);
}

static const struct summary_row *find_metric(const struct group *group, const struct summary_row *wanted)
{
	for (size_t i = 0; i < group->n; i++)
		if (is_compared(&group->rows[i]) && strcmp(group->rows[i].metric, wanted->metric) == 0)
			return &group->rows[i];
	return NULL;
}

static double margin_of(const struct summary_row *row, double margin_pct)
{
	if (margin_pct <= 0.0)
		margin_pct = !clock_counts_instructions(row->run->clock) ? COMPARE_MARGIN_PCT : COMPARE_MARGIN_INSTRUCTIONS_PCT;
	return row->histogram ? fmax(margin_pct, COMPARE_MARGIN_HISTOGRAM_PCT) : margin_pct;
}

/* In a same-seed pair, rounds do the same if the cell has the same position in the plan: seed, data and order follow from it. */
static bool is_same_seed(const struct summary_row *base, const struct summary_row *new)
{
	return compare_are_same_seed(base->run, new->run) && base->cell->id == new->cell->id;
}

static int compare_metric(struct comparison *comparison, const struct summary_row *base, const struct summary_row *new, double margin_pct)
{
	struct compare_alone alone = {.row = base, .in_base = true, .why = "no such metric", .detail = ""};
	struct compare_row *row = &comparison->rows[comparison->n];

	if (new != NULL && strcmp(base->unit, new->unit) != 0)
		alone.why = "different unit";
	else if (new != NULL && base->better != new->better)
		alone.why = "different direction";
	else if (new != NULL) {
		bool same_seed = is_same_seed(base, new);

		*row = (struct compare_row){.base = base,
			.new = new,
			.paired = same_seed || compare_are_sides(base->run, new->run),
			.same_seed = same_seed,
			.margin_pct = margin_of(base, margin_pct)};
		comparison->n++;
		return compare_measure(row, &comparison->limits);
	}
	return add_alone(comparison, &alone);
}

static int compare_metrics(struct comparison *comparison, const struct group *base, const struct group *new, double margin_pct)
{
	int err = 0;

	for (size_t i = 0; i < base->n && err == 0; i++)
		if (is_compared(&base->rows[i]))
			err = compare_metric(comparison, &base->rows[i], find_metric(new, &base->rows[i]), margin_pct);
	for (size_t i = 0; i < new->n &&err == 0; i++) {
		struct compare_alone alone = {.row = &new->rows[i], .why = "no such metric", .detail = ""};

		if (is_compared(alone.row) && find_metric(base, alone.row) == NULL)
			err = add_alone(comparison, &alone);
	}
	return err;
}

/*
 * Sides of a session may differ in parameters, setup or device: that is then what is compared. Cells are matched by their position in
 * the plan, provided that benchmarks and kernels are in the same order.
 */
static bool goes_by_place(const struct groups *base, const struct groups *new)
{
	if (!base->n || base->n != new->n || !compare_are_sides(base->groups[0].rows->run, new->groups[0].rows->run))
		return false;
	for (size_t g = 0; g < base->n; g++) {
		const struct runfile_cell *before = base->groups[g].rows->cell, *after = new->groups[g].rows->cell;

		if (before->id != after->id || strcmp(before->bench, after->bench) != 0 || strcmp(before->kind, after->kind) != 0)
			return false;
	}
	return true;
}

static int compare_base(struct comparison *comparison, const struct groups *base, struct groups *new, bool by_place, double margin_pct)
{
	for (size_t g = 0; g < base->n; g++) {
		const struct group *before = &base->groups[g];
		struct group *after = by_place ? &new->groups[g] : find_group(new, before);
		struct compare_alone alone = {.row = before->rows, .whole = true, .in_base = true, .why = "no such cell", .detail = ""};
		int err = 0;

		if (after == NULL)
			after = find_shared(new, before);
		else
			after->taken = before;
		if (after == NULL)
			err = add_alone(comparison, &alone);
		else if (!has_values(before) && !has_values(after))
			comparison->empty++;
		else if (!has_values(after))
			err = add_without_value(comparison, before, after, true);
		else if (!has_values(before))
			err = add_without_value(comparison, after, before, false);
		else
			err = compare_metrics(comparison, before, after, margin_pct);
		if (err != 0)
			return err;
	}
	return 0;
}

static int list_new(struct comparison *comparison, struct groups *new)
{
	int err = 0;

	if (new->n)
		qsort(new->groups, new->n, sizeof(*new->groups), by_order);
	for (size_t g = 0; g < new->n &&err == 0; g++) {
		struct compare_alone alone = {.row = new->groups[g].rows, .whole = true, .why = "no such cell", .detail = ""};

		if (new->groups[g].taken == NULL)
			err = add_alone(comparison, &alone);
	}
	return err;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

int compare_make(const struct summary *base, const struct summary *new, double margin_pct, struct comparison *comparison)
{
	struct groups before = {0}, after = {0};
	bool by_place = false;
	int err;

	memset(comparison, 0, sizeof(*comparison));
	comparison->limits = base->n && new->n ? compare_limits_of(base->rows->run, new->rows->run) : compare_limits_of(NULL, NULL);
	comparison->base_disturbed_pct = base->disturbed_pct;
	comparison->new_disturbed_pct = new->disturbed_pct;
	comparison->too_disturbed = base->n && new->n &&fmax(base->disturbed_pct, new->disturbed_pct) > COMPARE_TOO_DISTURBED_PCT &&
				    !clock_counts_instructions(base->rows->run->clock) && !compare_are_sides(base->rows->run, new->rows->run);
	comparison->rows = calloc(base->n + 1, sizeof(*comparison->rows));
	err = comparison->rows != NULL ? groups_make_both(base, new, &before, &after) : -ENOMEM;
	if (err == 0)
		by_place = goes_by_place(&before, &after);
	if (err == 0 && after.n && !by_place)
		qsort(after.groups, after.n, sizeof(*after.groups), by_cell);
	if (err == 0)
		err = compare_base(comparison, &before, &after, by_place, margin_pct);
	if (err == 0)
		err = list_new(comparison, &after);
	if (err == 0)
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

bool compare_is_decided(const struct comparison *comparison)
{
	return comparison->n && !comparison->verdicts[COMPARE_UNDECIDED] && !comparison->verdicts[COMPARE_SUSPECT];
}

size_t compare_doubtful(const struct comparison *comparison)
{
	size_t n = comparison->verdicts[COMPARE_DISTURBED];

	for (size_t i = 0; i < comparison->n; i++)
		n += comparison->rows[i].verdict == COMPARE_SUSPECT && compare_leaning(&comparison->rows[i]) != COMPARE_FASTER;
	return n;
}

enum compare_verdict compare_verdict_of(const struct comparison *comparison)
{
	static const enum compare_verdict order[] = {
		COMPARE_SLOWER, COMPARE_CHANGED, COMPARE_DISTURBED, COMPARE_SUSPECT, COMPARE_UNDECIDED, COMPARE_FASTER};

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

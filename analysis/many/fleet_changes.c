/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_changes.c - what changed between two runs of each of many nodes; see fleet_changes.h.
 */
#include "config.h"

#include "analysis/many/fleet_changes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/many/fleet.h"
#include "analysis/statistics/two_sample.h"
#include "analysis/summary/cell_key.h"
#include "base/array.h"
#include "base/text.h"

/* ---- gathering */

struct same {
	const struct fleet_changes *changes;
	const char *name;
};

static bool is_metric(const void *context, size_t place)
{
	const struct same *same = context;

	return strcmp(same->changes->metrics[place].name, same->name) == 0;
}

/* Takes the name. */
static int find_metric(struct fleet_changes *changes, char *name, double margin_pct, size_t *place)
{
	struct same same = {changes, name};
	uint64_t hash = lookup_text(0, name);
	int err;

	*place = lookup_find(&changes->lookup, hash, is_metric, &same);
	if (*place != LOOKUP_NONE) {
		free(name);
		return 0;
	}
	err = ARRAY_ADD(changes->metrics, changes->n_metrics, ARRAY_MANY, "metrics", NULL);
	if (err == 0)
		err = lookup_add(&changes->lookup, hash, changes->n_metrics);
	if (err != 0) {
		free(name);
		return -ENOMEM;
	}
	*place = changes->n_metrics++;
	changes->metrics[*place] = (struct fleet_changes_metric){.name = name, .margin_pct = margin_pct};
	return 0;
}

static int add_rows(struct fleet_changes *changes, const struct comparison *comparison, const struct runfile *base)
{
	struct cell_keys keys = {0};
	int err = cell_keys_make(base, &keys);

	if (err == 0)
		err = array_grow(&changes->rows, changes->n_rows, comparison->n + 1, sizeof(*changes->rows), SIZE_MAX / 64, "changes", NULL);
	for (size_t i = 0; i < comparison->n && err == 0; i++) {
		const struct compare_row *row = &comparison->rows[i];
		char *name = text_format("%s/%s", cell_key(&keys, row->base->cell), row->base->metric);
		size_t metric;

		err = name != NULL ? find_metric(changes, name, row->margin_pct, &metric) : -ENOMEM;
		if (err == 0)
			changes->rows[changes->n_rows++] = (struct fleet_changes_row){.p = row->tested ? row->p : NAN,
				.change = row->has_change ? (float)row->change_pct : NAN,
				.lo = row->has_interval ? (float)row->lo_pct : NAN,
				.hi = row->has_interval ? (float)row->hi_pct : NAN,
				.metric = (unsigned)metric,
				.node = (unsigned)changes->n - 1,
				.verdict = row->verdict};
	}
	cell_keys_free(&keys);
	return err;
}

static int add_factor(struct fleet_changes *changes, const struct unlike_field *field)
{
	struct fleet_changes_node *node = &changes->nodes[changes->n - 1];
	size_t f = 0;
	int err = ARRAY_ADD(node->factors, node->n_factors, ARRAY_MANY, "differences", NULL);

	while (f < changes->n_factors && (strcmp(changes->factors[f].name, field->name) != 0 || strcmp(changes->factors[f].from, field->base) != 0 ||
						 strcmp(changes->factors[f].to, field->new) != 0))
		f++;
	if (err == 0 && f == changes->n_factors) {
		err = ARRAY_ADD(changes->factors, changes->n_factors, ARRAY_MANY, "differences", NULL);
		if (err != 0)
			return err;
		changes->factors[f] =
			(struct fleet_changes_factor){.name = strdup(field->name), .from = strdup(field->base), .to = strdup(field->new)};
		changes->n_factors++;
		if (changes->factors[f].name == NULL || changes->factors[f].from == NULL || changes->factors[f].to == NULL)
			return -ENOMEM;
	}
	if (err == 0)
		node->factors[node->n_factors++] = f;
	return err;
}

/* Another machine, or another clock: why it is not compared; else its factors. */
static int look_at_machines(struct fleet_changes *changes, const struct runfile *runs[2])
{
	struct fleet_changes_node *node = &changes->nodes[changes->n - 1];
	struct text why = {0};
	struct unlike unlike;
	int err = unlike_find(runs[0], runs[1], &unlike);

	if (strcmp(runs[0]->clock, runs[1]->clock) != 0)
		text_add(&why, "the clocks are %s and %s", runs[0]->clock, runs[1]->clock);
	for (size_t f = 0; f < unlike.n && err == 0; f++) {
		const struct unlike_field *field = &unlike.fields[f];

		if (field->kind == UNLIKE_IDENTITY)
			text_add(&why, "%s%s %s -> %s", why.len != 0 ? ", " : "", field->name, field->base, field->new);
		else if (field->kind == UNLIKE_FACTOR)
			err = add_factor(changes, field);
	}
	if (why.lost)
		err = -ENOMEM;
	if (why.len != 0)
		node->unlike = text_take(&why);
	text_clear(&why);
	unlike_free(&unlike);
	return err;
}

int fleet_changes_add(struct fleet_changes *changes, const char *name, const struct summary *base, const struct summary *new,
	const struct runfile *runs[2], double margin_pct)
{
	struct comparison comparison = {0};
	struct fleet_changes_node *node;
	int err = ARRAY_ADD(changes->nodes, changes->n, ARRAY_MANY, "nodes", NULL);

	if (err != 0)
		return err;
	node = &changes->nodes[changes->n++];
	*node = (struct fleet_changes_node){
		.name = strdup(name), .bad = summary_judge(base, 1) == SUMMARY_BAD_DATA || summary_judge(new, 1) == SUMMARY_BAD_DATA};
	err = node->name != NULL ? look_at_machines(changes, runs) : -ENOMEM;
	if (err == 0 && node->unlike == NULL) {
		err = compare_make(base, new, margin_pct, &comparison);
		if (err == 0 && comparison.n == 0 && (node->unlike = strdup("no metric has values in both runs")) == NULL)
			err = -ENOMEM;
		if (err == 0)
			err = add_rows(changes, &comparison, runs[0]);
		compare_free(&comparison);
	}
	return err;
}

/* ---- judging */

static bool is_change(enum compare_verdict verdict)
{
	return verdict == COMPARE_SLOWER || verdict == COMPARE_FASTER || verdict == COMPARE_CHANGED;
}

static int by_metric(const void *a, const void *b)
{
	const struct fleet_changes_row *x = a, *y = b;

	return x->metric != y->metric ? (x->metric > y->metric) - (x->metric < y->metric) : (x->node > y->node) - (x->node < y->node);
}

/* The median of the finite ones, whose number is left in n. values are scratch. */
static int median_of(double *values, size_t *n, double *median)
{
	struct statistics_interval interval = {.median = NAN};
	size_t finite = 0;
	int err;

	for (size_t i = 0; i < *n; i++)
		if (isfinite(values[i]))
			values[finite++] = values[i];
	err = statistics_median(values, finite, &interval);
	*n = finite;
	*median = err == 0 ? interval.median : NAN;
	return err == -ENOMEM ? err : 0;
}

/* The rows of one metric: how all nodes changed. */
static int spread(struct fleet_changes_metric *metric, const struct fleet_changes_row *rows, size_t n)
{
	double *values = calloc(n + 1, sizeof(*values));
	int err = values != NULL ? 0 : -ENOMEM;

	metric->nodes = n;
	for (size_t i = 0; i < n && err == 0; i++)
		values[i] = (double)rows[i].change;
	if (err == 0)
		err = median_of(values, &metric->nodes, &metric->median);
	for (size_t i = 0; i < metric->nodes && err == 0; i++)
		values[i] = fabs(values[i] - metric->median);
	n = metric->nodes;
	if (err == 0)
		err = median_of(values, &n, &metric->mad);
	free(values);
	return err;
}

/* Whether a node changed as no other did. */
static bool stands_out(const struct fleet_changes_metric *metric, const struct fleet_changes_row *row)
{
	double distance = fabs((double)row->change - metric->median);

	return metric->nodes >= FLEET_MIN && distance > FLEET_OUTLIER * metric->mad && distance > metric->margin_pct;
}

/* A change that is found by a test has to hold among the tests of all nodes. */
static int judge_rows(struct fleet_changes *changes)
{
	double *q = calloc(changes->n_rows + 1, sizeof(*q));
	size_t n = 0, k = 0;
	int err = q != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < changes->n_rows && err == 0; i++)
		if (!isnan(changes->rows[i].p))
			q[n++] = changes->rows[i].p;
	if (err == 0 && n != 0)
		err = two_sample_false_discovery(q, n, q);
	for (size_t i = 0; i < changes->n_rows && err == 0; i++) {
		struct fleet_changes_row *row = &changes->rows[i];
		double found = isnan(row->p) ? 0.0 : q[k++];

		if (is_change(row->verdict) && found > COMPARE_Q && !stands_out(&changes->metrics[row->metric], row))
			row->verdict = COMPARE_SUSPECT;
		changes->metrics[row->metric].verdicts[row->verdict]++;
	}
	free(q);
	return err;
}

/* As compare_verdict_of(): the worst first. */
static size_t rank(enum compare_verdict verdict)
{
	static const enum compare_verdict order[] = {
		COMPARE_SLOWER, COMPARE_CHANGED, COMPARE_DISTURBED, COMPARE_SUSPECT, COMPARE_UNDECIDED, COMPARE_FASTER, COMPARE_SAME};
	size_t i = 0;

	while (i < FS_ARRAY_SIZE(order) - 1 && order[i] != verdict)
		i++;
	return i;
}

static double size_of(const struct fleet_changes_row *row)
{
	return row != NULL && !isnan(row->change) ? fabs((double)row->change) : 0.0;
}

static void judge_node(struct fleet_changes *changes, const struct fleet_changes_row *row)
{
	struct fleet_changes_node *node = &changes->nodes[row->node];

	node->verdicts[row->verdict]++;
	if (node->worst == NULL || rank(row->verdict) < rank(node->verdict) ||
		(row->verdict == node->verdict && size_of(row) > size_of(node->worst))) {
		node->worst = row;
		node->verdict = row->verdict;
	}
}

static int most_changed(const void *a, const void *b)
{
	const struct fleet_changes_node *x = a, *y = b;
	double before = size_of(x->worst), after = size_of(y->worst);

	if ((x->unlike == NULL) != (y->unlike == NULL))
		return x->unlike == NULL ? -1 : 1;
	if (x->unlike == NULL && x->verdict != y->verdict)
		return rank(x->verdict) < rank(y->verdict) ? -1 : 1;
	return before != after ? (before < after) - (before > after) : strcmp(x->name, y->name);
}

static void count(struct fleet_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct fleet_changes_node *node = &changes->nodes[i];
		bool changed = node->unlike == NULL && is_change(node->verdict);

		changes->bad += node->bad;
		changes->unlike += node->unlike != NULL;
		changes->compared += node->unlike == NULL;
		if (node->unlike == NULL)
			changes->verdicts[node->verdict]++;
		for (size_t f = 0; f < node->n_factors; f++) {
			changes->factors[node->factors[f]].nodes++;
			changes->factors[node->factors[f]].changed += changed;
		}
	}
}

int fleet_changes_judge(struct fleet_changes *changes)
{
	int err = 0;

	if (changes->n_rows != 0)
		qsort(changes->rows, changes->n_rows, sizeof(*changes->rows), by_metric);
	for (size_t from = 0, to; from < changes->n_rows && err == 0; from = to) {
		for (to = from; to < changes->n_rows && changes->rows[to].metric == changes->rows[from].metric; to++)
			;
		err = spread(&changes->metrics[changes->rows[from].metric], &changes->rows[from], to - from);
	}
	if (err == 0)
		err = judge_rows(changes);
	for (size_t i = 0; i < changes->n_rows && err == 0; i++)
		judge_node(changes, &changes->rows[i]);
	count(changes);
	if (changes->n != 0)
		qsort(changes->nodes, changes->n, sizeof(*changes->nodes), most_changed);
	return err;
}

int fleet_changes_only(struct fleet_changes *changes, const char *node, bool second)
{
	char *name = strdup(node);
	int err = name != NULL ? array_grow(&changes->only[second], changes->n_only[second], 1, sizeof(char *), ARRAY_MANY, "nodes", NULL) : -ENOMEM;

	if (err == 0)
		changes->only[second][changes->n_only[second]++] = name;
	else
		free(name);
	return err;
}

void fleet_changes_free(struct fleet_changes *changes)
{
	for (int i = 0; i < 2; i++) {
		for (size_t n = 0; n < changes->n_only[i]; n++)
			free(changes->only[i][n]);
		free(changes->only[i]);
	}
	for (size_t i = 0; i < changes->n; i++) {
		free(changes->nodes[i].name);
		free(changes->nodes[i].unlike);
		free(changes->nodes[i].factors);
	}
	for (size_t m = 0; m < changes->n_metrics; m++)
		free(changes->metrics[m].name);
	for (size_t f = 0; f < changes->n_factors; f++) {
		free(changes->factors[f].name);
		free(changes->factors[f].from);
		free(changes->factors[f].to);
	}
	free(changes->nodes);
	free(changes->metrics);
	free(changes->factors);
	free(changes->rows);
	lookup_free(&changes->lookup);
	*changes = (struct fleet_changes){0};
}

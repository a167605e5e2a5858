/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_changes_show.c - prints what changed between two runs of each of many nodes; see fleet_changes.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/many/fleet_changes.h"
#include "base/jsontext.h"
#include "base/table.h"
#include "base/terminal.h"

/* In the order in which they are counted; the first three are changes. */
static const enum compare_verdict order[] = {
	COMPARE_SLOWER, COMPARE_CHANGED, COMPARE_FASTER, COMPARE_DISTURBED, COMPARE_SUSPECT, COMPARE_UNDECIDED, COMPARE_SAME};
#define ORDER	  (sizeof(order) / sizeof(order[0]))
#define N_CHANGES 3

static size_t count_changes(const size_t verdicts[COMPARE_VERDICTS])
{
	size_t n = 0;

	for (size_t i = 0; i < N_CHANGES; i++)
		n += verdicts[order[i]];
	return n;
}

/* "2 SLOWER, 1 SUSPECT" */
static void verdicts_text(const size_t verdicts[COMPARE_VERDICTS], struct text *text)
{
	for (size_t i = 0; i < ORDER; i++)
		if (verdicts[order[i]] != 0)
			text_add(text, "%s%zu %s", text->len != 0 ? ", " : "", verdicts[order[i]], compare_verdict_names[order[i]]);
}

/* ---- tables */

static void percent_text(double value, char text[32])
{
	text_fit(text, 32, "-");
	if (!isnan(value))
		text_fit(text, 32, "%+.1f %%", value);
}

static int add_node(struct table *table, const struct fleet_changes *changes, const struct fleet_changes_node *node)
{
	const struct fleet_changes_row *row = node->worst;
	struct text metrics = {0};
	char change[32], interval[64] = "-";
	int err;

	percent_text((double)row->change, change);
	if (!isnan(row->lo))
		text_fit(interval, sizeof(interval), "[%+.1f, %+.1f]", (double)row->lo, (double)row->hi);
	verdicts_text(node->verdicts, &metrics);
	err = metrics.lost ? -ENOMEM
			   : table_line(table, (const char *const[]){node->name, compare_verdict_names[node->verdict],
						       changes->metrics[row->metric].name, change, interval, text_string(&metrics)});
	text_clear(&metrics);
	return err;
}

/* Those that are not the same, the most changed first. */
static int show_nodes(const struct fleet_changes *changes, bool all, FILE *out)
{
	static const struct table_column columns[] = {
		{"NODE", false}, {"VERDICT", false}, {"WORST METRIC", false}, {"CHANGE", false}, {"INTERVAL", false}, {"METRICS", false}};
	static const size_t left_out[] = {4, 5};
	struct table *table = table_new(columns, FS_ARRAY_SIZE(columns));
	size_t listed = 0, left = 0;
	int err = table != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < changes->n && err == 0; i++) {
		const struct fleet_changes_node *node = &changes->nodes[i];

		if (node->unlike != NULL || node->verdict == COMPARE_SAME || node->verdict == COMPARE_UNDECIDED)
			continue;
		if (!all && listed == FLEET_CHANGES_NODES) {
			left++;
			continue;
		}
		err = add_node(table, changes, node);
		listed++;
	}
	err = all ? table_print(table, out, err) : table_print_fitted(table, left_out, FS_ARRAY_SIZE(left_out), out, err);
	if (left != 0)
		fprintf(out, "and %zu more node%s: --all lists them\n", left, TEXT_S(left));
	return err;
}

static void show_unlike(const struct fleet_changes *changes, bool all, FILE *out)
{
	size_t listed = 0;

	for (size_t i = 0; i < changes->n; i++) {
		if (changes->nodes[i].unlike == NULL)
			continue;
		if (all || listed < FLEET_CHANGES_NODES)
			fprintf(out, "%s: not comparable: %s\n", changes->nodes[i].name, changes->nodes[i].unlike);
		listed++;
	}
	if (!all && listed > FLEET_CHANGES_NODES)
		fprintf(out, "and %zu more that are not comparable: --all lists them\n", listed - FLEET_CHANGES_NODES);
}

static void show_only(const struct fleet_changes *changes, bool all, FILE *out)
{
	static const char *const where[] = {"missing in the second", "only in the second"};

	for (int i = 0; i < 2; i++) {
		for (size_t n = 0; n < changes->n_only[i] && (all || n < FLEET_CHANGES_NODES); n++)
			fprintf(out, "%s: %s\n", changes->only[i][n], where[i]);
		if (!all && changes->n_only[i] > FLEET_CHANGES_NODES)
			fprintf(out, "and %zu more %s: --all lists them\n", changes->n_only[i] - FLEET_CHANGES_NODES, where[i]);
	}
}

struct ranked {
	const void *what;
	size_t n;
};

static int by_count(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : (x->what > y->what) - (x->what < y->what);
}

/* Metrics that changed on some node, those of most nodes first, with how all nodes changed. */
static int show_metrics(const struct fleet_changes *changes, bool all, FILE *out)
{
	static const struct table_column columns[] = {{"METRIC", false}, {"NODES", false}, {"ALL NODES", false}, {"MAD", false}};
	static const size_t left_out[] = {3};
	struct table *table = table_new(columns, FS_ARRAY_SIZE(columns));
	struct ranked *ranked = calloc(changes->n_metrics + 1, sizeof(*ranked));
	size_t n = 0;
	int err = table != NULL && ranked != NULL ? 0 : -ENOMEM;

	for (size_t m = 0; m < changes->n_metrics && err == 0; m++)
		if (count_changes(changes->metrics[m].verdicts) != 0)
			ranked[n++] = (struct ranked){&changes->metrics[m], count_changes(changes->metrics[m].verdicts)};
	if (n != 0)
		qsort(ranked, n, sizeof(*ranked), by_count);
	for (size_t i = 0; i < n && (all || i < FLEET_CHANGES_METRICS) && err == 0; i++) {
		const struct fleet_changes_metric *metric = ranked[i].what;
		struct text verdicts = {0};
		char median[32], mad[32];

		percent_text(metric->median, median);
		text_fit(mad, sizeof(mad), "%.2g %%", metric->mad);
		verdicts_text(metric->verdicts, &verdicts);
		err = verdicts.lost ? -ENOMEM : table_line(table, (const char *const[]){metric->name, text_string(&verdicts), median, mad});
		text_clear(&verdicts);
	}
	err = all ? table_print(table, out, err) : table_print_fitted(table, left_out, FS_ARRAY_SIZE(left_out), out, err);
	if (!all && n > FLEET_CHANGES_METRICS)
		fprintf(out, "and %zu more metric%s: --all lists them\n", n - FLEET_CHANGES_METRICS, TEXT_S(n - FLEET_CHANGES_METRICS));
	free(ranked);
	return err;
}

/* What differed, with how many of those that have it changed, and how many of the others. */
static int show_factors(const struct fleet_changes *changes, FILE *out)
{
	struct ranked *ranked = calloc(changes->n_factors + 1, sizeof(*ranked));
	size_t changed = count_changes(changes->verdicts);

	if (ranked == NULL)
		return -ENOMEM;
	for (size_t f = 0; f < changes->n_factors; f++)
		ranked[f] = (struct ranked){&changes->factors[f], changes->factors[f].nodes};
	if (changes->n_factors != 0)
		qsort(ranked, changes->n_factors, sizeof(*ranked), by_count);
	for (size_t f = 0; f < changes->n_factors && f < FLEET_CHANGES_FACTORS; f++) {
		const struct fleet_changes_factor *factor = ranked[f].what;

		fprintf(out, "differs: %s %s -> %s on %zu node%s, of which %zu changed; of the others %zu changed\n", factor->name, factor->from,
			factor->to, factor->nodes, TEXT_S(factor->nodes), factor->changed, changed - factor->changed);
	}
	if (changes->n_factors > FLEET_CHANGES_FACTORS)
		fprintf(out, "and %zu more differences: --json lists them\n", changes->n_factors - FLEET_CHANGES_FACTORS);
	free(ranked);
	return 0;
}

static void show_verdict(const struct fleet_changes *changes, FILE *out)
{
	struct text verdicts = {0};

	verdicts_text(changes->verdicts, &verdicts);
	fprintf(out, "verdict: %zu node%s compared%s%s", changes->compared, TEXT_S(changes->compared), verdicts.len != 0 ? ": " : "",
		text_string(&verdicts));
	if (changes->unlike != 0)
		fprintf(out, "; %zu not comparable", changes->unlike);
	if (changes->bad != 0)
		fprintf(out, "; %zu with failed or invalid rounds", changes->bad);
	if (changes->n_only[0] + changes->n_only[1] != 0)
		fprintf(out, "; %zu only in the first, %zu only in the second", changes->n_only[0], changes->n_only[1]);
	fprintf(out, "\n");
	text_clear(&verdicts);
}

int fleet_changes_show(const struct fleet_changes *changes, bool all, FILE *out)
{
	struct terminal_fold fold;
	FILE *lines = terminal_fold_begin(&fold, out);
	int err;

	show_verdict(changes, lines);
	err = show_factors(changes, lines);
	if (terminal_fold_end(&fold) != 0)
		err = -ENOMEM;
	if (err == 0)
		err = show_nodes(changes, all, out);
	if (err == 0)
		err = show_metrics(changes, all, out);
	lines = terminal_fold_begin(&fold, out);
	show_unlike(changes, all, lines);
	show_only(changes, all, lines);
	if (terminal_fold_end(&fold) != 0)
		err = -ENOMEM;
	return err == 0 && fflush(out) != 0 ? -errno : err;
}

/* ---- JSON */

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *names_json(char *const *names, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(names[i]));
	return array;
}

static json_t *verdicts_json(const size_t verdicts[COMPARE_VERDICTS])
{
	json_t *object = json_object();

	for (size_t i = 0; i < ORDER; i++)
		if (verdicts[order[i]] != 0)
			json_object_set_new(object, compare_verdict_names[order[i]], json_integer((json_int_t)verdicts[order[i]]));
	return object;
}

static json_t *node_json(const struct fleet_changes *changes, const struct fleet_changes_node *node)
{
	const struct fleet_changes_row *row = node->worst;
	json_t *worst = NULL;

	if (row != NULL)
		worst = json_pack("{s:s, s:o, s:[o, o]}", "metric", changes->metrics[row->metric].name, "change_pct", number((double)row->change),
			"ci_pct", number((double)row->lo), number((double)row->hi));
	return json_pack("{s:s, s:s?, s:o, s:o?, s:s?, s:b}", "node", node->name, "verdict",
		node->unlike == NULL ? compare_verdict_names[node->verdict] : NULL, "metrics", verdicts_json(node->verdicts), "worst", worst, "why",
		node->unlike, "bad", node->bad);
}

int fleet_changes_show_json(const struct fleet_changes *changes, FILE *out)
{
	json_t *nodes = json_array(), *metrics = json_array(), *factors = json_array(), *all;
	int err;

	for (size_t i = 0; i < changes->n; i++)
		if (changes->nodes[i].unlike != NULL || changes->nodes[i].bad || changes->nodes[i].verdict != COMPARE_SAME)
			json_array_append_new(nodes, node_json(changes, &changes->nodes[i]));
	for (size_t m = 0; m < changes->n_metrics; m++) {
		const struct fleet_changes_metric *metric = &changes->metrics[m];

		if (metric->verdicts[COMPARE_SAME] != metric->nodes || count_changes(metric->verdicts) != 0)
			json_array_append_new(metrics,
				json_pack("{s:s, s:I, s:o, s:o, s:o}", "metric", metric->name, "nodes", (json_int_t)metric->nodes, "median_pct",
					number(metric->median), "mad_pct", number(metric->mad), "verdicts", verdicts_json(metric->verdicts)));
	}
	for (size_t f = 0; f < changes->n_factors; f++)
		json_array_append_new(factors, json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", changes->factors[f].name, "from",
						       changes->factors[f].from, "to", changes->factors[f].to, "nodes",
						       (json_int_t)changes->factors[f].nodes, "changed", (json_int_t)changes->factors[f].changed));
	all = json_pack("{s:o, s:o, s:o, s:I, s:I, s:I, s:[I, I], s:o, s:o, s:o}", "nodes", nodes, "metrics", metrics, "differs", factors, "compared",
		(json_int_t)changes->compared, "not_comparable", (json_int_t)changes->unlike, "bad", (json_int_t)changes->bad, "only",
		(json_int_t)changes->n_only[0], (json_int_t)changes->n_only[1], "missing", names_json(changes->only[0], changes->n_only[0]), "new",
		names_json(changes->only[1], changes->n_only[1]), "verdicts", verdicts_json(changes->verdicts));
	err = jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(6), out);
	json_decref(all);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_show.c - prints many machines as a table and as JSON; see fleet.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/many/fleet.h"
#include "analysis/many/fleet_groups.h"
#include "analysis/summary/format.h"
#include "base/jsontext.h"
#include "base/table.h"
#include "base/terminal.h"

static const char *file_name(const struct runfile *run)
{
	const char *slash = strrchr(run->path, '/');

	return slash != NULL ? slash + 1 : run->path;
}

static double pct_of(const struct fleet_row *row, double value)
{
	return 100.0 * value / fabs(row->median);
}

/* ---- the table ------------------------------------------------------------------------------------------- */

enum column { METRIC, MEDIAN, SPREAD, MACHINES, OUTLIERS, COLUMNS };
static const struct table_column columns[COLUMNS] = {{"METRIC", false}, {"MEDIAN", false}, {"MAD", false}, {"MACHINES", false}, {"OUTLIERS", false}};

/* "node7.jsonl +12.1 %, node9.jsonl -4.0 %" */
static void outliers_text(const struct fleet *fleet, const struct fleet_row *row, struct text *text)
{
	for (size_t i = 0; i < fleet->n; i++)
		if (row->outlier[i])
			text_add(text, "%s%s %+.1f %%", text->len != 0 ? ", " : "", file_name(&fleet->runs[i]),
				pct_of(row, row->values[i] - row->median));
	if (text->len == 0)
		text_add(text, "-");
}

static int add_line(struct table *table, const struct fleet *fleet, const struct fleet_row *row)
{
	char median[FORMAT_VALUE], spread[32] = "-", machines[48];
	const char *text[COLUMNS] = {[METRIC] = row->name, [MEDIAN] = median, [SPREAD] = spread, [MACHINES] = machines};
	struct text outliers = {0};
	int err;

	format_value(row->median, row->unit, median);
	if (row->median != 0.0)
		snprintf(spread, sizeof(spread), "%.2g %%", pct_of(row, row->mad));
	snprintf(machines, sizeof(machines), "%zu of %zu", row->n, fleet->n);
	outliers_text(fleet, row, &outliers);
	text[OUTLIERS] = text_string(&outliers);
	err = table_line(table, text);
	text_clear(&outliers);
	return err;
}

/* An outlier: in how many metrics, and its differences from the most typical machine. */
static void show_machine(const struct fleet *fleet, size_t i, FILE *out)
{
	const struct unlike *unlike = &fleet->unlike[i];
	size_t differs = 0;

	fprintf(out, "%s: outlier in %zu of %zu metrics\n", file_name(&fleet->runs[i]), fleet->outlier[i], fleet->n_rows);
	for (size_t f = 0; f < unlike->n; f++) {
		if (unlike->fields[f].kind == UNLIKE_STATE)
			continue;
		fprintf(out, "    %s %s, of %s %s\n", unlike->fields[f].name, unlike->fields[f].new, file_name(&fleet->runs[fleet->usual]),
			unlike->fields[f].base);
		differs++;
	}
	if (!differs)
		fprintf(out, "    no recorded difference from %s, the most typical machine\n", file_name(&fleet->runs[fleet->usual]));
}

static int show_apart(const struct fleet *fleet, FILE *out)
{
	struct fleet_apart *apart = NULL;
	size_t n = 0, odd = 0;
	int err = fleet_find_apart(fleet, &apart, &n, &odd);

	for (size_t i = 0; i < n && odd > 1; i++)
		fprintf(out, "apart: %zu of %zu outliers and %zu of %zu others have %s %s, usual is %s\n", apart[i].odd, odd, apart[i].others,
			fleet->n - odd, apart[i].name, apart[i].here, apart[i].usual);
	free(apart);
	return err;
}

/* ---- in one screen --------------------------------------------------------------------------------------- */

#define MACHINES_MAX 10
#define METRICS_MAX  20
#define SPREAD_MAX   5 /* metrics that are shown where none has an outlier */

enum brief_column { B_METRIC, B_MEDIAN, B_MAD, B_OUTLIERS, B_FURTHEST, B_COLUMNS };
static const struct table_column brief_columns[B_COLUMNS] = {
	{"METRIC", false}, {"MEDIAN", false}, {"MAD", true}, {"OUTLIERS", true}, {"THE FURTHEST", false}};

/* Those with the most outliers first, then those whose machines are the furthest apart. */
static int by_outliers(const void *a, const void *b)
{
	const struct fleet_row *x = *(const struct fleet_row *const *)a, *y = *(const struct fleet_row *const *)b;
	double p = x->median != 0.0 ? pct_of(x, x->mad) : 0.0, q = y->median != 0.0 ? pct_of(y, y->mad) : 0.0;

	if (x->n_outliers != y->n_outliers)
		return (x->n_outliers < y->n_outliers) - (x->n_outliers > y->n_outliers);
	return p != q ? (p < q) - (p > q) : (x > y) - (x < y);
}

static int add_brief(struct table *table, const struct fleet *fleet, const struct fleet_row *row)
{
	char median[FORMAT_VALUE], spread[32] = "-", outliers[48];
	struct text furthest = {0};
	size_t far = fleet->n;
	int err;

	for (size_t i = 0; i < fleet->n; i++)
		if (row->outlier[i] && (far == fleet->n || fabs(row->values[i] - row->median) > fabs(row->values[far] - row->median)))
			far = i;
	format_value(row->median, row->unit, median);
	if (row->median != 0.0)
		snprintf(spread, sizeof(spread), "%.2g %%", pct_of(row, row->mad));
	snprintf(outliers, sizeof(outliers), "%zu of %zu", row->n_outliers, row->n);
	if (far == fleet->n)
		text_add(&furthest, "-");
	else if (row->median != 0.0)
		text_add(&furthest, "%s %+.1f %%", file_name(&fleet->runs[far]), pct_of(row, row->values[far] - row->median));
	else
		text_add(&furthest, "%s", file_name(&fleet->runs[far]));
	err = table_line(table, (const char *const[]){row->name, median, spread, outliers, text_string(&furthest)});
	text_clear(&furthest);
	return err;
}

/* Metrics in which a machine is an outlier; where there are none, those that differ most from machine to machine. */
static int show_metrics(const struct fleet *fleet, FILE *out)
{
	static const size_t left_out[] = {B_MAD, B_MEDIAN};
	struct table *table = table_new(brief_columns, B_COLUMNS);
	const struct fleet_row **order = calloc(fleet->n_rows + 1, sizeof(*order));
	size_t odd = 0, apart = 0, shown;
	int err = table != NULL && order != NULL ? 0 : -ENOMEM;

	for (size_t r = 0; r < fleet->n_rows && err == 0; r++) {
		order[r] = &fleet->rows[r];
		odd += fleet->rows[r].n_outliers != 0;
		apart += fleet->rows[r].mad > 0.0;
	}
	if (err == 0)
		qsort(order, fleet->n_rows, sizeof(*order), by_outliers);
	shown = odd == 0 ? apart < SPREAD_MAX ? apart : SPREAD_MAX : odd < METRICS_MAX ? odd : METRICS_MAX;
	for (size_t r = 0; r < shown && err == 0; r++)
		err = add_brief(table, fleet, order[r]);
	err = table_print_fitted(table, left_out, FS_ARRAY_SIZE(left_out), out, err);
	if (err == 0 && odd > shown)
		fprintf(out, "... and %zu more with an outlier\n", odd - shown);
	else if (err == 0 && odd == 0 && shown > 0)
		fprintf(out, "those of %zu metrics in which machines differ most\n", fleet->n_rows);
	free(order);
	return err;
}

static void show_verdict(const struct fleet *fleet, FILE *out)
{
	size_t outliers = 0;

	for (size_t i = 0; i < fleet->n; i++)
		outliers += fleet->outlier[i] != 0;
	fprintf(out, "verdict: %zu outlier%s among %zu machine%s", outliers, TEXT_S(outliers), fleet->n, TEXT_S(fleet->n));
	if (fleet->n < FLEET_MIN)
		fprintf(out, "; that needs at least %d machines", FLEET_MIN);
	fputc('\n', out);
}

/* The verdict, what sets outliers apart, and the outliers: those in the most metrics first, and without `all` only so many. */
static int show_outliers(const struct fleet *fleet, bool all, FILE *out)
{
	size_t shown = 0, outliers = 0;
	int err;

	show_verdict(fleet, out);
	err = show_apart(fleet, out);
	for (size_t i = 0; i < fleet->n; i++)
		outliers += fleet->outlier[i] != 0;
	for (size_t in = fleet->n_rows; in > 0; in--)
		for (size_t i = 0; i < fleet->n && err == 0 && (all || shown < MACHINES_MAX); i++)
			if (fleet->outlier[i] == in) {
				show_machine(fleet, i, out);
				shown++;
			}
	if (outliers > shown)
		fprintf(out, "... and %zu more outlier%s\n", outliers - shown, TEXT_S(outliers - shown));
	return err;
}

static int show_all(const struct fleet *fleet, FILE *out)
{
	struct table *table = table_new(columns, COLUMNS);
	int err = table != NULL ? 0 : -ENOMEM;

	for (size_t r = 0; r < fleet->n_rows && err == 0; r++)
		err = add_line(table, fleet, &fleet->rows[r]);
	return table_print(table, out, err);
}

int fleet_show_table(const struct fleet *fleet, bool all, FILE *out)
{
	struct terminal_fold fold;
	FILE *lines = terminal_fold_begin(&fold, out);
	int err = show_outliers(fleet, all, lines);

	if (terminal_fold_end(&fold) != 0)
		err = -ENOMEM;
	if (err == 0)
		err = all ? show_all(fleet, out) : show_metrics(fleet, out);
	if (err == 0 && !all)
		fprintf(out, "all     every metric and outlier: --all\n");
	return err == 0 && fflush(out) ? -errno : err;
}

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static json_t *number(double value)
{
	json_t *real = json_real(value);

	return real != NULL ? real : json_null();
}

static json_t *machine_json(const struct fleet *fleet, size_t i)
{
	static const char *const kinds[] = {[UNLIKE_IDENTITY] = "identity", [UNLIKE_FACTOR] = "factor", [UNLIKE_STATE] = "state"};
	const struct unlike *unlike = &fleet->unlike[i];
	json_t *differs = json_array();

	for (size_t f = 0; f < unlike->n; f++)
		json_array_append_new(differs, json_pack("{s:s, s:s, s:s, s:s}", "kind", kinds[unlike->fields[f].kind], "name",
						       unlike->fields[f].name, "usual", unlike->fields[f].base, "here", unlike->fields[f].new));
	return json_pack("{s:s, s:s, s:s, s:I, s:o}", "file", fleet->runs[i].path, "run", fleet->runs[i].id, "machine", fleet->runs[i].fingerprint,
		"odd", (json_int_t)fleet->outlier[i], "differs", differs);
}

static json_t *row_json(const struct fleet *fleet, const struct fleet_row *row)
{
	json_t *values = json_array(), *outliers = json_array();

	for (size_t i = 0; i < fleet->n; i++) {
		json_array_append_new(values, number(row->values[i]));
		if (row->outlier[i])
			json_array_append_new(outliers, json_integer((json_int_t)i));
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "name", row->name, "unit", row->unit, "better", better_names[row->better], "median",
		number(row->median), "mad", number(row->mad), "values", values, "odd", outliers);
}

json_t *fleet_json(const struct fleet *fleet)
{
	json_t *machines = json_array(), *metrics = json_array();
	int err = 0;

	for (size_t i = 0; i < fleet->n; i++)
		err = json_array_append_new(machines, machine_json(fleet, i)) ? -ENOMEM : err;
	for (size_t r = 0; r < fleet->n_rows; r++)
		err = json_array_append_new(metrics, row_json(fleet, &fleet->rows[r])) ? -ENOMEM : err;
	if (err != 0) {
		json_decref(machines);
		json_decref(metrics);
		return NULL;
	}
	return json_pack("{s:o, s:o}", "machines", machines, "metrics", metrics);
}

int fleet_show_json(const struct fleet *fleet, FILE *out)
{
	json_t *all = fleet_json(fleet);
	int err = all != NULL ? jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(12), out) : -ENOMEM;

	json_decref(all);
	return err;
}

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

int fleet_show_table(const struct fleet *fleet, bool all, FILE *out)
{
	struct table *table = table_new(columns, COLUMNS);
	struct terminal_fold fold;
	size_t outliers = 0;
	FILE *lines;
	int err = table != NULL ? 0 : -ENOMEM;

	for (size_t r = 0; r < fleet->n_rows && err == 0; r++)
		if (all || fleet->rows[r].brief || fleet->rows[r].n_outliers)
			err = add_line(table, fleet, &fleet->rows[r]);
	err = table_print(table, out, err);
	lines = terminal_fold_begin(&fold, out);
	for (size_t i = 0; i < fleet->n && err == 0; i++)
		if (fleet->outlier[i]) {
			show_machine(fleet, i, lines);
			outliers++;
		}
	if (err == 0)
		err = show_apart(fleet, lines);
	fprintf(lines, "verdict: %zu outlier%s among %zu machines", outliers, outliers == 1 ? "" : "s", fleet->n);
	if (fleet->n < FLEET_MIN)
		fprintf(lines, "; that needs at least %d machines", FLEET_MIN);
	fputc('\n', lines);
	if (terminal_fold_end(&fold) != 0)
		err = -ENOMEM;
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

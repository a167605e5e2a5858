/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_list.c - lists the runs and the series of an index; see history_show.h.
 *
 * Each list is built as JSON; the table is a view of it, so both show the same.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/history/history_show.h"
#include "base/jsontext.h"
#include "base/table.h"

/* A column of the table: the member that it shows. */
struct column {
	const char *name, *member;
};

#define COLUMNS_MAX 12

/* What a cell shows of a value; the caller frees it. NULL without memory. */
static char *cell_text(const json_t *value)
{
	if (value == NULL || json_is_null(value))
		return strdup("-");
	if (json_is_string(value))
		return strdup(*json_string_value(value) ? json_string_value(value) : "-");
	return jsontext_make(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

static int add_line(struct table *table, const json_t *row, const struct column *columns, size_t n)
{
	char *texts[COLUMNS_MAX] = {0};
	int err = 0;

	for (size_t c = 0; c < n && err == 0; c++) {
		texts[c] = cell_text(json_object_get(row, columns[c].member));
		err = texts[c] != NULL ? 0 : -ENOMEM;
	}
	if (err == 0)
		err = table_line(table, (const char *const *)texts);
	for (size_t c = 0; c < n; c++)
		free(texts[c]);
	return err;
}

/* columns end with one that has no name. */
static int print_table(const json_t *rows, const struct column *columns, FILE *out)
{
	struct table_column heads[COLUMNS_MAX] = {0};
	struct table *table;
	size_t n = 0, i;
	const json_t *row;
	int err = 0;

	for (; n < COLUMNS_MAX && columns[n].name != NULL; n++)
		heads[n].name = columns[n].name;
	table = table_new(heads, n);
	json_array_foreach(rows, i, row) err = err != 0 || table == NULL ? err : add_line(table, row, columns, n);
	return table_print(table, out, err);
}

/* Takes ownership of rows. */
static int print(json_t *rows, const struct column *columns, bool json, FILE *out, struct fs_reason *why)
{
	int err = 0;

	if (!json)
		err = print_table(rows, columns, out);
	else
		err = jsontext_print(rows, JSON_INDENT(1) | JSON_REAL_PRECISION(12), out);
	if (err == 0 && fflush(out))
		err = -errno;
	json_decref(rows);
	return err != 0 ? fs_because(why, err, "", "cannot write: %s", strerror(-err)) : 0;
}

/* ---- runs ------------------------------------------------------------------------------------------------ */

static json_t *build_or_factor(const struct index_run *run, const char *part, const char *name)
{
	const json_t *parent = strcmp(part, "build") != 0 ? json_object_get(run->header, "machine") : run->header;
	json_t *value = json_object_get(json_object_get(parent, part), name);

	return json_is_string(value) ? json_incref(value) : json_null();
}

/* The notes of a run, separated by commas; NULL without memory. */
static json_t *notes_of(const struct index_note *notes, size_t n, int64_t run, const char *label)
{
	char *text = NULL;
	const char *comma = "";
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	json_t *json = NULL;

	if (out == NULL)
		return NULL;
	if (label[0] != '\0') {
		fprintf(out, "label %s", label);
		comma = ", ";
	}
	for (size_t i = 0; i < n; i++) {
		if (notes[i].run != run)
			continue;
		if (notes[i].name != NULL)
			fprintf(out, "%sbaseline %s", comma, notes[i].name);
		else
			fprintf(out, "%s%s expected: %s", comma, notes[i].glob, notes[i].why);
		comma = ", ";
	}
	if (fclose(out) == 0)
		json = json_string(text);
	free(text);
	return json;
}

static int add_run(const struct index *index, int64_t id, const struct index_note *notes, size_t n_notes, json_t *rows, struct fs_reason *why)
{
	struct index_run run;
	int err = index_get_run(index, id, &run, why);

	if (err != 0)
		return err;
	if (json_array_append_new(
		    rows, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:o, s:s}", "started", run.started, "run", run.run_id, "plan",
				  run.plan, "clock", run.clock, "machine", run.fingerprint, "commit", build_or_factor(&run, "build", "commit"),
				  "kernel", build_or_factor(&run, "factors", "kernel"), "metrics", (json_int_t)run.metrics, "bad_rounds",
				  (json_int_t)run.bad, "notes", notes_of(notes, n_notes, id, run.label), "file", run.path)))
		err = fs_no_memory(why);
	index_run_free(&run);
	return err;
}

int history_show_runs(const struct index *index, bool json, FILE *out, struct fs_reason *why)
{
	static const struct column columns[] = {{"STARTED", "started"}, {"RUN", "run"}, {"PLAN", "plan"}, {"CLOCK", "clock"}, {"MACHINE", "machine"},
		{"COMMIT", "commit"}, {"KERNEL", "kernel"}, {"METRICS", "metrics"}, {"BAD ROUNDS", "bad_rounds"}, {"NOTES", "notes"},
		{"FILE", "file"}, {NULL, NULL}};
	struct index_note *notes = NULL;
	json_t *rows = json_array();
	int64_t *ids = NULL;
	size_t n = 0, n_notes = 0;
	int err = index_list_runs(index, &ids, &n, why);

	if (err == 0)
		err = index_list_notes(index, &notes, &n_notes, why);
	for (size_t i = 0; i < n && err == 0; i++)
		err = add_run(index, ids[i], notes, n_notes, rows, why);
	free(ids);
	index_notes_free(notes, n_notes);
	if (err == 0)
		return print(rows, columns, json, out, why);
	json_decref(rows);
	return err;
}

/* ---- series ---------------------------------------------------------------------------------------------- */

int history_show_series(const struct index *index, const char *const *globs, size_t n_globs, bool json, FILE *out, struct fs_reason *why)
{
	static const struct column columns[] = {{"SERIES", "series"}, {"RUNS", "runs"}, {"UNIT", "unit"}, {"BETTER", "better"}, {"CLOCK", "clock"},
		{"MACHINE", "machine"}, {"EMULATED", "emulated"}, {NULL, NULL}};
	struct index_series *series;
	json_t *rows = json_array();
	size_t n;
	int err = index_list_series(index, globs, n_globs, &series, &n, why);

	for (size_t i = 0; i < n && err == 0; i++)
		if (json_array_append_new(
			    rows, json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:b}", "series", series[i].name, "runs", (json_int_t)series[i].n, "unit",
					  series[i].unit, "better", better_names[series[i].better], "clock", series[i].clock, "machine",
					  series[i].fingerprint, "emulated", (int)series[i].emulated)))
			err = fs_no_memory(why);
	index_series_free(series, n);
	if (err == 0)
		return print(rows, columns, json, out, why);
	json_decref(rows);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.c - prints one or more runs as a table or a JSON array; see show.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/summary/format.h"
#include "analysis/summary/show.h"
#include "analysis/summary/skips.h"
#include "analysis/summary/show_end.h"
#include "base/jsontext.h"
#include "base/table.h"
#include "base/terminal.h"

enum column { RUN, BENCHMARK, SETUP, DEVICE, PARAMETERS, METRIC, MEDIAN, INTERVAL, ROUNDS, STOP, NOTE, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[RUN] = {"RUN", false},
	[BENCHMARK] = {"BENCHMARK", false},
	[SETUP] = {"SETUP", false},
	[DEVICE] = {"DEVICE", false},
	[PARAMETERS] = {"PARAMETERS", false},
	[METRIC] = {"METRIC", false},
	[MEDIAN] = {"MEDIAN", true},
	[INTERVAL] = {"95 % INTERVAL", false},
	[ROUNDS] = {"ROUNDS", true},
	[STOP] = {"STOP", false},
	[NOTE] = {"NOTE", false},
};

static const char *file_name(const struct summary_row *row)
{
	const char *slash = strrchr(row->run->path, '/');

	return slash != NULL ? slash + 1 : row->run->path;
}

/* first: the first column; RUN only if there are several runs. */
static int add_line(struct table *table, enum column first, const struct summary_row *row)
{
	struct text note = {0};
	char median[FORMAT_VALUE] = "-", range[FORMAT_VALUE] = "-", rounds[24], *params = format_params_whole(row->cell, false);
	const char *text[COLUMNS] = {
		[RUN] = file_name(row),
		[BENCHMARK] = row->cell->bench,
		[SETUP] = row->cell->setup,
		[DEVICE] = row->cell->device,
		[PARAMETERS] = params != NULL && params[0] != '\0' ? params : "-",
		[METRIC] = row->metric != NULL ? row->metric : "-",
		[MEDIAN] = median,
		[INTERVAL] = range,
		[ROUNDS] = rounds,
		[STOP] = row->stop,
	};

	int err;

	if (row->n_values)
		format_interval(&row->interval, row->unit, median, range);
	snprintf(rounds, sizeof(rounds), "%zu", row->n_values);
	summary_note(row, &note);
	text[NOTE] = text_string(&note);
	err = params != NULL ? table_line(table, &text[first]) : -ENOMEM;
	text_clear(&note);
	free(params);
	return err;
}

static void show_reason(const struct skip_reason *reason, FILE *out)
{
	fprintf(out, "skip  %s\n", *reason->row->why ? reason->row->why : "no reason recorded");
	for (size_t i = 0; i < reason->names && i < SKIPS_NAMED; i++)
		fprintf(out, "%s%s %s %s", i ? ", " : "      ", reason->named[i]->bench, reason->named[i]->setup, reason->named[i]->device);
	if (reason->names > SKIPS_NAMED)
		fputs(", ...", out);
	if (reason->cells > reason->names || reason->names > SKIPS_NAMED)
		fprintf(out, " (%zu cells)", reason->cells);
	fputc('\n', out);
	if (*reason->row->remedy)
		fprintf(out, "      -> %s\n", reason->row->remedy);
}

static void show_reasons(const struct skips *reasons, FILE *out)
{
	for (size_t i = 0; i < reasons->n; i++)
		show_reason(&reasons->list[i], out);
}

/* Whether a skipped cell is listed only under its reason: more cells share it than are named there, and would crowd the table. */
static bool is_folded(struct skips *skips, const struct summary_row *row)
{
	const struct skip_reason *reason = skips_of(skips, row);

	return reason != NULL && reason->cells > SKIPS_NAMED;
}

/* ---- the table ------------------------------------------------------------------------------------------- */

int show_table(const struct summary *summaries, size_t n, bool all, FILE *out)
{
	enum column first = n > 1 ? RUN : BENCHMARK;
	struct table *table = table_new(&columns[first], COLUMNS - first);
	struct terminal_fold fold;
	struct skips reasons;
	FILE *rest;
	int err = skips_find(summaries, n, &reasons);

	for (size_t s = 0; s < n && table != NULL; s++)
		for (size_t i = 0; i < summaries[s].n && err == 0; i++) {
			const struct summary_row *row = &summaries[s].rows[i];

			if (all || (row->brief && !is_folded(&reasons, row)))
				err = add_line(table, first, row);
		}
	err = table_print(table, out, err);
	if (err != 0)
		goto out;
	rest = terminal_fold_begin(&fold, out);
	show_reasons(&reasons, rest);
	show_dropped(summaries, n, SIZE_MAX, rest);
	show_unreached(summaries, n, rest);
	err = terminal_fold_end(&fold);
	if (err == 0 && fflush(out) != 0)
		err = -errno;
out:
	skips_free(&reasons);
	return err;
}

/* ---- JSON ---------------------------------------------------------------------------------------------- */

/* A number that JSON can hold, else null. */
static json_t *number(double value)
{
	json_t *real = json_real(value);

	return real != NULL ? real : json_null();
}

static json_t *row_json(const struct summary_row *row, bool several)
{
	json_t *params = json_object(), *object;
	bool has = row->n_values > 0;

	for (size_t p = 0; p < row->cell->n_params; p++)
		json_object_set_new(params, row->cell->params[p].name, json_string(row->cell->params[p].text));
	object = json_pack("{s:s, s:s, s:s, s:o, s:s?, s:o, s:o, s:o, s:o, s:I, s:s, s:o, s:s, s:s}", "bench", row->cell->bench, "setup",
		row->cell->setup, "device", row->cell->device, "params", params, "metric", row->metric, "unit",
		row->metric != NULL ? json_string(row->unit) : json_null(), "better",
		row->metric != NULL ? json_string(better_names[row->better]) : json_null(), "median",
		has ? number(row->interval.median) : json_null(), "ci",
		row->interval.has_interval ? json_pack("[o, o]", number(row->interval.lo), number(row->interval.hi)) : json_null(), "rounds",
		(json_int_t)row->n_values, "stop", row->stop, "verdict", row->visited ? json_string(verdict_names[row->verdict]) : json_null(), "why",
		row->why, "clock", row->run->clock);
	if (object != NULL && several)
		json_object_set_new(object, "run", json_string(row->run->id));
	return object;
}

int show_json(const struct summary *summaries, size_t n, FILE *out)
{
	json_t *array = json_array();
	int err = -ENOMEM;

	for (size_t s = 0; s < n; s++)
		for (size_t i = 0; i < summaries[s].n; i++)
			if (json_array_append_new(array, row_json(&summaries[s].rows[i], n > 1)))
				goto out;
	err = jsontext_print(array, JSON_INDENT(1) | JSON_REAL_PRECISION(12), out);
out:
	json_decref(array);
	return err;
}

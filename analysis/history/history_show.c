/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_show.c - prints the changes of a history as a table and as JSON; see history_show.h. history_list.c lists the index itself.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <libsmartcols.h>

#include "analysis/summary/format.h"
#include "analysis/history/history_show.h"
#include "base/jsontext.h"

#define SHORT_ID 8 /* characters of a run's id in a table */

/* "4.61 us -> 4.98 us" */
static void values_text(const struct history_change *change, const char *unit, char *text, size_t bytes)
{
	char before[FORMAT_VALUE], after[FORMAT_VALUE];

	format_value(change->point.before, unit, before);
	format_value(change->point.after, unit, after);
	snprintf(text, bytes, "%s -> %s", before, after);
}

static void change_text(const struct history_change *change, char *text, size_t bytes)
{
	double pct = change_points_pct(&change->point);

	if (change->point.drift && isfinite(change->point.slope_pct))
		snprintf(text, bytes, "%+.*f %%/run", fabs(change->point.slope_pct) < 0.1 ? 3 : 2, change->point.slope_pct);
	else if (isfinite(pct))
		snprintf(text, bytes, "%+.*f %%", fabs(pct) < 1.0 ? 2 : 1, pct);
	else
		strcpy(text, "-");
}

/* ---- the table ------------------------------------------------------------------------------------------- */

enum column { STATE, SERIES, VALUES, CHANGE, P, STARTED, RUN, COLUMNS };
static const char *const columns[COLUMNS] = {"STATE", "SERIES", "VALUE", "CHANGE", "P", "FROM", "RUN"};

static int add_line(struct libscols_table *table, const struct history *history, const struct history_change *change, const struct index_run *at)
{
	const struct index_series *series = &history->series[change->series];
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char values[2 * FORMAT_VALUE + 8], percent[32], p[24] = "-", run[SHORT_ID + 1];
	const char *text[COLUMNS] = {
		[STATE] = history_state_names[change->state],
		[SERIES] = series->name,
		[VALUES] = values,
		[CHANGE] = percent,
		[P] = p,
		[STARTED] = at->started,
		[RUN] = run,
	};

	values_text(change, series->unit, values, sizeof(values));
	change_text(change, percent, sizeof(percent));
	if (!isnan(change->point.p))
		snprintf(p, sizeof(p), "%.1g", change->point.p);
	snprintf(run, sizeof(run), "%s", *at->run_id ? at->run_id : "-");
	for (enum column c = 0; line != NULL && c < COLUMNS; c++)
		if (scols_line_set_data(line, c, text[c]))
			line = NULL;
	return line != NULL ? 0 : -ENOMEM;
}

static struct libscols_table *new_table(FILE *out)
{
	struct libscols_table *table = scols_new_table();

	if (table == NULL)
		return NULL;
	scols_table_set_stream(table, out);
	scols_table_set_termforce(table, isatty(fileno(out)) ? SCOLS_TERMFORCE_AUTO : SCOLS_TERMFORCE_NEVER);
	for (enum column c = 0; c < COLUMNS; c++)
		if (scols_table_new_column(table, columns[c], 0, c == SERIES && isatty(fileno(out)) ? SCOLS_FL_WRAP : 0) == NULL) {
			scols_unref_table(table);
			return NULL;
		}
	return table;
}

static int show_changes(const struct history *history, const struct index *index, FILE *out, struct fs_reason *why)
{
	struct libscols_table *table = new_table(out);
	int err = table != NULL ? 0 : fs_no_memory(why);

	for (size_t i = 0; i < history->n_changes && err == 0; i++) {
		struct index_run at;

		err = index_get_run(index, history->changes[i].at, &at, why);
		if (err == 0 && add_line(table, history, &history->changes[i], &at))
			err = fs_no_memory(why);
		index_run_free(&at);
	}
	if (err == 0 && history->n_changes)
		scols_print_table(table);
	scols_unref_table(table);
	return err;
}

static bool is_at(const struct history_change *change, const struct history_change *other)
{
	return change->at == other->at && change->before == other->before && change->point.drift == other->point.drift;
}

/* Whether everything that changed at that run is expected, for one reason. */
static bool all_expected(const struct history *history, const struct history_change *change)
{
	for (size_t i = 0; i < history->n_changes; i++)
		if (is_at(&history->changes[i], change) && strcmp(history->changes[i].why, change->why) != 0)
			return false;
	return true;
}

/* Ends the line, then prints the expected changes at that run. */
static void show_expected(const struct history *history, const struct history_change *change, FILE *out)
{
	fputc('\n', out);
	for (size_t i = 0; i < history->n_changes; i++)
		if (is_at(&history->changes[i], change) && *history->changes[i].why)
			fprintf(out, "    (expected: %s) %s\n", history->changes[i].why, history->series[history->changes[i].series].name);
}

/* One block for each run at which something changed: its day, and the differences from the run before. */
static int show_cause(const struct history *history, const struct index *index, const struct history_change *change, FILE *out, struct fs_reason *why)
{
	struct index_run at;
	struct unlike unlike = {0};
	int err = index_get_run(index, change->at, &at, why);

	if (err != 0)
		return err;
	err = history_unlike(index, change->before, change->at, &unlike, why);
	fprintf(out, "at %s %.*s", at.started, SHORT_ID, *at.run_id ? at.run_id : "-");
	if (*change->why && all_expected(history, change))
		fprintf(out, " (expected: %s)\n", change->why);
	else
		show_expected(history, change, out);
	for (size_t i = 0; i < unlike.n; i++)
		if (unlike.fields[i].kind != UNLIKE_STATE)
			fprintf(out, "    %s %s -> %s\n", unlike.fields[i].name, unlike.fields[i].base, unlike.fields[i].new);
	for (size_t i = 0; i < unlike.n; i++)
		if (unlike.fields[i].kind == UNLIKE_STATE)
			fprintf(out, "    (state) %s %s -> %s\n", unlike.fields[i].name, unlike.fields[i].base, unlike.fields[i].new);
	if (err == 0 && !unlike.n)
		fputs("    no recorded difference from the run before\n", out);
	unlike_free(&unlike);
	index_run_free(&at);
	return err;
}

/* A drift starts at no particular run, so no run is named as its cause. */
static int show_drift(const struct history *history, const struct index *index, const struct history_change *change, FILE *out, struct fs_reason *why)
{
	const struct change_point *point = &change->point;
	int places = fabs(point->slope_pct) < 0.1 ? 4 : 3;
	struct index_run at;
	int err = index_get_run(index, change->at, &at, why);

	if (err != 0)
		return err;
	fprintf(out, "%s: drift of %+.*f %% a run (%+.*f to %+.*f) since about %s, over %zu runs%s%s%s\n", history->series[change->series].name,
		places, point->slope_pct, places, point->lo_pct, places, point->hi_pct, at.started, point->end - point->at,
		*change->why ? " (expected: " : "", change->why, *change->why ? ")" : "");
	index_run_free(&at);
	return 0;
}

static bool is_first_at(const struct history *history, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (is_at(&history->changes[j], &history->changes[i]))
			return false;
	return true;
}

int history_show_table(const struct history *history, const struct index *index, int status, FILE *out, struct fs_reason *why)
{
	static const char *const words[HISTORY_STATES] = {"better", "expected", "recovered", "older", "changed", "worse"};
	int err = show_changes(history, index, out, why);

	for (size_t i = 0; i < history->n_changes && err == 0; i++)
		if (history->changes[i].point.drift)
			err = show_drift(history, index, &history->changes[i], out, why);
		else if (is_first_at(history, i))
			err = show_cause(history, index, &history->changes[i], out, why);
	if (err != 0)
		return err;
	fputs("verdict: ", out);
	for (int s = HISTORY_STATES - 1; s >= 0; s--)
		if (history->states[s])
			fprintf(out, "%zu %s, ", history->states[s], words[s]);
	fprintf(out, "%zu runs, %zu series", history->n_runs, history->n_series);
	if (history->few)
		fprintf(out, ", %zu of them with too few runs to decide (%d needed, with noise %zu)", history->few, HISTORY_MIN, history->needs);
	fprintf(out, " (exit %d)\n", status);
	return fflush(out) ? fs_because(why, -errno, "", "cannot write: %s", strerror(errno)) : 0;
}

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static json_t *number(double value)
{
	json_t *real = json_real(value);

	return real != NULL ? real : json_null();
}

/* Returns NULL, with the reason, on failure. */
static json_t *run_json(const struct index *index, int64_t id, struct fs_reason *why)
{
	struct index_run run;
	json_t *object;

	if (index_get_run(index, id, &run, why))
		return NULL;
	object = json_pack("{s:s, s:s, s:s}", "run", run.run_id, "started", run.started, "file", run.path);
	index_run_free(&run);
	return object;
}

static json_t *differs_json(const struct index *index, const struct history_change *change, struct fs_reason *why)
{
	static const char *const kinds[] = {[UNLIKE_IDENTITY] = "identity", [UNLIKE_FACTOR] = "factor", [UNLIKE_STATE] = "state"};
	json_t *array = json_array();
	struct unlike unlike;

	if (history_unlike(index, change->before, change->at, &unlike, why)) {
		json_decref(array);
		array = NULL;
	}
	for (size_t i = 0; array != NULL && i < unlike.n; i++)
		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "kind", kinds[unlike.fields[i].kind], "name", unlike.fields[i].name,
						     "before", unlike.fields[i].base, "after", unlike.fields[i].new));
	unlike_free(&unlike);
	return array;
}

static json_t *change_json(const struct history *history, const struct index *index, const struct history_change *change, struct fs_reason *why)
{
	const struct index_series *series = &history->series[change->series];
	json_t *at = run_json(index, change->at, why), *before = run_json(index, change->before, why);
	json_t *differs = change->point.drift ? json_array() : differs_json(index, change, why);
	json_t *drift = change->point.drift ? json_pack("{s:o, s:[o, o], s:I}", "pct_per_run", number(change->point.slope_pct), "ci_pct_per_run",
						      number(change->point.lo_pct), number(change->point.hi_pct), "runs",
						      (json_int_t)(change->point.end - change->point.at))
					    : json_null();

	if (at == NULL || before == NULL || differs == NULL || drift == NULL) {
		json_decref(drift);
		json_decref(at);
		json_decref(before);
		json_decref(differs);
		return NULL;
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:[o, o], s:o, s:o, s:s, s:o, s:o}", "state",
		history_state_names[change->state], "cell", series->cell, "metric", series->metric, "unit", series->unit, "better",
		better_names[series->better], "machine", series->fingerprint, "clock", series->clock, "emulated", (int)series->emulated, "at", at,
		"before", before, "value", number(change->point.before), number(change->point.after), "change_pct",
		number(change_points_pct(&change->point)), "p", number(change->point.p), "why", change->why, "differs", differs, "drift", drift);
}

static const char *verdict_of(const struct history *history)
{
	for (int s = HISTORY_STATES - 1; s >= HISTORY_CHANGED; s--)
		if (history->states[s])
			return history_state_names[s];
	return "SAME";
}

int history_show_json(const struct history *history, const struct index *index, FILE *out, struct fs_reason *why)
{
	json_t *changes = json_array(), *all;
	int err = 0;

	for (size_t i = 0; i < history->n_changes && err == 0; i++) {
		json_t *change = change_json(history, index, &history->changes[i], why);

		if (json_array_append_new(changes, change))
			err = *why->what ? -EIO : fs_no_memory(why);
	}
	all = json_pack("{s:I, s:I, s:I, s:I, s:o, s:s}", "runs", (json_int_t)history->n_runs, "series", (json_int_t)history->n_series, "few",
		(json_int_t)history->few, "needs", (json_int_t)history->needs, "changes", changes, "verdict", verdict_of(history));
	if (err == 0)
		err = jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(12), out);
	if (err != 0 && !*why->what)
		err = fs_because(why, err, "", err == -ENOMEM ? "out of memory" : "cannot write");
	json_decref(all);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_table.c - prints the changes of a history as tables, on one screen: the verdict, the changes, what differed at each; see history_show.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/history/history_show.h"
#include "analysis/summary/format.h"
#include "base/terminal.h"

#define ROWS_MAX     20 /* of a screen */
#define SPLIT_MAX    12 /* where each has two lines */
#define CAUSES_MAX   5	/* runs at which something changed */
#define EXPECTED_MAX 3	/* changes that are expected at a run */
#define DAY	     10 /* letters of it */
#define INDENT	     4

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
	char number[FORMAT_FIXED];

	if (change->point.drift && isfinite(change->point.slope_pct))
		text_fit(text, bytes, "%s %%/run", format_fixed(change->point.slope_pct, fabs(change->point.slope_pct) < 0.1 ? 3 : 2, true, number));
	else if (isfinite(pct))
		text_fit(text, bytes, "%s %%", format_fixed(pct, fabs(pct) < 1.0 ? 2 : 1, true, number));
	else
		strcpy(text, "-");
}

/* ---- the changes ----------------------------------------------------------------------------------------- */

enum column { STATE, SERIES, VALUES, CHANGE, P, STARTED, RUN, COLUMNS };
static const char *const heads[COLUMNS] = {"STATE", "SERIES", "VALUE", "CHANGE", "P", "FROM", "RUN"};

struct line {
	const char *state, *series;
	char values[2 * FORMAT_VALUE + 8], change[FORMAT_FIXED + 8], p[24], started[32], run[RUNFILE_SHORT_ID + 1];
};

struct table {
	const struct history *history;
	const struct index *index;
	const struct history_change **order; /* alarms first */
	struct line *lines;
	size_t n;		 /* changes that are shown */
	unsigned width[COLUMNS]; /* 0: not shown */
	unsigned columns;	 /* of the terminal; 0: everything is shown */
	unsigned fold;		 /* at which sentences are broken; 0: they are not */
	bool split;		 /* a line for the series, and one for the rest */
	FILE *out;
};

static bool is_alarm(const struct history_change *change)
{
	return change->state >= HISTORY_CHANGED;
}

static int sort_changes(struct table *table)
{
	const struct history *history = table->history;
	size_t n = 0;

	table->order = calloc(history->n_changes + 1, sizeof(*table->order));
	if (table->order == NULL)
		return -ENOMEM;
	for (int alarm = 1; alarm >= 0; alarm--)
		for (size_t i = 0; i < history->n_changes; i++)
			if (is_alarm(&history->changes[i]) == (alarm == 1))
				table->order[n++] = &history->changes[i];
	table->n = table->columns > 0 && n > ROWS_MAX ? ROWS_MAX : n;
	return 0;
}

static const char *text_of(const struct line *line, enum column column)
{
	const char *const texts[COLUMNS] = {line->state, line->series, line->values, line->change, line->p, line->started, line->run};

	return texts[column];
}

static int make_line(const struct table *table, const struct history_change *change, struct line *line, struct fs_reason *why)
{
	const struct index_series *series = &table->history->series[change->series];
	struct index_run at;
	int err = index_get_run(table->index, change->at, &at, why);

	if (err != 0)
		return err;
	*line = (struct line){.state = history_state_names[change->state], .series = series->name, .p = "-"};
	values_text(change, series->unit, line->values, sizeof(line->values));
	change_text(change, line->change, sizeof(line->change));
	if (!isnan(change->point.p))
		snprintf(line->p, sizeof(line->p), "%.1g", change->point.p);
	snprintf(line->started, sizeof(line->started), "%s", at.started);
	snprintf(line->run, sizeof(line->run), "%s", *at.run_id != '\0' ? at.run_id : "-");
	index_run_free(&at);
	return 0;
}

static int make_lines(struct table *table, struct fs_reason *why)
{
	int err = sort_changes(table) != 0 ? fs_no_memory(why) : 0;

	if (err == 0)
		table->lines = calloc(table->n + 1, sizeof(*table->lines));
	if (err == 0 && table->lines == NULL)
		err = fs_no_memory(why);
	for (size_t i = 0; i < table->n && err == 0; i++)
		err = make_line(table, table->order[i], &table->lines[i], why);
	return err;
}

static bool is_too_wide(const struct table *table)
{
	unsigned used = 0;

	for (enum column c = 0; c < COLUMNS; c++)
		used += table->width[c] > 0 ? table->width[c] + (c > 0 ? 1 : 0) : 0;
	return table->columns > 0 && used > table->columns;
}

/* Where not all fits, first p goes, then the run, then the time of the day, then each change has two lines. */
static void choose_widths(struct table *table)
{
	unsigned run, started;

	for (enum column c = 0; c < COLUMNS; c++) {
		table->width[c] = (unsigned)strlen(heads[c]);
		for (size_t i = 0; i < table->n; i++)
			if (terminal_width(text_of(&table->lines[i], c)) > table->width[c])
				table->width[c] = terminal_width(text_of(&table->lines[i], c));
	}
	run = table->width[RUN];
	started = table->width[STARTED];
	if (is_too_wide(table))
		table->width[P] = 0;
	if (is_too_wide(table))
		table->width[RUN] = 0;
	if (is_too_wide(table))
		table->width[STARTED] = DAY;
	table->split = is_too_wide(table);
	if (!table->split)
		return;
	table->n = table->n < SPLIT_MAX ? table->n : SPLIT_MAX;
	table->width[SERIES] = 0;
	table->width[STATE] = INDENT - 1;
	table->width[STARTED] = started;
	table->width[RUN] = run;
	if (is_too_wide(table))
		table->width[RUN] = 0;
}

static void put_line(const struct table *table, const struct line *line)
{
	enum column last = table->width[RUN] > 0 ? RUN : STARTED;

	if (table->split)
		fprintf(table->out, "%s %s\n%*s", line != NULL ? line->state : heads[STATE], line != NULL ? line->series : heads[SERIES], INDENT - 1,
			"");
	for (enum column c = table->split ? VALUES : STATE; c <= last; c++) {
		const char *text = line != NULL ? text_of(line, c) : heads[c];

		if (table->width[c] > 0)
			fprintf(table->out, "%s%-*.*s", c > STATE ? " " : "", c < last ? (int)table->width[c] : 0, (int)table->width[c], text);
	}
	fputc('\n', table->out);
}

static void put_lines(struct table *table)
{
	choose_widths(table);
	if (table->n > 0)
		put_line(table, NULL);
	for (size_t i = 0; i < table->n; i++)
		put_line(table, &table->lines[i]);
	if (table->history->n_changes > table->n)
		fprintf(table->out, "... and %zu more changes: --all lists them\n", table->history->n_changes - table->n);
}

/* ---- what differed at them ------------------------------------------------------------------------------- */

static void put_text(const struct table *table, unsigned indent, const char *fmt, ...) FS_PRINTF(3, 4);
static void put_text(const struct table *table, unsigned indent, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	if (text != NULL && table->fold > 0)
		terminal_wrap(table->out, text, table->fold, indent);
	else if (text != NULL)
		fprintf(table->out, "%s\n", text);
	free(text);
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

/* The expected changes at that run. */
static void put_expected(const struct table *table, const struct history_change *change)
{
	const struct history *history = table->history;
	size_t n = 0;

	for (size_t i = 0; i < history->n_changes; i++)
		if (is_at(&history->changes[i], change) && *history->changes[i].why != '\0' && (n++ < EXPECTED_MAX || table->columns == 0))
			put_text(table, 8, "    (expected: %s) %s", history->changes[i].why, history->series[history->changes[i].series].name);
	if (n > EXPECTED_MAX && table->columns > 0)
		put_text(table, 8, "    and %zu more that are expected", n - EXPECTED_MAX);
}

static void put_differences(const struct table *table, const struct unlike *unlike)
{
	for (int state = 0; state <= 1; state++)
		for (size_t i = 0; i < unlike->n; i++)
			if ((unlike->fields[i].kind == UNLIKE_STATE) == (state == 1))
				put_text(table, 8, "    %s%s %s -> %s", state == 1 ? "(state) " : "", unlike->fields[i].name, unlike->fields[i].base,
					unlike->fields[i].new);
	if (unlike->n == 0)
		put_text(table, 8, "    no recorded difference from the run before");
}

/* One block for each run at which something changed: its day, and the differences from the run before. */
static int put_cause(const struct table *table, const struct history_change *change, struct fs_reason *why)
{
	bool expected = *change->why != '\0' && all_expected(table->history, change);
	struct index_run at;
	struct unlike unlike = {0};
	int err = index_get_run(table->index, change->at, &at, why);

	if (err != 0)
		return err;
	err = history_unlike(table->index, change->before, change->at, &unlike, why);
	put_text(table, 4, "at %s %.*s%s%s%s", at.started, RUNFILE_SHORT_ID, *at.run_id != '\0' ? at.run_id : "-", expected ? " (expected: " : "",
		expected ? change->why : "", expected ? ")" : "");
	if (!expected)
		put_expected(table, change);
	if (err == 0)
		put_differences(table, &unlike);
	unlike_free(&unlike);
	index_run_free(&at);
	return err;
}

/* A drift starts at no particular run, so no run is named as its cause. */
static int put_drift(const struct table *table, const struct history_change *change, struct fs_reason *why)
{
	const struct change_point *point = &change->point;
	int places = fabs(point->slope_pct) < 0.1 ? 4 : 3;
	struct index_run at;
	int err = index_get_run(table->index, change->at, &at, why);

	if (err != 0)
		return err;
	put_text(table, 4, "%s: drift of %+.*f %% a run (%+.*f to %+.*f) since about %s, over %zu runs%s%s%s",
		table->history->series[change->series].name, places, point->slope_pct, places, point->lo_pct, places, point->hi_pct, at.started,
		point->end - point->at, *change->why != '\0' ? " (expected: " : "", change->why, *change->why != '\0' ? ")" : "");
	index_run_free(&at);
	return 0;
}

static bool is_first_at(const struct table *table, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (is_at(table->order[j], table->order[i]))
			return false;
	return true;
}

static void put_verdict(const struct table *table, int status)
{
	static const char *const words[HISTORY_STATES] = {"better", "expected", "recovered", "older", "changed", "worse"};
	const struct history *history = table->history;
	char text[400];
	size_t used = (size_t)snprintf(text, sizeof(text), "verdict: ");

	for (int s = HISTORY_STATES - 1; s >= 0; s--)
		if (history->states[s] > 0)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%zu %s, ", history->states[s], words[s]);
	used += (size_t)snprintf(
		text + used, sizeof(text) - used, "%zu run%s, %zu series", history->n_runs, TEXT_S(history->n_runs), history->n_series);
	if (history->few > 0)
		used += (size_t)snprintf(text + used, sizeof(text) - used, ", %zu of them with too few runs to decide (%d needed, with noise %zu)",
			history->few, HISTORY_MIN, history->needs);
	snprintf(text + used, sizeof(text) - used, " (exit %d)", status);
	put_text(table, 9, "%s", text);
}

static int put_causes(const struct table *table, struct fs_reason *why)
{
	size_t shown = 0, left = 0;
	int err = 0;

	for (size_t i = 0; i < table->history->n_changes && err == 0; i++) {
		const struct history_change *change = table->order[i];

		if (!change->point.drift && !is_first_at(table, i))
			continue;
		if (table->columns > 0 && shown >= CAUSES_MAX)
			left++;
		else if (change->point.drift)
			err = put_drift(table, change, why);
		else
			err = put_cause(table, change, why);
		shown++;
	}
	if (left > 0)
		fprintf(table->out, "... and what differed at %zu more: --all lists it\n", left);
	return err;
}

int history_show_table(const struct history *history, const struct index *index, int status, unsigned columns, FILE *out, struct fs_reason *why)
{
	struct table table = {.history = history, .index = index, .columns = columns, .fold = columns, .out = out};
	int err = make_lines(&table, why);

	if (columns == 0 && isatty(fileno(out)) == 1)
		table.fold = terminal_columns(out);
	if (err == 0) {
		put_verdict(&table, status);
		put_lines(&table);
		err = put_causes(&table, why);
	}
	free(table.order);
	free(table.lines);
	if (err == 0 && fflush(out) != 0)
		err = fs_because(why, -errno, "", "cannot write: %s", strerror(errno));
	return err;
}

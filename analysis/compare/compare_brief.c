/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_brief.c - prints a comparison in one screen: the verdict first, then what changed by how much, then what differs between the runs.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare_texts.h"
#include "analysis/summary/format.h"
#include "base/terminal.h"

#define ROWS_MAX  20
#define ALONE_MAX 2  /* cells that only one run has, named */
#define SPLIT_MAX 12 /* rows, where each has two lines */
#define INDENT	  4

enum column { METRIC, VALUES, CHANGE, INTERVAL, VERDICT, NOTE, COLUMNS };
static const char *const heads[COLUMNS] = {"METRIC", "BASE -> NEW", "CHANGE", "95 % INTERVAL", "VERDICT", "NOTE"};

struct line {
	struct text label;
	struct compare_texts texts;
	const char *verdict;
};

struct brief {
	const struct compare_report *report;
	const struct compare_row **order; /* all that are not the same, the worst first */
	size_t n;
	struct line *lines;	 /* the first ROWS_MAX of them */
	size_t n_lines, n_made;	 /* shown; of the array */
	unsigned width[COLUMNS]; /* 0: not shown */
	bool split;		 /* a line for the label, and one for the rest */
	unsigned columns;
};

/* ---- the rows -------------------------------------------------------------------------------------------- */

static int by_weight(const void *a, const void *b)
{
	const struct compare_row *x = *(const struct compare_row *const *)a, *y = *(const struct compare_row *const *)b;
	double p = x->has_change ? fabs(x->change_pct) : INFINITY, q = y->has_change ? fabs(y->change_pct) : INFINITY;

	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? 1 : -1;
	return p != q ? (p < q) - (p > q) : (x > y) - (x < y);
}

static int sort_rows(struct brief *brief)
{
	const struct comparison *comparison = brief->report->comparison;

	brief->order = calloc(comparison->n + 1, sizeof(*brief->order));
	if (brief->order == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < comparison->n; i++)
		if (comparison->rows[i].verdict != COMPARE_SAME)
			brief->order[brief->n++] = &comparison->rows[i];
	qsort(brief->order, brief->n, sizeof(*brief->order), by_weight);
	return 0;
}

static const char *cell_of(const struct line *line, enum column column)
{
	const char *const texts[COLUMNS] = {text_string(&line->label), line->texts.values, line->texts.change, line->texts.interval, line->verdict,
		text_string(&line->texts.note)};

	return texts[column];
}

static int make_lines(struct brief *brief)
{
	int err = 0;

	brief->n_lines = brief->n_made = brief->n < ROWS_MAX ? brief->n : ROWS_MAX;
	brief->lines = calloc(brief->n_lines + 1, sizeof(*brief->lines));
	if (brief->lines == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < brief->n_lines && err == 0; i++) {
		const struct compare_row *row = brief->order[i];
		struct line *line = &brief->lines[i];

		err = compare_make_texts(brief->report, row, &line->texts);
		format_cell(row->base->cell, &line->label);
		text_add(&line->label, " %s", row->base->metric);
		line->verdict = compare_verdict_names[row->verdict];
	}
	return err;
}

static void free_lines(struct brief *brief)
{
	for (size_t i = 0; brief->lines != NULL && i < brief->n_made; i++) {
		text_clear(&brief->lines[i].label);
		compare_free_texts(&brief->lines[i].texts);
	}
	free(brief->lines);
}

/* ---- the width ------------------------------------------------------------------------------------------- */

static unsigned used_by(const struct brief *brief)
{
	unsigned used = 0;

	for (enum column c = 0; c < COLUMNS; c++)
		used += brief->width[c] > 0 ? brief->width[c] + (c > 0 ? 1 : 0) : 0;
	return used;
}

/* Where not all fits, first the notes go, then the intervals, then each metric has two lines. */
static void choose_widths(struct brief *brief)
{
	unsigned interval;

	for (enum column c = 0; c < COLUMNS; c++)
		for (size_t i = 0; i < brief->n_lines; i++) {
			unsigned width = terminal_width(cell_of(&brief->lines[i], c));

			if (width > brief->width[c])
				brief->width[c] = width;
		}
	/* "-" everywhere */
	if (brief->width[INTERVAL] == 1)
		brief->width[INTERVAL] = 0;
	for (enum column c = 0; c < COLUMNS; c++)
		if (brief->width[c] > 0 && brief->width[c] < strlen(heads[c]))
			brief->width[c] = (unsigned)strlen(heads[c]);
	interval = brief->width[INTERVAL];
	if (used_by(brief) > brief->columns)
		brief->width[NOTE] = 0;
	if (used_by(brief) > brief->columns)
		brief->width[INTERVAL] = 0;
	brief->split = used_by(brief) > brief->columns;
	if (brief->split) {
		brief->width[INTERVAL] = interval;
		if (used_by(brief) - brief->width[METRIC] + INDENT - 1 > brief->columns)
			brief->width[INTERVAL] = 0;
		brief->n_lines = brief->n_lines < SPLIT_MAX ? brief->n_lines : SPLIT_MAX;
	}
}

/* The last column is not padded. */
static void put_text(const struct brief *brief, enum column c, const char *text, bool last, FILE *out)
{
	fputc(' ', out);
	terminal_put(out, text, last ? 0 : brief->width[c], c == CHANGE);
}

static void put_line(const struct brief *brief, const struct line *line, FILE *out)
{
	enum column last = brief->width[NOTE] > 0 && (line == NULL || line->texts.note.len != 0) ? NOTE : VERDICT;

	if (brief->split)
		fprintf(out, "%s\n%*s", line != NULL ? text_string(&line->label) : heads[METRIC], INDENT - 1, "");
	else
		terminal_put(out, line != NULL ? text_string(&line->label) : heads[METRIC], brief->width[METRIC], false);
	for (enum column c = METRIC + 1; c <= last; c++)
		if (brief->width[c] > 0)
			put_text(brief, c, line != NULL ? cell_of(line, c) : heads[c], c == last, out);
	fputc('\n', out);
}

/* ---- the rest -------------------------------------------------------------------------------------------- */

static void put_alone(const struct brief *brief, bool in_base, FILE *out)
{
	const struct comparison *comparison = brief->report->comparison;
	struct text line = {0};
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_alone; i++) {
		if (comparison->alone[i].in_base != in_base || n++ >= ALONE_MAX)
			continue;
		text_add(&line, "only in %s  ", in_base ? "base" : "new ");
		compare_alone_text(&comparison->alone[i], &line);
		terminal_wrap(out, text_string(&line), brief->columns, 14);
		text_clear(&line);
	}
	if (n > ALONE_MAX)
		fprintf(out, "only in %s  and %zu more\n", in_base ? "base" : "new ", n - ALONE_MAX);
}

/* How many rounds would decide what can be decided. */
static void put_advice(const struct brief *brief, FILE *out)
{
	size_t open = 0, can = 0;
	double most = 0.0;
	char line[160], number[FORMAT_FIXED];

	for (size_t i = 0; i < brief->n; i++) {
		const struct compare_row *row = brief->order[i];

		if (row->verdict != COMPARE_UNDECIDED && row->verdict != COMPARE_SUSPECT)
			continue;
		open++;
		if (row->more_rounds > 0.0 && isfinite(row->more_rounds)) {
			can++;
			most = fmax(most, row->more_rounds);
		}
	}
	text_fit(line, sizeof(line), "rounds  about %s more in each run would decide %zu of %zu that are open", format_fixed(most, 0, false, number),
		can, open);
	if (can > 0)
		terminal_wrap(out, line, brief->columns, 8);
}

static void put_rest(const struct brief *brief, FILE *out)
{
	const struct compare_report *report = brief->report;
	struct text line = {0};

	put_advice(brief, out);
	put_alone(brief, true, out);
	put_alone(brief, false, out);
	if (report->comparison->empty > 0)
		fprintf(out, "%zu cell%s without a value in either run\n", report->comparison->empty, report->comparison->empty == 1 ? "" : "s");
	text_add(&line, "all     every metric: fivestep compare --all %s %s; why: --explain", report->base->path, report->new->path);
	terminal_wrap(out, text_string(&line), brief->columns, 8);
	text_clear(&line);
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static int put_comparison(struct brief *brief, FILE *out)
{
	struct text line = {0};
	int err = sort_rows(brief);

	if (err == 0)
		err = make_lines(brief);
	if (err != 0)
		return err;
	text_add(&line, "verdict: ");
	compare_verdict_text(brief->report->comparison, &line);
	text_add(&line, " (exit %d)", brief->report->status);
	terminal_wrap(out, text_string(&line), brief->columns, 9);
	text_clear(&line);
	choose_widths(brief);
	if (brief->n_lines > 0)
		put_line(brief, NULL, out);
	for (size_t i = 0; i < brief->n_lines; i++)
		put_line(brief, &brief->lines[i], out);
	if (brief->n > brief->n_lines)
		fprintf(out, "... and %zu more that are not the same\n", brief->n - brief->n_lines);
	return 0;
}

int compare_show_brief(const struct compare_report *report, unsigned columns, FILE *out)
{
	struct brief brief = {.report = report, .columns = columns};
	int err = report->comparison != NULL ? put_comparison(&brief, out) : 0;

	/* the reasons why runs are not comparable are listed in full */
	compare_print_machines(report, columns, report->comparison == NULL, out);
	if (err == 0 && report->comparison != NULL)
		put_rest(&brief, out);
	if (err == 0 && fflush(out) != 0)
		err = -errno;
	free(brief.order);
	free_lines(&brief);
	return err;
}

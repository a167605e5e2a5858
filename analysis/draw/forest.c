/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * forest.c - a run against its base: the change of each metric with its interval, against the margin. The verdict is in the shape.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/draw/drawing.h"

#define PARTS 3 /* pictures at most: the smallest changes are only in the table of the comparison */

/* In the order of the legend. */
static const enum compare_verdict shown[] = {COMPARE_FASTER, COMPARE_SAME, COMPARE_UNDECIDED, COMPARE_SLOWER};

static bool is_shown(const struct compare_row *row)
{
	return row->has_change && row->has_interval && row->verdict != COMPARE_CHANGED;
}

/* All open verdicts look alike; the tooltip has the word. */
static enum compare_verdict shown_as(const struct compare_row *row)
{
	return row->verdict == COMPARE_SUSPECT || row->verdict == COMPARE_DISTURBED ? COMPARE_UNDECIDED : row->verdict;
}

static int change_order(const void *a, const void *b)
{
	const struct compare_row *p = *(const struct compare_row *const *)a, *q = *(const struct compare_row *const *)b;
	double x = fabs(p->change_pct), y = fabs(q->change_pct);

	return (x < y) - (x > y);
}

static void put_verdict(struct sheet *sheet, const struct compare_row *const *list, const struct rows *rows, enum compare_verdict verdict)
{
	picture_block(&sheet->picture);
	for (unsigned i = 0; i < rows->n; i++) {
		const struct compare_row *row = list[i];

		if (shown_as(row) != verdict)
			continue;
		fprintf(sheet->picture.numbers, "%u\t%.9g\t%.9g\t%.9g\n", i + 1, row->change_pct, row->lo_pct, row->hi_pct);
		picture_tip(&sheet->picture, row->change_pct, i + 1.0, "%s: %+.2f %% [%+.2f, %+.2f] %s", rows->label[i], row->change_pct, row->lo_pct,
			row->hi_pct, compare_verdict_names[row->verdict]);
	}
	/* gnuplot does not accept an empty block: add a point out of sight */
	fputs("-9\t0\t0\t0\n", sheet->picture.numbers);
}

static void put_table(struct sheet *sheet, const struct compare_row *const *list, const struct rows *rows)
{
	for (unsigned i = 0; i < rows->n; i++) {
		sheet_cell(sheet, "%s", rows->label[i]);
		sheet_cell(sheet, "%+.2f %%", list[i]->change_pct);
		sheet_cell(sheet, "[%+.2f, %+.2f]", list[i]->lo_pct, list[i]->hi_pct);
		sheet_cell(sheet, "%.3g %%", list[i]->margin_pct);
		sheet_cell(sheet, "%s", compare_verdict_names[list[i]->verdict]);
		sheet_row(sheet);
	}
}

/* How many became slower and faster, and by how much at most; the largest changes come first. */
static void put_answer(struct sheet *sheet, const struct compare_row *const *list, const struct rows *rows)
{
	static const enum compare_verdict said[] = {COMPARE_SLOWER, COMPARE_FASTER};
	unsigned counts[FS_ARRAY_SIZE(said)] = {0}, open = 0;

	for (unsigned v = 0; v < FS_ARRAY_SIZE(said); v++) {
		unsigned first = rows->n;

		for (unsigned i = rows->n; i-- > 0;) {
			counts[v] += list[i]->verdict == said[v];
			first = list[i]->verdict == said[v] ? i : first;
		}
		if (first < rows->n)
			sheet_answer(sheet, "%s: %u of %u, most of all %s by %+.1f %%.", v == 0 ? "Slower" : "Faster", counts[v], rows->n,
				rows->label[first], list[first]->change_pct);
	}
	for (unsigned i = 0; i < rows->n; i++)
		open += shown_as(list[i]) == COMPARE_UNDECIDED;
	if (counts[0] == 0 && counts[1] == 0)
		sheet_answer(sheet, "None of %u is certainly slower or faster.", rows->n);
	if (open > 0)
		sheet_answer(sheet, "For %u it cannot be told.", open);
}

static int draw_part(struct maker *maker, const struct compare_row *const *list, unsigned n, bool more)
{
	const char *names[FS_ARRAY_SIZE(shown)];
	struct rows rows = {.n = n};
	double reach = 0.0, margin = 0.0;
	struct sheet sheet;
	int err = sheet_begin(&sheet, maker, "forest", "metric|>change|95 % interval|>margin|verdict", "Change against the base");

	if (err != 0)
		return err;
	for (unsigned i = 0; i < n; i++) {
		rows.label[i] = drawing_name(maker->run, list[i]->new);
		reach = fmax(reach, fmax(fabs(list[i]->lo_pct), fabs(list[i]->hi_pct)));
		margin = fmax(margin, list[i]->margin_pct);
	}
	rows_put(&sheet.picture, &rows);
	for (unsigned v = 0; v < FS_ARRAY_SIZE(shown); v++) {
		names[v] = compare_verdict_names[shown[v]];
		put_verdict(&sheet, list, &rows, shown[v]);
	}
	picture_names(&sheet.picture, names, FS_ARRAY_SIZE(shown), NULL);
	picture_number(&sheet.picture, "band", margin);
	/* a wide interval must not compress all others */
	picture_number(&sheet.picture, "reach", fmax(fmin(reach, 100.0), 2.0 * margin) * 1.08);
	picture_text(&sheet.picture, "x_label", "change against the base, %");
	picture_rows(&sheet.picture, n, PICTURE_SMALL_ROW_PX);
	put_table(&sheet, list, &rows);
	put_answer(&sheet, list, &rows);
	sheet_caption(&sheet,
		"Median change with its 95 %% interval, the largest first; the band is the margin within which a change does not matter.%s",
		more ? " Smaller changes are in fivestep compare's table." : "");
	sheet_alt(&sheet, "Dots with intervals: the change of each metric against the base, in percent. The numbers are in the table below.");
	return sheet_end(&sheet);
}

static int draw_run(struct maker *maker)
{
	const struct comparison *comparison = maker->comparison;
	const struct compare_row **list;
	size_t n = 0, drawn = 0;
	int err = 0;

	if (comparison == NULL || !comparison->n)
		return 0;
	list = calloc(comparison->n, sizeof(*list));
	if (list == NULL)
		return fs_no_memory(maker->why);
	for (size_t i = 0; i < comparison->n; i++)
		if (is_shown(&comparison->rows[i]))
			list[n++] = &comparison->rows[i];
	qsort(list, n, sizeof(*list), change_order);
	for (unsigned part = 0; part < PARTS && drawn < n && err == 0; part++) {
		size_t rows = n - drawn < DRAWING_ROWS ? n - drawn : DRAWING_ROWS;

		err = draw_part(maker, list + drawn, (unsigned)rows, n > PARTS * DRAWING_ROWS);
		drawn += rows;
	}
	free(list);
	return err;
}

const struct drawing drawing_forest = {
	.name = "forest",
	.heading = "Against the base",
	.draw_run = draw_run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stack.c - draws the parts of a whole: one bar per cell, divided into its parts; a dot with an interval is the whole as measured.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/draw/drawing.h"
#include "analysis/draw/ranking.h"
#include "analysis/summary/format.h"

struct scale {
	const char *recorded, *shown;
	double factor, max;
};

static struct scale find_scale(const struct maker *maker, const struct plot *plot, const struct rows *rows)
{
	struct scale scale = {.recorded = ""};

	for (unsigned i = 0; i < rows->n; i++) {
		const struct summary_row *whole = plot->mark != NULL ? drawing_row(maker->summary, rows->cell[i], plot->mark) : NULL;
		double sum = 0.0;

		for (unsigned m = 0; m < plot->n_metrics; m++) {
			const struct summary_row *row = drawing_row(maker->summary, rows->cell[i], plot->metrics[m]);

			if (row != NULL)
				scale.recorded = row->unit;
			sum += row != NULL ? row->interval.median : 0.0;
		}
		scale.max = fmax(scale.max, sum);
		if (whole != NULL)
			scale.max = fmax(scale.max, whole->interval.has_interval ? whole->interval.hi : whole->interval.median);
	}
	scale.shown = drawing_unit(scale.max, scale.recorded, &scale.factor);
	return scale;
}

static void put_part(struct sheet *sheet, const struct rows *rows, const char *metric, const struct scale *scale, double end[DRAWING_ROWS])
{
	picture_block(&sheet->picture);
	for (unsigned i = 0; i < rows->n; i++) {
		const struct summary_row *row = drawing_row(sheet->maker->summary, rows->cell[i], metric);
		double from = end[i] * scale->factor, to;
		char text[FORMAT_VALUE];

		if (row == NULL)
			continue;
		end[i] += row->interval.median;
		to = end[i] * scale->factor;
		fprintf(sheet->picture.numbers, "%.9g\t%.9g\t%.2f\t%.2f\n", from, to, i + 0.66, i + 1.34);
		format_value(row->interval.median, row->unit, text);
		picture_tip(&sheet->picture, (from + to) / 2, i + 1.0, "%s: %s %s", rows->label[i], metric, text);
	}
}

static void put_whole(struct sheet *sheet, const struct plot *plot, const struct rows *rows, double factor)
{
	picture_block(&sheet->picture);
	for (unsigned i = 0; i < rows->n; i++) {
		const struct summary_row *row = drawing_row(sheet->maker->summary, rows->cell[i], plot->mark);
		double lo, hi;

		if (row == NULL)
			continue;
		drawing_ends(row, &lo, &hi);
		fprintf(sheet->picture.numbers, "%u\t%.9g\t%.9g\t%.9g\n", i + 1, row->interval.median * factor, lo * factor, hi * factor);
	}
}

static void put_table(struct sheet *sheet, const struct plot *plot, const struct rows *rows)
{
	const struct summary *summary = sheet->maker->summary;

	for (unsigned i = 0; i < rows->n; i++) {
		const struct summary_row *whole = plot->mark != NULL ? drawing_row(summary, rows->cell[i], plot->mark) : NULL;
		char text[FORMAT_VALUE];

		sheet_cell(sheet, "%s", rows->label[i]);
		for (unsigned m = 0; m < plot->n_metrics; m++) {
			const struct summary_row *row = drawing_row(summary, rows->cell[i], plot->metrics[m]);

			if (row != NULL)
				format_value(row->interval.median, row->unit, text);
			sheet_cell(sheet, "%s", row != NULL ? text : "-");
		}
		if (whole != NULL)
			sheet_interval(sheet, &whole->interval, whole->unit);
		sheet_row(sheet);
	}
}

/* The part that is above all others beyond their intervals: its number, or n_metrics if there is none. *known: whether all have intervals. */
static unsigned largest_of(const struct maker *maker, const struct plot *plot, const struct runfile_cell *cell, bool *known)
{
	const struct summary_row *row[PLOT_METRICS];
	unsigned largest = plot->n_metrics, n = 0;

	*known = true;
	for (unsigned m = 0; m < plot->n_metrics; m++) {
		row[m] = drawing_row(maker->summary, cell, plot->metrics[m]);
		n += row[m] != NULL;
		*known = *known && (row[m] == NULL || row[m]->interval.has_interval);
		if (row[m] != NULL && (largest == plot->n_metrics || row[m]->interval.median > row[largest]->interval.median))
			largest = m;
	}
	*known = *known && n > 1;
	for (unsigned m = 0; m < plot->n_metrics && *known && largest < plot->n_metrics; m++)
		if (m != largest && row[m] != NULL && !ranking_below(row[m], row[largest]))
			largest = plot->n_metrics;
	return largest;
}

/* Which way is the best as a whole, and what it spends most on. */
static void put_answer(struct sheet *sheet, const struct plot *plot, const struct rows *rows)
{
	unsigned counts[PLOT_METRICS] = {0}, known = 0, n = 0;
	struct ranked list[DRAWING_ROWS];
	struct text text = {0};

	for (unsigned i = 0; i < rows->n; i++) {
		const struct summary_row *whole = plot->mark != NULL ? drawing_row(sheet->maker->summary, rows->cell[i], plot->mark) : NULL;
		bool is_known;
		unsigned largest = largest_of(sheet->maker, plot, rows->cell[i], &is_known);

		if (whole != NULL)
			list[n++] = (struct ranked){whole, rows->label[i]};
		known += is_known;
		if (is_known && largest < plot->n_metrics)
			counts[largest]++;
	}
	if (n == rows->n && rows_are_alike(rows) && rows_are_all(sheet->maker, plot, rows))
		ranking_best(sheet, "", list, n);
	for (unsigned m = 0; m < plot->n_metrics; m++)
		if (counts[m] > 0)
			text_add(&text, "%s%s in %u", text.len != 0 ? ", " : "", plot->metrics[m], counts[m]);
	if (text.len != 0)
		sheet_answer(sheet, "The largest part of a bar for certain: %s of %u.", text_string(&text), known);
	else if (known > 0)
		sheet_answer(sheet, "No part of a bar is the largest for certain.");
	text_clear(&text);
}

static void write_parts(const struct plot *plot, const char *separator, struct text *text)
{
	for (unsigned m = 0; m < plot->n_metrics; m++)
		text_add(text, "%s%s", m > 0 || *separator == '|' ? separator : "", plot->metrics[m]);
}

static int draw_part(struct maker *maker, const struct plot *plot, const struct rows *rows)
{
	struct scale scale = find_scale(maker, plot, rows);
	struct text columns = {0}, text = {0}, parts = {0};
	double end[DRAWING_ROWS] = {0};
	struct sheet sheet;
	int err;

	text_add(&columns, "cell");
	write_parts(plot, "|>", &columns);
	if (plot->mark != NULL)
		text_add(&columns, "|>%s|95 %% interval", plot->mark);
	err = sheet_begin(&sheet, maker, "boxes", text_string(&columns), "%s: %s", plot->bench, plot->title != NULL ? plot->title : "its parts");
	text_clear(&columns);
	if (err != 0)
		return err;
	rows_put(&sheet.picture, rows);
	for (unsigned m = 0; m < plot->n_metrics; m++)
		put_part(&sheet, rows, plot->metrics[m], &scale, end);
	if (plot->mark != NULL) {
		text_add(&text, "%s, 95 %% interval", plot->mark);
		put_whole(&sheet, plot, rows, scale.factor);
		picture_axis(&sheet.picture, "marks_name", text_string(&text), "");
	}
	picture_names(&sheet.picture, plot->metrics, plot->n_metrics, plot->mark != NULL ? text_string(&text) : NULL);
	text_clear(&text);
	picture_number(&sheet.picture, "marks", plot->mark != NULL);
	picture_number(&sheet.picture, "x_max", scale.max * scale.factor * 1.06);
	picture_axis(&sheet.picture, "x_label", plot->mark != NULL ? plot->mark : "", scale.shown);
	picture_rows(&sheet.picture, rows->n, PICTURE_ROW_PX);
	put_table(&sheet, plot, rows);
	put_answer(&sheet, plot, rows);
	sheet_caption(&sheet, "Each part of a bar is the median of that part over the rounds%s. Shorter is better.",
		plot->mark != NULL ? "; the dot is the median of the whole, with its 95 % interval" : "");
	write_parts(plot, ", ", &parts);
	sheet_alt(&sheet, "Stacked bars of %s, one per way of sharing, divided into %s. The numbers are in the table below.", plot->bench,
		text_string(&parts));
	text_clear(&parts);
	return sheet_end(&sheet);
}

static int draw(struct maker *maker, const struct plot *plot)
{
	struct rows rows;
	size_t next = 0;
	int err = 0;

	for (rows_collect(maker, plot, &next, &rows); rows.n && err == 0; rows_collect(maker, plot, &next, &rows))
		err = draw_part(maker, plot, &rows);
	return err;
}

const struct drawing drawing_stack = {
	.name = "stack",
	.heading = "Where the time goes",
	.draw = draw,
};

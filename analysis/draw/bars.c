/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bars.c - draws one or more metrics of each cell as bars side by side, each with its interval and its value.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/draw/drawing.h"
#include "analysis/draw/ranking.h"
#include "analysis/summary/format.h"
#include "base/arena.h"

#define ANSWERS 4 /* metrics that have a sentence each */

/* The bars: medians in the unit shown. If there is a single cell, each of its metrics is a row. */
struct bar {
	const struct summary_row *row;
	unsigned at, series;
};

struct bars {
	struct bar bar[DRAWING_ROWS * PLOT_METRICS];
	unsigned n, series;
	struct rows rows;
	double max, factor;
	const char *unit;
};

static void collect(const struct maker *maker, const struct plot *plot, struct bars *bars)
{
	bool lone = bars->rows.n == 1 && plot->n_metrics > 1;
	const struct runfile_cell *only = bars->rows.cell[0];

	bars->n = 0;
	bars->max = 0.0;
	bars->series = lone ? 1 : plot->n_metrics;
	if (lone)
		bars->rows.n = 0;
	for (unsigned i = 0; i < (lone ? 1 : bars->rows.n); i++)
		for (unsigned m = 0; m < plot->n_metrics; m++) {
			const struct summary_row *row = drawing_row(maker->summary, lone ? only : bars->rows.cell[i], plot->metrics[m]);
			double lo, hi;

			if (row == NULL)
				continue;
			if (lone) {
				bars->rows.cell[bars->rows.n] = only;
				bars->rows.label[bars->rows.n++] = row->metric;
			}
			drawing_ends(row, &lo, &hi);
			bars->max = fmax(bars->max, hi);
			bars->unit = row->unit;
			bars->bar[bars->n++] = (struct bar){row, lone ? bars->rows.n - 1 : i, lone ? 0 : m};
		}
	bars->unit = drawing_unit(bars->max, bars->unit, &bars->factor);
}

static double bar_top(const struct bars *bars, const struct bar *bar)
{
	return bar->at + 0.62 + bar->series * 0.76 / bars->series;
}

static void put_boxes(struct sheet *sheet, const struct bars *bars, unsigned series)
{
	double thick = 0.76 / bars->series;

	picture_block(&sheet->picture);
	for (unsigned b = 0; b < bars->n; b++)
		if (bars->bar[b].series == series)
			fprintf(sheet->picture.numbers, "0\t%.9g\t%.3f\t%.3f\n", bars->bar[b].row->interval.median * bars->factor,
				bar_top(bars, &bars->bar[b]), bar_top(bars, &bars->bar[b]) + thick * 0.92);
}

/* y, value, interval, text: of all series. */
static void put_values(struct sheet *sheet, const struct bars *bars)
{
	picture_block(&sheet->picture);
	for (unsigned b = 0; b < bars->n; b++) {
		const struct bar *bar = &bars->bar[b];
		double lo, hi, y = bar_top(bars, bar) + 0.38 * 0.92 / bars->series;
		char median[FORMAT_VALUE], range[FORMAT_VALUE];

		drawing_ends(bar->row, &lo, &hi);
		format_interval(&bar->row->interval, bar->row->unit, median, range);
		fprintf(sheet->picture.numbers, "%.3f\t%.9g\t%.9g\t%.9g\t", y, bar->row->interval.median * bars->factor, lo * bars->factor,
			hi * bars->factor);
		/* a ratio's unit adds nothing beside a bar */
		if (strcmp(bar->row->unit, "ratio") == 0)
			snprintf(median, sizeof(median), "%.3g", bar->row->interval.median);
		picture_field(&sheet->picture, median);
		fputc('\n', sheet->picture.numbers);
		picture_tip(&sheet->picture, bar->row->interval.median * bars->factor / 2, y, "%s: %s %s %s, %zu round%s", bars->rows.label[bar->at],
			bar->row->metric, median, range, bar->row->n_values, TEXT_S(bar->row->n_values));
	}
}

static void put_table(struct sheet *sheet, const struct bars *bars)
{
	for (unsigned b = 0; b < bars->n; b++) {
		const struct summary_row *row = bars->bar[b].row;

		sheet_cell(sheet, "%s", bars->rows.label[bars->bar[b].at]);
		sheet_cell(sheet, "%s", row->metric);
		sheet_interval(sheet, &row->interval, row->unit);
		sheet_cell(sheet, "%zu", row->n_values);
		sheet_row(sheet);
	}
}

/* What a bar is called beside all others: by its row, its metric, or both. */
static const char *name_of(const struct maker *maker, const struct bars *bars, const struct bar *bar, bool both)
{
	const char *label = bars->rows.label[bar->at], *name;
	struct text text = {0};

	if (!both)
		return label;
	text_add(&text, "%s of %s", bar->row->metric, label);
	name = arena_text(maker->run->arena, text_string(&text));
	text_clear(&text);
	return name != NULL ? name : label;
}

/* Which way is the best by each metric. Where bars are of different work, or too many metrics, only how far apart they are. */
static void put_answer(struct sheet *sheet, const struct plot *plot, const struct bars *bars, bool all)
{
	bool comparable = all && bars->rows.n > 1 && bars->rows.cell[0] != bars->rows.cell[1] && rows_are_alike(&bars->rows);
	bool each = bars->series <= ANSWERS;
	const char *where = all ? "" : " in this picture";

	for (unsigned s = 0; s < (each ? bars->series : 1); s++) {
		struct ranked list[FS_ARRAY_SIZE(bars->bar)];
		struct text what = {0};
		unsigned n = 0;

		for (unsigned b = 0; b < bars->n; b++)
			if (!each || bars->bar[b].series == s)
				list[n++] = (struct ranked){bars->bar[b].row, name_of(sheet->maker, bars, &bars->bar[b], !each)};
		if (each && bars->series > 1)
			text_add(&what, " by %s", plot->metrics[s]);
		text_add(&what, "%s", where);
		if (comparable && each)
			ranking_best(sheet, text_string(&what), list, n);
		else
			ranking_ends(sheet, text_string(&what), list, n);
		text_clear(&what);
	}
}

static int draw_part(struct maker *maker, const struct plot *plot, struct bars *bars)
{
	bool all = rows_are_all(maker, plot, &bars->rows);
	struct sheet sheet;
	int err;

	collect(maker, plot, bars);
	err = sheet_begin(&sheet, maker, "boxes", "cell|metric|>median|95 % interval|>rounds", "%s: %s", plot->bench,
		plot->title != NULL ? plot->title : plot->metrics[0]);
	if (err != 0)
		return err;
	rows_put(&sheet.picture, &bars->rows);
	for (unsigned s = 0; s < bars->series; s++)
		put_boxes(&sheet, bars, s);
	put_values(&sheet, bars);
	picture_names(&sheet.picture, plot->metrics, bars->series, NULL);
	/* one metric needs no legend, and those of a single cell are named beside the bars */
	if (bars->series == 1)
		picture_number(&sheet.picture, "key_rows", 0);
	picture_number(&sheet.picture, "marks", 2);
	/* leave space for the values after the bars */
	picture_number(&sheet.picture, "x_max", bars->max > 0.0 ? bars->max * bars->factor * 1.18 : 1.0);
	picture_axis(&sheet.picture, "x_label", bars->series == 1 && bars->rows.n != bars->n ? plot->metrics[0] : "", bars->unit);
	picture_rows(&sheet.picture, bars->rows.n, bars->series < 2 ? PICTURE_ROW_PX : 14 + 16 * bars->series);
	put_table(&sheet, bars);
	put_answer(&sheet, plot, bars, all);
	sheet_caption(&sheet, "Median over the rounds with its 95 %% interval. %s is better.",
		bars->bar[0].row->better == FS_HIGHER ? "Longer" : "Shorter");
	sheet_alt(&sheet, "Bars of %s of %s with intervals, one group per way of sharing. The numbers are in the table below.", plot->metrics[0],
		plot->bench);
	return sheet_end(&sheet);
}

static int draw(struct maker *maker, const struct plot *plot)
{
	struct bars bars;
	size_t next = 0;
	int err = 0;

	for (rows_collect(maker, plot, &next, &bars.rows); bars.rows.n && err == 0; rows_collect(maker, plot, &next, &bars.rows))
		err = draw_part(maker, plot, &bars);
	return err;
}

const struct drawing drawing_bars = {
	.name = "bars",
	.heading = "Side by side",
	.draw = draw,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * distribution.c - draws a histogram as a cumulative curve, one line per cell, with every touch of every ok round.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/draw/drawing.h"
#include "analysis/draw/ranking.h"
#include "analysis/summary/format.h"

struct curve {
	const struct runfile_cell *cell;
	const char *label;
	struct statistics_bucket *buckets;
	size_t n;
};

/* Merges all ok rounds of a cell. Returns 0, even if there are none, or -ENOMEM. */
static int merge_rounds(const char *metric, struct curve *curve)
{
	const struct runfile_cell *cell = curve->cell;
	int err = 0;

	for (size_t r = 0; r < cell->n_rounds && err == 0; r++) {
		const struct runfile_metric *found = cell->rounds[r]->verdict == VERDICT_OK ? runfile_find_metric(cell->rounds[r], metric) : NULL;

		if (found != NULL && found->n_buckets)
			err = statistics_histogram_merge(&curve->buckets, &curve->n, found->buckets, found->n_buckets);
	}
	return err;
}

/* The tail matters most for latency: each of its quantiles gets a tooltip. */
static void put_curve(struct sheet *sheet, const struct curve *curve, const char *unit)
{
	static const double marked[] = {0.5, 0.9, 0.99, 0.999};
	double all = (double)statistics_histogram_count(curve->buckets, curve->n), below = 0.0;

	picture_block(&sheet->picture);
	fprintf(sheet->picture.numbers, "%.9g\t0\n", curve->buckets[0].low);
	for (size_t i = 0; i < curve->n; i++) {
		below += (double)curve->buckets[i].count;
		fprintf(sheet->picture.numbers, "%.9g\t%.9g\n", curve->buckets[i].high, below / all);
	}
	for (unsigned q = 0; q < FS_ARRAY_SIZE(marked) && all * (1 - marked[q]) >= 1; q++) {
		double value = statistics_histogram_quantile(curve->buckets, curve->n, marked[q]);
		char text[FORMAT_VALUE];

		format_value(value, unit, text);
		picture_tip(&sheet->picture, value, -log10(1 - marked[q]), "%s: %.4g %% of the touches took at most %s", curve->label,
			marked[q] * 100, text);
	}
}

static void put_row(struct sheet *sheet, const struct curve *curve, const char *unit)
{
	static const double quantiles[] = {0.5, 0.9, 0.99};
	char text[FORMAT_VALUE];

	sheet_cell(sheet, "%s", curve->label);
	sheet_cell(sheet, "%.0f", (double)statistics_histogram_count(curve->buckets, curve->n));
	for (unsigned q = 0; q < FS_ARRAY_SIZE(quantiles); q++) {
		format_value(statistics_histogram_quantile(curve->buckets, curve->n, quantiles[q]), unit, text);
		sheet_cell(sheet, "%s", text);
	}
	format_value(statistics_histogram_max(curve->buckets, curve->n), unit, text);
	sheet_cell(sheet, "%s", text);
	sheet_row(sheet);
}

/* Of one way alone: what half and nearly all of the touches take. */
static void answer_alone(struct sheet *sheet, const struct summary_row *half)
{
	const struct summary *summary = sheet->maker->summary;
	char text[2][FORMAT_VALUE];

	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row->cell != half->cell || !row->histogram || strcmp(row->base, half->base) != 0 ||
			strcmp(row->metric + strlen(row->base), "_p99") != 0 || !row->interval.has_interval)
			continue;
		format_short(half->interval.median, half->unit, text[0]);
		format_short(row->interval.median, row->unit, text[1]);
		sheet_answer(sheet, "In the median round, half of the touches take at most %s, and 99 of 100 at most %s.", text[0], text[1]);
	}
}

/* By the medians of rounds: which way is the best, or how far apart ways of different work are. */
static void put_answer(struct sheet *sheet, const struct plot *plot, const struct curve *curves, unsigned n)
{
	struct ranked list[PICTURE_SERIES];
	struct rows rows = {.n = n};

	for (unsigned i = 0; i < n; i++) {
		list[i] = (struct ranked){drawing_row(sheet->maker->summary, curves[i].cell, plot->metrics[0]), curves[i].label};
		rows.cell[i] = curves[i].cell;
		if (list[i].row == NULL)
			return;
	}
	if (n == 1)
		answer_alone(sheet, list[0].row);
	else if (rows_are_alike(&rows) && rows_are_all(sheet->maker, plot, &rows))
		ranking_best(sheet, " by the median", list, n);
	else
		ranking_ends(sheet, " by the median", list, n);
}

static int draw_curves(struct maker *maker, const struct plot *plot, const char *unit, const struct curve *curves, unsigned n)
{
	const char *names[PICTURE_SERIES];
	double lo = INFINITY, hi = 0.0, most = 10.0;
	struct sheet sheet;
	int err = sheet_begin(&sheet, maker, "lines", "cell|>touches|>50 %|>90 %|>99 %|>longest", "%s: %s", plot->bench,
		plot->title != NULL ? plot->title : plot->metrics[0]);

	if (err != 0)
		return err;
	for (unsigned i = 0; i < n; i++) {
		double low = statistics_histogram_quantile(curves[i].buckets, curves[i].n, 0.001);

		names[i] = curves[i].label;
		lo = fmin(lo, low > 0.5 ? low : 0.5);
		hi = fmax(hi, statistics_histogram_max(curves[i].buckets, curves[i].n));
		most = fmax(most, (double)statistics_histogram_count(curves[i].buckets, curves[i].n));
		put_curve(&sheet, &curves[i], unit);
		put_row(&sheet, &curves[i], unit);
	}
	picture_names(&sheet.picture, names, n, NULL);
	picture_text(&sheet.picture, "kind_of", "distribution");
	picture_number(&sheet.picture, "nines", fmin(log10(most), 6.0));
	picture_tics(&sheet.picture, "x_tics", lo, hi, unit);
	picture_number(&sheet.picture, "x_min", lo / 1.15);
	picture_number(&sheet.picture, "x_max", hi * 1.15);
	picture_text(&sheet.picture, "x_label", strcmp(unit, "insn") != 0 ? "time of one touch" : "instructions of one touch");
	picture_text(&sheet.picture, "y_label", "fraction of touches within this time");
	picture_number(&sheet.picture, "y_log", 0);
	picture_lines(&sheet.picture);
	put_answer(&sheet, plot, curves, n);
	sheet_caption(&sheet, "Cumulative, with every touch of every ok round; further left is better. The axis magnifies the tail: each further "
			      "nine takes as much "
			      "space as the one before.");
	sheet_alt(&sheet, "Cumulative distribution of %s in %s over a logarithmic axis, one line per cell. The quantiles are in the table below.",
		plot->metrics[0], plot->bench);
	return sheet_end(&sheet);
}

static int collect(const struct maker *maker, const struct plot *plot, size_t *next, struct curve curves[PICTURE_SERIES], unsigned *n)
{
	const struct runfile *run = maker->run;
	int err = 0;

	*n = 0;
	for (; *next < run->n_cells && *n < PICTURE_SERIES && err == 0; ++*next) {
		struct curve *curve = &curves[*n];

		if (strcmp(run->cells[*next].bench, plot->bench) != 0)
			continue;
		*curve = (struct curve){.cell = &run->cells[*next]};
		err = merge_rounds(plot->metrics[0], curve);
		curve->label = cells_name(run, curve->cell, NULL, NULL);
		if (statistics_histogram_count(curve->buckets, curve->n))
			++*n;
		else
			free(curve->buckets);
	}
	return err;
}

static int draw(struct maker *maker, const struct plot *plot)
{
	struct curve curves[PICTURE_SERIES];
	size_t next = 0;
	unsigned n;
	int err;

	do {
		const struct summary_row *row;

		err = collect(maker, plot, &next, curves, &n);
		row = n ? drawing_row(maker->summary, curves[0].cell, plot->metrics[0]) : NULL;
		if (row != NULL && err == 0)
			err = draw_curves(maker, plot, row->unit, curves, n);
		for (unsigned i = 0; i < n; i++)
			free(curves[i].buckets);
	} while (n && err == 0);
	return err;
}

const struct drawing drawing_distribution = {
	.name = "distribution",
	.heading = "Latency of single touches",
	.draw = draw,
};

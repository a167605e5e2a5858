/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floors.c - draws the ratio of each metric to its floor, measured in the same run.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/draw/drawing.h"
#include "analysis/summary/format.h"

#define NEAR 2.0 /* times the floor */

struct ratios {
	const struct summary_row *row[DRAWING_ROWS];
	struct rows rows;
	double lo, hi;
};

/* The ratio to the floor: above 1 is worse than the machine allows, whatever the direction. */
static double distance(const struct summary_row *row, double value)
{
	return row->better == FS_HIGHER ? row->floor_median / value : value / row->floor_median;
}

static void put_dot(struct sheet *sheet, struct ratios *ratios, unsigned i)
{
	const struct summary_row *row = ratios->row[i];
	double middle = distance(row, row->interval.median), a, b;
	char text[FORMAT_VALUE];

	drawing_ends(row, &a, &b);
	a = distance(row, a);
	b = distance(row, b);
	ratios->lo = fmin(ratios->lo, fmin(a, b));
	ratios->hi = fmax(ratios->hi, fmax(a, b));
	fprintf(sheet->picture.numbers, "%u\t%.9g\t%.9g\t%.9g\n", i + 1, middle, fmin(a, b), fmax(a, b));
	format_value(row->interval.median, row->unit, text);
	picture_tip(&sheet->picture, middle, i + 1.0, "%s: %s, %.3g times %s", ratios->rows.label[i], text, middle, row->floor);
	sheet_cell(sheet, "%s", ratios->rows.label[i]);
	sheet_cell(sheet, "%s", text);
	sheet_cell(sheet, "%s", row->floor);
	format_value(row->floor_median, row->unit, text);
	sheet_cell(sheet, "%s", text);
	sheet_cell(sheet, "%.3g", middle);
	sheet_row(sheet);
}

/* All floors beyond those that markers can distinguish share the last one. */
static unsigned series_of(const struct names *floors, const char *floor)
{
	unsigned f = 0;

	while (f + 1 < floors->n && f + 1 < PICTURE_SERIES && strcmp(floors->name[f], floor) != 0)
		f++;
	return f;
}

/* How many are surely near their floors, and which is surely the furthest of those in the picture. */
static void put_answer(struct sheet *sheet, const struct ratios *ratios)
{
	unsigned n = ratios->rows.n, known = 0, near = 0, furthest = n;
	double best[DRAWING_ROWS], worst[DRAWING_ROWS];
	char times[DRAWING_TIMES];

	for (unsigned i = 0; i < n; i++) {
		const struct summary_row *row = ratios->row[i];
		double a, b;

		drawing_ends(row, &a, &b);
		best[i] = fmin(distance(row, a), distance(row, b));
		worst[i] = fmax(distance(row, a), distance(row, b));
		if (!row->interval.has_interval)
			continue;
		known++;
		near += worst[i] < NEAR;
		if (furthest == n || best[i] > best[furthest])
			furthest = i;
	}
	for (unsigned i = 0; i < n && furthest < n; i++)
		if (i != furthest && worst[i] >= best[furthest])
			furthest = n;
	if (known > 0)
		sheet_answer(sheet, "Of %u, %u %s certainly within %g times the floor.", known, near, near == 1 ? "is" : "are", NEAR);
	if (furthest < n && best[furthest] > 1.0 && n > 1)
		sheet_answer(sheet, "The furthest for certain: %s, %s times %s.", ratios->rows.label[furthest],
			drawing_times(distance(ratios->row[furthest], ratios->row[furthest]->interval.median), times), ratios->row[furthest]->floor);
}

static int draw_part(struct maker *maker, struct ratios *ratios)
{
	unsigned n = ratios->rows.n, series;
	struct names floors = {0};
	struct sheet sheet;
	int err = sheet_begin(&sheet, maker, "ratios", "metric|>median|floor|>floor's median|>times", "Distance from the floor");

	if (err != 0)
		return err;
	ratios->lo = ratios->hi = 1.0;
	for (unsigned i = 0; i < n; i++) {
		ratios->rows.label[i] = drawing_name(maker->run, ratios->row[i]);
		err = err != 0 ? err : drawing_names_add(&floors, ratios->row[i]->floor);
	}
	rows_put(&sheet.picture, &ratios->rows);
	series = floors.n < PICTURE_SERIES ? floors.n : PICTURE_SERIES;
	for (unsigned s = 0; s < series; s++) {
		picture_block(&sheet.picture);
		for (unsigned i = 0; i < n; i++)
			if (series_of(&floors, ratios->row[i]->floor) == s)
				put_dot(&sheet, ratios, i);
	}
	if (floors.n > PICTURE_SERIES)
		floors.name[PICTURE_SERIES - 1] = "other floors";
	picture_names(&sheet.picture, floors.name, series, NULL);
	drawing_names_free(&floors);
	picture_tics(&sheet.picture, "x_tics", ratios->lo, ratios->hi, "x");
	picture_number(&sheet.picture, "x_min", ratios->lo / 1.25);
	picture_number(&sheet.picture, "x_max", ratios->hi * 1.25);
	picture_text(&sheet.picture, "x_label", "times the floor");
	picture_rows(&sheet.picture, n, PICTURE_SMALL_ROW_PX);
	put_answer(&sheet, ratios);
	sheet_caption(&sheet,
		"Base of each ratio: the median of the named floor in the same run. Times are divided by it, bandwidths divide it; the line at 1 is "
		"the floor, further right is worse.");
	sheet_alt(&sheet, "Dots with intervals on a logarithmic axis: how many times each metric is away from the floor measured in the same run.");
	return err != 0 ? (sheet_end(&sheet), err) : sheet_end(&sheet);
}

/* The tail of a latency has no floor to speak of: of histograms only the middle is drawn. */
static bool has_floor(const struct summary_row *row)
{
	if (!row->brief || !isfinite(row->floor_median) || !(row->floor_median > 0.0) || !(row->interval.median > 0.0))
		return false;
	if (row->interval.has_interval && !(row->interval.lo > 0.0))
		return false;
	return !row->histogram || strcmp(row->metric + strlen(row->base), "_p50") == 0;
}

static int draw_run(struct maker *maker)
{
	struct ratios ratios = {.rows.n = 0};
	int err = 0;

	for (size_t i = 0; i < maker->summary->n && err == 0; i++) {
		if (has_floor(&maker->summary->rows[i]))
			ratios.row[ratios.rows.n++] = &maker->summary->rows[i];
		if (ratios.rows.n == DRAWING_ROWS) {
			err = draw_part(maker, &ratios);
			ratios.rows.n = 0;
		}
	}
	return ratios.rows.n && err == 0 ? draw_part(maker, &ratios) : err;
}

const struct drawing drawing_floors = {
	.name = "floors",
	.heading = "Against the floors of this machine",
	.draw_run = draw_run,
};

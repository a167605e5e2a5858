/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counts.c - draws what the devices themselves counted in the five steps of a kernel: faults, pages and bytes, one picture per unit.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/draw/drawing.h"
#include "analysis/summary/format.h"

#define SERIES 6

/* The counters of the rows' devices in one unit that are not zero in all rows. */
static int collect_counts(const struct rows *rows, const char *unit, struct names *counts)
{
	int err = 0;

	for (unsigned i = 0; i < rows->n; i++)
		for (size_t r = 0; r < rows->cell[i]->n_rounds; r++)
			for (size_t s = 0; s < rows->cell[i]->rounds[r]->n_steps; s++) {
				const struct runfile_step *step = &rows->cell[i]->rounds[r]->steps[s];

				for (size_t c = 0; c < step->n_counts && err == 0; c++)
					if (step->counts[c].value > 0.0 && strcmp(step->counts[c].unit, unit) == 0 &&
						cells_is_device_count(rows->cell[i], &step->counts[c]))
						err = drawing_names_add(counts, step->counts[c].name);
			}
	return err;
}

static void put_series(struct sheet *sheet, const struct rows *rows, const char *unit, const struct names *counts, unsigned series, double factor)
{
	double thick = 0.76 / series;

	for (unsigned c = 0; c < series; c++) {
		picture_block(&sheet->picture);
		for (unsigned i = 0; i < rows->n; i++) {
			double value = cells_count_median(rows->cell[i], NULL, counts->name[c]), top = i + 0.62 + c * thick;
			char text[FORMAT_VALUE];

			if (!isfinite(value))
				continue;
			fprintf(sheet->picture.numbers, "0\t%.9g\t%.3f\t%.3f\n", value * factor, top, top + 0.92 * thick);
			format_value(value, unit, text);
			picture_tip(&sheet->picture, value * factor / 2, top + 0.46 * thick, "%s: %s %s", rows->label[i], counts->name[c], text);
		}
	}
}

static void put_table(struct sheet *sheet, const struct rows *rows, const char *unit, const struct names *counts)
{
	for (unsigned i = 0; i < rows->n; i++)
		for (unsigned c = 0; c < counts->n; c++) {
			double value = cells_count_median(rows->cell[i], NULL, counts->name[c]);
			char text[FORMAT_VALUE];

			if (!(value > 0.0))
				continue;
			format_value(value, unit, text);
			sheet_cell(sheet, "%s", rows->label[i]);
			sheet_cell(sheet, "%s", counts->name[c]);
			sheet_cell(sheet, "%s", text);
			sheet_row(sheet);
		}
}

/* Of each counter, where it is least and most: medians, which counts have without intervals. */
static void put_answer(struct sheet *sheet, const struct rows *rows, const char *unit, const struct names *counts, unsigned series)
{
	for (unsigned c = 0; c < series; c++) {
		double least = INFINITY, most = -INFINITY;
		const char *low = "", *high = "";
		char text[2][FORMAT_VALUE];
		unsigned n = 0;

		for (unsigned i = 0; i < rows->n; i++) {
			double value = cells_count_median(rows->cell[i], NULL, counts->name[c]);

			if (!isfinite(value))
				continue;
			n++;
			low = value < least ? rows->label[i] : low;
			high = value > most ? rows->label[i] : high;
			least = fmin(least, value);
			most = fmax(most, value);
		}
		if (n < 2)
			continue;
		format_short(least, unit, text[0]);
		format_short(most, unit, text[1]);
		if (least < most)
			sheet_answer(
				sheet, "%s: the least in the median is %s (%s), the most %s (%s).", counts->name[c], text[0], low, text[1], high);
		else
			sheet_answer(sheet, "%s: the median is the same for each, %s.", counts->name[c], text[1]);
	}
}

static int draw_unit(struct maker *maker, const char *bench, const struct rows *rows, const char *unit, const struct names *counts)
{
	unsigned series = counts->n < SERIES ? counts->n : SERIES;
	double max = 0.0, factor;
	struct sheet sheet;
	const char *shown;
	struct text text = {0};
	int err;

	for (unsigned i = 0; i < rows->n; i++)
		for (unsigned c = 0; c < series; c++)
			max = fmax(max, cells_count_median(rows->cell[i], NULL, counts->name[c]));
	if (!(max > 0.0))
		return 0;
	shown = drawing_unit(max, unit, &factor);
	err = sheet_begin(&sheet, maker, "boxes", "cell|counter|>median", "%s: %s, all five steps", bench, unit);
	if (err != 0)
		return err;
	rows_put(&sheet.picture, rows);
	put_series(&sheet, rows, unit, counts, series, factor);
	picture_names(&sheet.picture, counts->name, series, NULL);
	picture_number(&sheet.picture, "marks", 0);
	picture_number(&sheet.picture, "x_max", max * factor * 1.06);
	text_add(&text, "%s per round", shown);
	picture_axis(&sheet.picture, "x_label", text_string(&text), "");
	text_clear(&text);
	picture_rows(&sheet.picture, rows->n, PICTURE_ROW_PX + 6 * series);
	put_table(&sheet, rows, unit, counts);
	put_answer(&sheet, rows, unit, counts, series);
	sheet_caption(&sheet, "Counts of the device itself, medians over the rounds. A way of sharing without a bar counted none%s.",
		counts->n > series ? "; more counters are in the table" : "");
	sheet_alt(&sheet, "Bars of the %s that each way of sharing caused in %s, one bar per counter. The numbers are in the table below.", unit,
		bench);
	return sheet_end(&sheet);
}

static int draw_kernel(struct maker *maker, const char *bench)
{
	static const char *const units[] = {"faults", "pages", "bytes"};
	struct plot plot = {.bench = bench, .metrics = {"total"}, .n_metrics = 1};
	struct rows rows;
	size_t next = 0;
	int err = 0;

	for (rows_collect(maker, &plot, &next, &rows); rows.n && err == 0; rows_collect(maker, &plot, &next, &rows))
		for (unsigned u = 0; u < FS_ARRAY_SIZE(units) && err == 0; u++) {
			struct names counts = {0};

			err = collect_counts(&rows, units[u], &counts);
			if (err == 0 && counts.n != 0)
				err = draw_unit(maker, bench, &rows, units[u], &counts);
			drawing_names_free(&counts);
		}
	return err;
}

static int draw_run(struct maker *maker)
{
	struct names kernels = {0};
	int err = 0;

	for (size_t c = 0; c < maker->run->n_cells && err == 0; c++)
		if (runfile_is_kernel(&maker->run->cells[c]))
			err = drawing_names_add(&kernels, maker->run->cells[c].bench);
	for (unsigned k = 0; k < kernels.n && err == 0; k++)
		err = draw_kernel(maker, kernels.name[k]);
	drawing_names_free(&kernels);
	return err;
}

const struct drawing drawing_counts = {
	.name = "counts",
	.heading = "Faults, pages and bytes",
	.draw_run = draw_run,
};

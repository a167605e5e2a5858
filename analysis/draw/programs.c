/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * programs.c - draws all programs of a run in one picture, as small multiples: a panel for each, with the five steps of each way of sharing as a
 * stacked bar, and its faults, bytes and explicit calls beneath. Which way suits which program, and why.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/drawing.h"
#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"

#define COLUMNS	  3 /* 2 where names are long */
#define PANELS	  12
#define STEPS	  5
#define BAR_ENDS  0.95	 /* of a panel's width */
#define ROW_SHARE 0.0067 /* of the picture's width: a letter of a way's name (panels.gp) */
#define LONG_NAME 24

static const char *const steps[STEPS] = {"alloc", "cpu_before", "device", "cpu_after", "release"};
static const char *const names[STEPS + 1] = {"alloc", "cpu_before", "device", "cpu_after", "release", "marshal (in device)"};

/* A program and its cells: those of the same work as its first one that has a result. */
struct panel {
	const struct runfile_cell *cell[DRAWING_ROWS];
	unsigned n;
	double longest;
};

struct grid {
	struct panel panel[PANELS];
	unsigned n, rows; /* panels; bars of the fullest one */
	unsigned left;	  /* cells that have no place in it */
	unsigned columns;
	double begins; /* of a panel's width: where bars begin, behind the names of their ways */
};

static double total_of(const struct runfile_cell *cell)
{
	double total = 0.0;

	for (unsigned s = 0; s < STEPS; s++) {
		double ns = cells_step_median(cell, steps[s]);

		total += isfinite(ns) ? ns : 0.0;
	}
	return total;
}

static struct panel *panel_of(struct grid *grid, const struct runfile_cell *cell)
{
	for (unsigned p = 0; p < grid->n; p++) {
		if (strcmp(grid->panel[p].cell[0]->bench, cell->bench) == 0)
			return &grid->panel[p];
	}
	return grid->n < PANELS ? &grid->panel[grid->n++] : NULL;
}

static void collect(const struct runfile *run, struct grid *grid)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];
		struct panel *panel;

		if (!runfile_is_kernel(cell) || !(total_of(cell) > 0.0))
			continue;
		panel = panel_of(grid, cell);
		if (panel == NULL || panel->n == DRAWING_ROWS || (panel->n != 0 && !cells_same_work(panel->cell[0], cell))) {
			grid->left++;
			continue;
		}
		panel->cell[panel->n++] = cell;
		panel->longest = fmax(panel->longest, total_of(cell));
		grid->rows = panel->n > grid->rows ? panel->n : grid->rows;
	}
}

/* What the cell's device counted of what went to either side; NaN if it counts nothing so. */
static double counted(const struct runfile_cell *cell, const char *unit)
{
	return cells_went(cell, NULL, unit, FS_SIDES);
}

/* Of both sides in all five steps; where the CPU's were not counted, those that the device counted. */
static double faults_of(const struct runfile_cell *cell)
{
	double all = cells_faults(cell, FS_ALLOC, FS_RELEASE);

	return isfinite(all) ? all : counted(cell, "faults");
}

/* Of step 3, at whose beginning it is. NaN where nothing is marshalled. */
static double marshal_of(const struct runfile_cell *cell)
{
	return cells_metric_median(cell, "marshal");
}

/* "12 faults, 252 KiB, 5 calls": of what was counted, without what was not; of neither faults nor bytes there is "no fault, no byte". */
static void counts_add(const struct runfile_cell *cell, struct text *text)
{
	double n_faults = faults_of(cell), n_bytes = counted(cell, "bytes"), n_calls = cells_calls(cell, NULL), factor;
	const char *unit = drawing_unit(n_bytes, "bytes", &factor);
	char number[FORMAT_FIXED];

	if (n_faults > 0.0)
		text_add(text, "%s %s", format_fixed(n_faults, 0, false, number), n_faults == 1.0 ? "fault" : "faults");
	if (n_bytes > 0.0)
		text_add(text, "%s%s %s", text->len != 0 ? ", " : "", format_fixed(n_bytes * factor, n_bytes * factor < 100.0, false, number), unit);
	if (text->len == 0)
		text_add(text, "%s%s%s", isfinite(n_faults) ? "no fault" : "", isfinite(n_faults) && isfinite(n_bytes) ? ", " : "",
			isfinite(n_bytes) ? "no byte" : "");
	if (text->len == 0)
		text_add(text, "not counted");
	if (n_calls > 0.0)
		text_add(text, ", %s %s", format_fixed(n_calls, 0, false, number), n_calls == 1.0 ? "call" : "calls");
}

/* ---- where things are */

/* A panel has a row for its heading, two for each bar (the bar, and its counts), and one that is empty. */
static unsigned panel_rows(const struct grid *grid)
{
	return 2 * grid->rows + 2;
}

static double bar_x(const struct grid *grid, unsigned p, double share)
{
	return p % grid->columns + grid->begins + share * (BAR_ENDS - grid->begins);
}

static double bar_y(const struct grid *grid, unsigned p, unsigned row)
{
	return p / grid->columns * panel_rows(grid) + 1.2 + 2.0 * row;
}

static const char *way_of(const struct maker *maker, const struct runfile_cell *cell)
{
	const char *way = cells_name(maker->run, cell, "size", NULL);

	return *way != '\0' ? way : cell->setup;
}

/* The names of the ways have the place that the longest of them needs. */
static void arrange(const struct maker *maker, struct grid *grid)
{
	size_t longest = 0;

	for (unsigned p = 0; p < grid->n; p++) {
		for (unsigned i = 0; i < grid->panel[p].n; i++) {
			size_t letters = strlen(way_of(maker, grid->panel[p].cell[i]));

			longest = letters > longest ? letters : longest;
		}
	}
	longest = longest < PICTURE_LABEL ? longest : PICTURE_LABEL;
	grid->columns = longest > LONG_NAME ? COLUMNS - 1 : COLUMNS;
	grid->begins = fmin(0.03 + (double)longest * ROW_SHARE * grid->columns, BAR_ENDS - 0.2);
}

static void put_headings(struct sheet *sheet, const struct grid *grid)
{
	picture_block(&sheet->picture);
	for (unsigned p = 0; p < grid->n; p++) {
		const struct panel *panel = &grid->panel[p];
		char time[FORMAT_VALUE], text[FORMAT_VALUE + 48], name[41];

		format_short(panel->longest, drawing_clock_unit(sheet->maker->run), time);
		text_fit(name, sizeof(name), "%s", panel->cell[0]->bench);
		snprintf(text, sizeof(text), "%s (%s)", name, time);
		fprintf(sheet->picture.numbers, "%.3f\t%.3f\t", p % grid->columns + 0.01, bar_y(grid, p, 0) - 0.75);
		picture_field(&sheet->picture, text);
		fputc('\n', sheet->picture.numbers);
	}
}

static void put_text(struct sheet *sheet, double x, double y, const char *text)
{
	fprintf(sheet->picture.numbers, "%.3f\t%.3f\t", x, y);
	picture_field(&sheet->picture, text);
	fputc('\n', sheet->picture.numbers);
}

static void put_texts(struct sheet *sheet, const struct grid *grid)
{
	picture_block(&sheet->picture);
	for (unsigned p = 0; p < grid->n; p++) {
		for (unsigned i = 0; i < grid->panel[p].n; i++) {
			const struct runfile_cell *cell = grid->panel[p].cell[i];
			struct text counts = {0};

			counts_add(cell, &counts);
			put_text(sheet, p % grid->columns + 0.01, bar_y(grid, p, i) + 0.5, way_of(sheet->maker, cell));
			put_text(sheet, bar_x(grid, p, 0.0), bar_y(grid, p, i) + 1.4, text_string(&counts));
			text_clear(&counts);
		}
	}
}

static void put_step(struct sheet *sheet, const struct grid *grid, unsigned step)
{
	picture_block(&sheet->picture);
	for (unsigned p = 0; p < grid->n; p++) {
		for (unsigned i = 0; i < grid->panel[p].n; i++) {
			const struct panel *panel = &grid->panel[p];
			double from = 0.0, y = bar_y(grid, p, i), ns = cells_step_median(panel->cell[i], steps[step]);
			char time[FORMAT_VALUE];

			for (unsigned s = 0; s < step; s++)
				from += fmax(cells_step_median(panel->cell[i], steps[s]), 0.0);
			ns = isfinite(ns) ? ns : 0.0;
			fprintf(sheet->picture.numbers, "%.5f\t%.5f\t%.3f\t%.3f\n", bar_x(grid, p, from / panel->longest),
				bar_x(grid, p, (from + ns) / panel->longest), y, y + 0.95);
			format_value(ns, drawing_clock_unit(sheet->maker->run), time);
			picture_tip(&sheet->picture, bar_x(grid, p, (from + ns / 2) / panel->longest), y + 0.5, "%s: %s %s", panel->cell[i]->bench,
				steps[step], time);
		}
	}
}

static bool has_marshalled(const struct grid *grid)
{
	for (unsigned p = 0; p < grid->n; p++) {
		for (unsigned i = 0; i < grid->panel[p].n; i++) {
			if (marshal_of(grid->panel[p].cell[i]) > 0.0)
				return true;
		}
	}
	return false;
}

/* A strip along the bottom of step 3's part of the bar. */
static void put_marshal(struct sheet *sheet, const struct grid *grid)
{
	picture_block(&sheet->picture);
	for (unsigned p = 0; p < grid->n; p++) {
		for (unsigned i = 0; i < grid->panel[p].n; i++) {
			const struct panel *panel = &grid->panel[p];
			const struct runfile_cell *cell = panel->cell[i];
			double y = bar_y(grid, p, i), ns = marshal_of(cell), from = 0.0;
			char time[FORMAT_VALUE];

			if (!(ns > 0.0))
				continue;
			for (unsigned s = 0; strcmp(steps[s], "device") != 0; s++)
				from += fmax(cells_step_median(cell, steps[s]), 0.0);
			fprintf(sheet->picture.numbers, "%.5f\t%.5f\t%.3f\t%.3f\n", bar_x(grid, p, from / panel->longest),
				bar_x(grid, p, (from + ns) / panel->longest), y + 0.55, y + 0.95);
			format_value(ns, drawing_clock_unit(sheet->maker->run), time);
			picture_tip(&sheet->picture, bar_x(grid, p, (from + ns / 2) / panel->longest), y + 0.75, "%s: marshal %s, a part of device",
				cell->bench, time);
		}
	}
}

static void put_table(struct sheet *sheet, const struct panel *panel)
{
	for (unsigned i = 0; i < panel->n; i++) {
		const char *clock = drawing_clock_unit(sheet->maker->run);
		char text[FORMAT_VALUE];

		sheet_cell(sheet, "%s", panel->cell[i]->bench);
		sheet_cell(sheet, "%s", way_of(sheet->maker, panel->cell[i]));
		for (unsigned s = 0; s < STEPS; s++) {
			format_value(cells_step_median(panel->cell[i], steps[s]), clock, text);
			sheet_cell(sheet, "%s", text);
		}
		text[0] = '\0';
		if (marshal_of(panel->cell[i]) > 0.0)
			format_value(marshal_of(panel->cell[i]), clock, text);
		sheet_cell(sheet, "%s", text);
		format_value(faults_of(panel->cell[i]), "faults", text);
		sheet_cell(sheet, "%s", text);
		format_value(counted(panel->cell[i], "bytes"), "bytes", text);
		sheet_cell(sheet, "%s", text);
		text[0] = '\0';
		if (isfinite(cells_calls(panel->cell[i], NULL)))
			format_value(cells_calls(panel->cell[i], NULL), "calls", text);
		sheet_cell(sheet, "%s", text);
		sheet_row(sheet);
	}
}

/* ---- the answer */

enum answer { UNKNOWN, OVERLAP, CERTAIN };

/* Whether one way is the best beyond the intervals of all others; sets which is the best. */
static enum answer best_of(const struct maker *maker, const struct panel *panel, const struct runfile_cell **best)
{
	const struct summary_row *least = NULL;
	enum answer answer = panel->n > 1 ? CERTAIN : UNKNOWN;

	for (unsigned i = 0; i < panel->n; i++) {
		const struct summary_row *row = drawing_row(maker->summary, panel->cell[i], "total");

		if (row == NULL || !row->interval.has_interval)
			return UNKNOWN;
		if (least == NULL || row->interval.median < least->interval.median)
			least = row;
	}
	for (unsigned i = 0; i < panel->n; i++) {
		if (panel->cell[i] != least->cell && drawing_row(maker->summary, panel->cell[i], "total")->interval.lo <= least->interval.hi)
			answer = answer == CERTAIN ? OVERLAP : answer;
	}
	*best = least->cell;
	return answer;
}

/* How often each way is the best for certain. */
static void put_answer(struct sheet *sheet, const struct grid *grid)
{
	unsigned counts[PANELS] = {0}, known = 0, overlap = 0;
	struct names ways = {0};
	struct text text = {0};
	int err = 0;

	for (unsigned p = 0; p < grid->n && err == 0; p++) {
		const struct runfile_cell *best;
		enum answer answer = best_of(sheet->maker, &grid->panel[p], &best);

		known += answer != UNKNOWN;
		overlap += answer == OVERLAP;
		if (answer != CERTAIN)
			continue;
		err = drawing_names_add(&ways, way_of(sheet->maker, best));
		for (unsigned w = 0; w < ways.n; w++)
			counts[w] += strcmp(ways.name[w], way_of(sheet->maker, best)) == 0;
	}
	for (unsigned w = 0; w < ways.n; w++)
		text_add(&text, "%s%s for %u", w > 0 ? ", " : "", ways.name[w], counts[w]);
	if (ways.n > 0)
		sheet_answer(sheet, "Of %u programs, the best for certain: %s.", known, text_string(&text));
	else if (known > 0)
		sheet_answer(sheet, "For none of %u programs one way is the best for certain.", known);
	if (ways.n > 0 && overlap > 0)
		sheet_answer(sheet, "For %u the best cannot be told from another.", overlap);
	text_clear(&text);
	drawing_names_free(&ways);
}

static int draw_run(struct maker *maker)
{
	struct grid grid = {0};
	struct sheet sheet;
	unsigned rows;
	int err;

	collect(maker->run, &grid);
	if (grid.n < 2)
		return 0;
	err = sheet_begin(&sheet, maker, "panels", "program|way|>alloc|>cpu_before|>device|>cpu_after|>release|>marshal|>faults|>bytes|>calls",
		"Which way of sharing suits which program, and why?");
	if (err != 0)
		return err;
	arrange(maker, &grid);
	rows = (grid.n + grid.columns - 1) / grid.columns * panel_rows(&grid);
	put_headings(&sheet, &grid);
	put_texts(&sheet, &grid);
	for (unsigned s = 0; s < STEPS; s++)
		put_step(&sheet, &grid, s);
	if (has_marshalled(&grid))
		put_marshal(&sheet, &grid);
	picture_names(&sheet.picture, names, STEPS + has_marshalled(&grid), NULL);
	picture_number(&sheet.picture, "columns", grid.columns);
	picture_number(&sheet.picture, "rows", rows);
	picture_number(&sheet.picture, "below_px", 30); /* no axis, only the stamp */
	picture_rows(&sheet.picture, rows, 15);
	for (unsigned p = 0; p < grid.n; p++)
		put_table(&sheet, &grid.panel[p]);
	sheet_caption(&sheet,
		"A panel for each program: the medians of its five steps under each way of sharing, as parts of the longest bar of the panel, "
		"whose time is in the heading. "
		"Beneath each bar: the faults of device and CPU in all steps, first touches included, and the bytes that the device moved or "
		"copied, and the explicit calls of the program: copies, migrations, regions marshalled, launches.");
	put_answer(&sheet, &grid);
	if (has_marshalled(&grid))
		sheet_caption(&sheet, " The strip in step 3 is its part that rewrites links before they are copied; its time is in the table.");
	if (grid.left > 0)
		sheet_caption(&sheet, " %u more cell%s, of other parameters or programs, %s in the pictures below.", grid.left, TEXT_S(grid.left),
			grid.left == 1 ? "is" : "are");
	sheet_alt(&sheet,
		"Small multiples: for each of %u programs, stacked bars of the five steps under each way of sharing. The numbers are in the table.",
		grid.n);
	return sheet_end(&sheet);
}

const struct drawing drawing_programs = {
	.name = "programs",
	.heading = "All programs",
	.draw_run = draw_run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * brief_rows.c - the rows of the brief table; see brief_rows.h. Where not all ways fit the width, the others follow in a block of their own.
 */
#include "config.h"

#include "analysis/brief/brief_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/ways.h"
#include "analysis/summary/format.h"
#include "base/terminal.h"

#define PROGRAMS_SHOWN	 14
#define BENCHMARKS_SHOWN 12
#define LABEL_MAX	 34
#define WAYS_MAX	 64 /* setups on devices; of those that follow only the full table tells */
#define CELL_MIN	 9  /* "*1.61 ms" */

/* A setup on a device. */
struct column {
	const char *setup, *device;
	unsigned width;
};

struct grid {
	const struct brief *brief;
	struct ways_list list;
	struct column column[WAYS_MAX];
	unsigned n_columns, label;
	bool devices; /* there are several */
};

static bool is_shown(const struct ways *ways, bool kernels)
{
	return runfile_is_kernel(ways->like) == kernels;
}

static unsigned find_column(const struct grid *grid, const struct runfile_cell *cell)
{
	unsigned c = 0;

	while (c < grid->n_columns && (strcmp(grid->column[c].setup, cell->setup) || strcmp(grid->column[c].device, cell->device)))
		c++;
	return c;
}

static void add_columns(struct grid *grid)
{
	const struct runfile *run = grid->brief->run;

	/* In the order of the run, not of the ranks. */
	for (size_t i = 0; i < run->n_cells; i++) {
		const struct runfile_cell *cell = &run->cells[i];
		size_t width = strlen(cell->setup);
		bool has = false;

		for (size_t g = 0; g < grid->list.n && !has; g++)
			for (size_t w = 0; w < grid->list.list[g].n && !has; w++)
				has = grid->list.list[g].way[w].row->cell == cell;
		if (!has || grid->n_columns == WAYS_MAX || find_column(grid, cell) < grid->n_columns)
			continue;
		grid->devices |= grid->n_columns && strcmp(grid->column[0].device, cell->device);
		width = width > strlen(cell->device) ? width : strlen(cell->device);
		grid->column[grid->n_columns++] =
			(struct column){.setup = cell->setup, .device = cell->device, .width = width > CELL_MIN ? (unsigned)width : CELL_MIN};
	}
}

/* "triad size=16M"; of a benchmark with the metric. */
static void label_of(const struct ways *ways, char *text, size_t bytes)
{
	char params[128];

	ways_params(ways, params, sizeof(params));
	snprintf(text, bytes, "%s%s%s%s%s", ways->like->bench, runfile_is_kernel(ways->like) ? "" : " ",
		runfile_is_kernel(ways->like) ? "" : ways->way[0].row->metric, *params ? " " : "", params);
}

static void measure_labels(struct grid *grid)
{
	unsigned most = grid->brief->columns / 2 < LABEL_MAX ? grid->brief->columns / 2 : LABEL_MAX;

	for (size_t g = 0; g < grid->list.n; g++) {
		char text[256];

		label_of(&grid->list.list[g], text, sizeof(text));
		if (strlen(text) > grid->label)
			grid->label = (unsigned)strlen(text);
	}
	grid->label = grid->label < most ? grid->label : most;
}

/* What does not fit ends in two dots: the full table has it. */
static void put_label(const struct grid *grid, const char *text)
{
	if (strlen(text) > grid->label)
		fprintf(grid->brief->out, "%.*s..", (int)grid->label - 2, text);
	else
		fprintf(grid->brief->out, "%-*s", (int)grid->label, text);
}

static void cell_text(const struct ways *ways, const struct way *way, char text[FORMAT_VALUE])
{
	char value[FORMAT_VALUE];

	if (way == ways->way) {
		format_value(way->row->interval.median, way->row->unit, value);
		snprintf(text, FORMAT_VALUE, "%s%.*s", ways->n > 1 ? "*" : "", FORMAT_VALUE - 2, value);
	} else {
		snprintf(text, FORMAT_VALUE, way->ratio < 10.0 ? "x%.2f%s" : "x%.0f%s", way->ratio, way->as_good ? "=" : "");
	}
}

static const struct way *way_in(const struct grid *grid, const struct ways *ways, unsigned column)
{
	for (size_t w = 0; w < ways->n; w++)
		if (find_column(grid, ways->way[w].row->cell) == column)
			return &ways->way[w];
	return NULL;
}

static bool has_any(const struct grid *grid, const struct ways *ways, unsigned from, unsigned to)
{
	bool any = false;

	for (unsigned c = from; c < to && !any; c++)
		any = way_in(grid, ways, c);
	return any;
}

static void put_head(const struct grid *grid, unsigned from, unsigned to, const char *title)
{
	put_label(grid, title);
	for (unsigned c = from; c < to; c++)
		fprintf(grid->brief->out, " %*s", (int)grid->column[c].width, grid->column[c].setup);
	fputc('\n', grid->brief->out);
	if (!grid->devices)
		return;
	put_label(grid, "");
	for (unsigned c = from; c < to; c++)
		fprintf(grid->brief->out, " %*s", (int)grid->column[c].width, grid->column[c].device);
	fputc('\n', grid->brief->out);
}

static void put_row(const struct grid *grid, const struct ways *ways, unsigned from, unsigned to)
{
	char text[256];
	unsigned used = grid->label;

	label_of(ways, text, sizeof(text));
	put_label(grid, text);
	for (unsigned c = from; c < to; c++) {
		const struct way *way = way_in(grid, ways, c);
		char cell[FORMAT_VALUE] = "";

		if (!way && !has_any(grid, ways, c, to))
			break;
		if (way)
			cell_text(ways, way, cell);
		used += (unsigned)fprintf(grid->brief->out, " %*s", (int)grid->column[c].width, cell);
	}
	/* The best way against the limit of this machine, where there is room for it. */
	summary_floor(ways->way[0].row, text, sizeof(text));
	if (to == grid->n_columns && *text && used + 2 + strlen(text) <= grid->brief->columns)
		fprintf(grid->brief->out, "  %s", text);
	fputc('\n', grid->brief->out);
}

/* The columns from one on that fit. */
static unsigned fit(const struct grid *grid, unsigned from)
{
	unsigned used = grid->label, to = from;

	while (to < grid->n_columns && (to == from || used + 1 + grid->column[to].width <= grid->brief->columns)) {
		used += 1 + grid->column[to].width;
		to++;
	}
	return to;
}

static void put_block(const struct grid *grid, bool kernels, unsigned from, unsigned to)
{
	size_t shown = 0, most = kernels ? PROGRAMS_SHOWN : BENCHMARKS_SHOWN, left = 0;

	for (size_t g = 0; g < grid->list.n; g++) {
		const struct ways *ways = &grid->list.list[g];

		if (!is_shown(ways, kernels) || !has_any(grid, ways, from, to))
			continue;
		if (!shown)
			put_head(grid, from, to, kernels ? "PROGRAM" : "BENCHMARK");
		if (shown < most)
			put_row(grid, ways, from, to);
		left += shown++ >= most;
	}
	if (left)
		fprintf(grid->brief->out, "... and %zu more rows\n", left);
}

int brief_show_rows(const struct brief *brief)
{
	struct grid grid = {.brief = brief};
	int err = ways_find(brief->run, brief->summary, true, 1, &grid.list);
	bool ranked = false;

	if (err)
		return err;
	add_columns(&grid);
	measure_labels(&grid);
	for (int kernels = 1; kernels >= 0; kernels--)
		for (unsigned from = 0, to; from < grid.n_columns; from = to) {
			to = fit(&grid, from);
			put_block(&grid, kernels, from, to);
		}
	for (size_t g = 0; g < grid.list.n; g++)
		ranked |= grid.list.list[g].n > 1;
	if (ranked)
		terminal_wrap(brief->out, "*: the best; xN: N times worse; =: intervals overlap, not told apart", brief->columns, 3);
	ways_free(&grid.list);
	return 0;
}

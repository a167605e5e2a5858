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

#define LABEL_MAX  34
#define LABEL_TEXT 256
#define WAYS_MAX   64 /* setups on devices; of those that follow only the full table tells */
#define CELL_MIN   9  /* "*1.61 ms" */

enum kind { PROGRAMS, BENCHMARKS, KINDS };
#define ROWS_MAX 14 /* of a kind */

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
	/* The rows that the screen holds, and how many more there are. */
	const struct ways *shown[KINDS][ROWS_MAX];
	size_t n_shown[KINDS], n_left[KINDS];
};

static void choose_rows(struct grid *grid)
{
	static const size_t most[KINDS] = {[PROGRAMS] = 14, [BENCHMARKS] = 12};

	for (size_t g = 0; g < grid->list.n; g++) {
		const struct ways *ways = &grid->list.list[g];
		enum kind kind = runfile_is_kernel(ways->like) ? PROGRAMS : BENCHMARKS;

		if (grid->n_shown[kind] < most[kind])
			grid->shown[kind][grid->n_shown[kind]++] = ways;
		else
			grid->n_left[kind]++;
	}
}

static unsigned find_column(const struct grid *grid, const struct runfile_cell *cell)
{
	unsigned c = 0;

	while (c < grid->n_columns && (strcmp(grid->column[c].setup, cell->setup) != 0 || strcmp(grid->column[c].device, cell->device) != 0))
		c++;
	return c;
}

static void add_column(struct grid *grid, const struct runfile_cell *cell)
{
	unsigned setup = terminal_width(cell->setup), device = terminal_width(cell->device), width = setup > device ? setup : device;

	if (grid->n_columns == WAYS_MAX || find_column(grid, cell) < grid->n_columns)
		return;
	grid->devices |= grid->n_columns && strcmp(grid->column[0].device, cell->device) != 0;
	grid->column[grid->n_columns++] = (struct column){.setup = cell->setup, .device = cell->device, .width = width > CELL_MIN ? width : CELL_MIN};
}

/* In the order of the run, not of the ranks. */
static int add_columns(struct grid *grid)
{
	const struct runfile *run = grid->brief->run;
	bool *has = calloc(run->n_cells + 1, sizeof(*has));

	if (has == NULL)
		return -ENOMEM;
	for (size_t g = 0; g < grid->list.n; g++)
		for (size_t w = 0; w < grid->list.list[g].n; w++)
			has[grid->list.list[g].way[w].row->cell - run->cells] = true;
	for (size_t i = 0; i < run->n_cells; i++)
		if (has[i])
			add_column(grid, &run->cells[i]);
	free(has);
	return 0;
}

/* Whether the parameter tells this row from the benchmark's others; alone, a row has all that was set. */
static bool tells(const struct grid *grid, enum kind kind, const struct ways *ways, const struct runfile_text *param)
{
	size_t rows = 0;
	bool differs = false;

	for (size_t i = 0; i < grid->n_shown[kind]; i++) {
		const struct runfile_cell *other = grid->shown[kind][i]->like;
		const char *value = runfile_param(other, param->name);

		if (strcmp(other->bench, ways->like->bench) != 0)
			continue;
		rows++;
		differs |= value == NULL || strcmp(value, param->text) != 0;
	}
	return rows == 1 || differs;
}

static unsigned label_most(const struct grid *grid)
{
	return grid->brief->columns / 2 < LABEL_MAX ? grid->brief->columns / 2 : LABEL_MAX;
}

static void make_label(const struct grid *grid, enum kind kind, const struct ways *ways, bool metric, bool names, char text[LABEL_TEXT])
{
	size_t used = (size_t)snprintf(text, LABEL_TEXT, "%s%s%s", ways->like->bench, metric ? " " : "", metric ? ways->way[0].row->metric : "");

	for (size_t p = 0; p < ways->like->n_params && used < LABEL_TEXT; p++) {
		const struct runfile_text *param = &ways->like->params[p];

		if (ways_share(ways, p) && tells(grid, kind, ways, param))
			used += (size_t)snprintf(text + used, LABEL_TEXT - used, " %s%s%s", names ? param->name : "", names ? "=" : "", param->text);
	}
}

/* "triad size=16M"; of a benchmark with the metric. What is too long goes without the metric, then without the parameters' names. */
static void label_of(const struct grid *grid, enum kind kind, const struct ways *ways, char text[LABEL_TEXT])
{
	make_label(grid, kind, ways, kind == BENCHMARKS, true, text);
	if (terminal_width(text) > label_most(grid) && kind == BENCHMARKS)
		make_label(grid, kind, ways, false, true, text);
	if (terminal_width(text) > label_most(grid))
		make_label(grid, kind, ways, false, false, text);
}

static void measure_labels(struct grid *grid)
{
	for (enum kind kind = 0; kind < KINDS; kind++)
		for (size_t i = 0; i < grid->n_shown[kind]; i++) {
			char text[LABEL_TEXT];

			label_of(grid, kind, grid->shown[kind][i], text);
			if (terminal_width(text) > grid->label)
				grid->label = terminal_width(text);
		}
	grid->label = grid->label < label_most(grid) ? grid->label : label_most(grid);
}

/* What does not fit ends in two dots: the full table has it. */
static void put_label(const struct grid *grid, const char *text)
{
	terminal_put(grid->brief->out, text, grid->label, false);
}

static void put_cell(const struct grid *grid, unsigned column, const char *text)
{
	fputc(' ', grid->brief->out);
	terminal_put(grid->brief->out, text, grid->column[column].width, true);
}

static void cell_text(const struct ways *ways, const struct way *way, char text[FORMAT_VALUE])
{
	char value[FORMAT_VALUE], number[FORMAT_FIXED];

	if (way == ways->way) {
		format_short(way->row->interval.median, way->row->unit, value);
		snprintf(text, FORMAT_VALUE, "%s%.*s", ways->n > 1 ? "*" : "", FORMAT_VALUE - 2, value);
	} else {
		text_fit(text, FORMAT_VALUE, "x%s%s", format_fixed(way->ratio, way->ratio < 10.0 ? 2 : 0, false, number), way->as_good ? "=" : "");
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
		put_cell(grid, c, grid->column[c].setup);
	fputc('\n', grid->brief->out);
	if (!grid->devices)
		return;
	put_label(grid, "");
	for (unsigned c = from; c < to; c++)
		put_cell(grid, c, grid->column[c].device);
	fputc('\n', grid->brief->out);
}

static void put_row(const struct grid *grid, enum kind kind, const struct ways *ways, unsigned from, unsigned to)
{
	char text[LABEL_TEXT];
	struct text floor = {0};
	unsigned used = grid->label;

	label_of(grid, kind, ways, text);
	put_label(grid, text);
	for (unsigned c = from; c < to; c++) {
		const struct way *way = way_in(grid, ways, c);
		char cell[FORMAT_VALUE] = "";

		if (way == NULL && !has_any(grid, ways, c, to))
			break;
		if (way != NULL)
			cell_text(ways, way, cell);
		put_cell(grid, c, cell);
		used += 1 + grid->column[c].width;
	}
	/* The best way against the limit of this machine, where there is room for it. */
	summary_floor(ways->way[0].row, &floor);
	if (to == grid->n_columns && floor.len != 0 && used + 2 + terminal_width(text_string(&floor)) <= grid->brief->columns)
		fprintf(grid->brief->out, "  %s", text_string(&floor));
	text_clear(&floor);
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

static void put_block(const struct grid *grid, enum kind kind, unsigned from, unsigned to)
{
	bool headed = false;

	for (size_t i = 0; i < grid->n_shown[kind]; i++) {
		const struct ways *ways = grid->shown[kind][i];

		if (!has_any(grid, ways, from, to))
			continue;
		if (!headed)
			put_head(grid, from, to, kind == PROGRAMS ? "PROGRAM" : "BENCHMARK");
		headed = true;
		put_row(grid, kind, ways, from, to);
	}
}

int brief_show_rows(const struct brief *brief)
{
	struct grid grid = {.brief = brief};
	int err = ways_find(brief->run, brief->summary, true, 1, &grid.list);
	bool ranked = false;

	if (err != 0)
		return err;
	err = add_columns(&grid);
	choose_rows(&grid);
	measure_labels(&grid);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		for (unsigned from = 0, to; from < grid.n_columns; from = to) {
			to = fit(&grid, from);
			put_block(&grid, kind, from, to);
		}
		if (grid.n_left[kind])
			fprintf(brief->out, "... and %zu more rows\n", grid.n_left[kind]);
	}
	for (size_t g = 0; g < grid.list.n; g++)
		ranked |= grid.list.list[g].n > 1;
	if (ranked)
		terminal_wrap(brief->out, "*: the best; xN: N times worse; =: intervals overlap, not told apart", brief->columns, 3);
	ways_free(&grid.list);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * overview.c - the first screen: the machine in a sentence, each program under each way of sharing in one picture, each claim in a line.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/ways.h"
#include "analysis/report/section.h"
#include "analysis/summary/format.h"

#define COLUMNS_MAX  64 /* setups on devices: those that follow are counted */
#define COLUMNS_WIDE 8	/* that many stand side by side on a page; more are in a table for each device */

/* ---- the machine ---------------------------------------------------------------------------------------- */

static const char *text_in(const struct runfile *run, const char *part, const char *member)
{
	const char *text = json_string_value(json_object_get(json_object_get(json_object_get(run->header, "machine"), part), member));

	return text != NULL ? text : "";
}

static void write_machine(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	const char *kernel = text_in(run, "factors", "kernel");
	struct text devices = {0};
	char cpu[FORMAT_CPU];

	format_cpu(run, cpu);
	section_emulated_devices(run, "", &devices);
	document_paragraph(chapter->document, "Measured on %s%s%s%s%s, %s. %s%s%s",
		run->guest && run->emulated ? "an emulated machine"
		: run->guest		    ? "a virtual machine"
					    : "a machine",
		*cpu ? ", " : "", cpu, *kernel ? ", Linux " : "", kernel,
		!clock_counts_instructions(run->clock) ? "in time" : "in instructions executed, not in time",
		devices.len != 0 ? "Software stands in for a device (" : "", text_string(&devices),
		devices.len != 0 ? "): the figures compare ways of sharing with each other, and describe no real device." : "");
	text_clear(&devices);
	if (run->emulated)
		document_paragraph(chapter->document, "This machine is emulated: %s.",
			!clock_counts_instructions(run->clock) ? "its times cannot be compared with those of a real one"
							       : "instructions are exact from boot to boot, but do not reflect caches and memory");
}

/* ---- the picture ----------------------------------------------------------------------------------------- */

/* A row for each program, a column for each setup on a device; in one table, or in several that have the columns [from, to). */
struct grid {
	const struct chapter *chapter;
	struct ways_list list;
	bool programs; /* else there is none, and the benchmarks are shown */
	const struct runfile_cell *column[COLUMNS_MAX];
	unsigned n, left, from, to;
};

static bool is_shown(const struct grid *grid, const struct ways *ways)
{
	return runfile_is_kernel(ways->like) == grid->programs;
}

static bool is_column(const struct runfile_cell *column, const struct runfile_cell *cell)
{
	return strcmp(column->setup, cell->setup) == 0 && strcmp(column->device, cell->device) == 0;
}

static void add_column(struct grid *grid, const struct runfile_cell *cell)
{
	for (unsigned c = 0; c < grid->n; c++)
		if (is_column(grid->column[c], cell))
			return;
	if (grid->n < COLUMNS_MAX)
		grid->column[grid->n++] = cell;
	else
		grid->left++;
}

/* Columns of one device stand together; devices are in the order of their first columns. */
static void order_by_device(struct grid *grid)
{
	for (unsigned first = 0; first < grid->n; first++)
		for (unsigned c = first + 2; c < grid->n; c++)
			if (strcmp(grid->column[c]->device, grid->column[first]->device) == 0) {
				const struct runfile_cell *column = grid->column[c];
				unsigned to = first + 1;

				while (to < c && strcmp(grid->column[to]->device, column->device) == 0)
					to++;
				memmove(&grid->column[to + 1], &grid->column[to], (c - to) * sizeof(grid->column[0]));
				grid->column[to] = column;
			}
}

/* In the order of the run, not of the ranks. */
static int add_columns(struct grid *grid)
{
	const struct runfile *run = grid->chapter->run;
	bool *has = calloc(run->n_cells + 1, sizeof(*has));

	if (has == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < grid->list.n; i++)
		for (size_t w = 0; w < grid->list.list[i].n && is_shown(grid, &grid->list.list[i]); w++)
			has[grid->list.list[i].way[w].row->cell - run->cells] = true;
	for (size_t c = 0; c < run->n_cells; c++)
		if (has[c])
			add_column(grid, &run->cells[c]);
	if (grid->n > COLUMNS_WIDE)
		order_by_device(grid);
	free(has);
	return 0;
}

/* How far from the best: the look of a cell. */
static const char *kind_of(const struct way *way)
{
	return way->as_good ? "w0" : way->ratio <= 1.5 ? "w1" : way->ratio <= 3.0 ? "w2" : way->ratio <= 10.0 ? "w3" : "w4";
}

static void write_way(const struct grid *grid, const struct ways *ways, const struct way *way)
{
	char value[FORMAT_VALUE], id[SECTION_ID];

	section_row_id(grid->chapter, way->row, "row", id);
	format_short(way->row->interval.median, way->row->unit, value);
	if (way == ways->way)
		document_cell_link(grid->chapter->document, "w0 b", id, "%s%s", ways->n > 1 ? "* " : "", value);
	else
		document_cell_link(
			grid->chapter->document, kind_of(way), id, way->ratio < 10.0 ? "%.2f%s" : "%.0f%s", way->ratio, way->as_good ? " =" : "");
}

static const struct way *way_of(const struct grid *grid, const struct ways *ways, unsigned c)
{
	for (size_t w = 0; w < ways->n; w++)
		if (is_column(grid->column[c], ways->way[w].row->cell))
			return &ways->way[w];
	return NULL;
}

/* Nothing is written of a program that ran under none of the columns. */
static void write_row(const struct grid *grid, const struct ways *ways)
{
	struct text text = {0};
	bool ran = false;

	for (unsigned c = grid->from; c < grid->to; c++)
		ran |= way_of(grid, ways, c) != NULL;
	if (!ran)
		return;
	text_add(&text, "%s%s%s", ways->like->bench, grid->programs ? "" : " ", grid->programs ? "" : ways->way[0].row->metric);
	ways_params(ways, ", ", &text);
	document_row_begin(grid->chapter->document);
	document_cell_text(grid->chapter->document, text_string(&text));
	text_clear(&text);
	for (unsigned c = grid->from; c < grid->to; c++) {
		const struct way *way = way_of(grid, ways, c);

		if (way != NULL)
			write_way(grid, ways, way);
		else
			document_cell(grid->chapter->document, "-");
	}
	document_row_end(grid->chapter->document);
}

static void write_head(const struct grid *grid)
{
	char *columns = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&columns, &bytes);

	if (out == NULL)
		return;
	fputs(grid->programs ? "program" : "benchmark", out);
	for (unsigned c = grid->from; c < grid->to; c++) {
		fprintf(out, "|>%s", grid->column[c]->setup);
		if (strcmp(grid->column[c]->device, "-") != 0)
			fprintf(out, " on %s%s", grid->column[c]->device,
				runfile_device_emulated(grid->chapter->run, grid->column[c]->device) ? " (emulated)" : "");
	}
	if (fclose(out) == 0)
		document_table_begin(grid->chapter->document, columns);
	free(columns);
}

/* The columns of one table: all, or where they are too many for the page, those of one device that fit. */
static void next_columns(struct grid *grid)
{
	grid->from = grid->to;
	grid->to = grid->n;
	if (grid->n <= COLUMNS_WIDE)
		return;
	for (grid->to = grid->from + 1; grid->to < grid->n && grid->to - grid->from < COLUMNS_WIDE; grid->to++)
		if (strcmp(grid->column[grid->to]->device, grid->column[grid->from]->device) != 0)
			break;
}

/* Whether any row has something to compare. */
static bool write_grid(struct grid *grid)
{
	struct document *document = grid->chapter->document;
	char number[24];
	bool ranked = false;

	for (size_t i = 0; i < grid->list.n; i++)
		ranked |= is_shown(grid, &grid->list.list[i]) && grid->list.list[i].n > 1;
	document_heading(document, 3, grid->programs ? "Which way of sharing suits which program?" : "Which way of sharing suits which benchmark?");
	snprintf(number, sizeof(number), "%zu", grid->chapter->number);
	document_about(document, "run", number);
	document_about(document, "name", text_string(&grid->chapter->name));
	while (grid->to < grid->n) {
		next_columns(grid);
		document_box_begin(document, "grid");
		write_head(grid);
		for (size_t i = 0; i < grid->list.n; i++)
			if (is_shown(grid, &grid->list.list[i]))
				write_row(grid, &grid->list.list[i]);
		document_table_end(document);
		document_box_end(document);
	}
	if (grid->n > COLUMNS_WIDE)
		document_paragraph(document, "The ways of each device are in a table of their own; a program's row goes on through all of them.");
	if (grid->left > 0)
		document_paragraph(document, "%u more way%s of sharing %s only in the results below.", grid->left, TEXT_S(grid->left),
			grid->left == 1 ? "is" : "are");
	return ranked;
}

static bool write_picture(const struct chapter *chapter)
{
	bool ranked = false;
	struct grid grid = {.chapter = chapter};
	int err = ways_find(chapter->run, chapter->summary, true, 1, &grid.list);

	for (size_t i = 0; i < grid.list.n && err == 0; i++)
		grid.programs |= runfile_is_kernel(grid.list.list[i].like);
	if (err == 0)
		err = add_columns(&grid);
	if (err == 0 && grid.n > 0)
		ranked = write_grid(&grid);
	ways_free(&grid.list);
	return ranked;
}

static void write_legend(const struct report *report)
{
	document_paragraph(report->document, "*: the best of its row, with its median; the others are times the best, darker from 1.5, 3 and 10 on. "
					     "=: the intervals overlap, so that "
					     "neither is better. Each number leads to its result, and that to its rounds.");
}

/* ---- the claims ------------------------------------------------------------------------------------------ */

static void write_claims(const struct report *report)
{
	document_heading(report->document, 3, "The claims of 2017");
	document_item_begin(report->document);
	for (unsigned c = 0; c < CLAIMS; c++) {
		enum claims_verdict verdict = report->answers[c].verdict;
		char id[SECTION_ID];

		section_claim_id(c, id);
		document_verdict_item(report->document, section_claim_signs[verdict], claims_verdict_names[verdict], id, claims[c].title);
	}
	document_item_end(report->document);
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

/* What may be compared, where there are several runs. */
static void write_together(const struct report *report)
{
	const struct runfile *first = report->chapters[0].run;
	bool alike = true;

	for (size_t i = 1; i < report->n; i++) {
		const struct runfile *run = report->chapters[i].run;

		alike &= strcmp(run->fingerprint, first->fingerprint) == 0 && strcmp(run->clock, first->clock) == 0;
	}
	if (report->n > 1 && alike)
		document_paragraph(report->document,
			"%zu runs of one machine under one clock. Ways of sharing are compared within each; whether two runs differ, fivestep "
			"compare "
			"tells.",
			report->n);
	else if (report->n > 1)
		document_paragraph(report->document,
			"%zu runs, not all of one machine under one clock. Compare ways of sharing within a run, and ratios between runs, but no "
			"times.",
			report->n);
}

static void write(const struct report *report)
{
	bool ranked = false;

	document_heading(report->document, 2, "In short");
	write_together(report);
	/* the claims are about all runs, so that they stand above those of several */
	if (report->n > 1)
		write_claims(report);
	for (size_t i = 0; i < report->n; i++) {
		if (report->n > 1)
			document_heading(report->document, 3, text_string(&report->chapters[i].name));
		write_machine(&report->chapters[i]);
		ranked |= write_picture(&report->chapters[i]);
	}
	if (ranked)
		write_legend(report);
	if (report->n == 1)
		write_claims(report);
}

const struct section section_overview = {
	.name = "overview",
	.write = write,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * side_by_side.c - HMM, device-coherent memory and a NUMA node side by side: the same work on every device of every run, with the faults and
 * migrations of each way.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"
#include "analysis/report/section.h"
#include "analysis/claims/ways.h"

/* What the device counted as moved while both sides share the buffer; NaN if it counts nothing of that kind. */
static double pages_moved(const struct runfile_cell *cell)
{
	double sum = NAN;

	for (int s = FS_DEVICE_COMPUTE; s <= FS_CPU_AFTER; s++) {
		double moved = cells_went(cell, fs_step_names[s], "pages", FS_SIDES);

		if (isfinite(moved))
			sum = (isnan(sum) ? 0.0 : sum) + moved;
	}
	return sum;
}

/* A benchmark's own count in that unit, or for a kernel the counts of the steps that share the buffer; "-" if nothing counts. */
static void say_count(const struct chapter *chapter, const struct runfile_cell *cell, const char *unit, char text[FORMAT_VALUE])
{
	double sum = NAN;

	strcpy(text, "-");
	for (size_t i = 0; i < chapter->summary->n; i++) {
		const struct summary_row *row = &chapter->summary->rows[i];

		if (row->cell == cell && row->n_values && strcmp(row->unit, unit) == 0) {
			snprintf(text, FORMAT_VALUE, "%.10g", row->interval.median);
			return;
		}
	}
	if (runfile_is_kernel(cell))
		sum = strcmp(unit, "faults") == 0 ? cells_faults(cell, FS_DEVICE_COMPUTE, FS_CPU_AFTER) : pages_moved(cell);
	if (isfinite(sum))
		snprintf(text, FORMAT_VALUE, "%.10g", sum);
}

/* Identifies the way of sharing in the first columns of a row. */
static void write_whose(const struct report *report, const struct chapter *chapter, const struct runfile_cell *cell)
{
	struct document *document = report->document;
	enum ways_family family = ways_family(chapter->run, cell->setup);
	const char *memory = runfile_device_coherent(chapter->run, cell->device);

	if (report->n > 1)
		document_cell(document, "%s", text_string(&chapter->name));
	document_cell(document, "%s", family == WAYS_CDM && *memory ? memory : family < WAYS_FAMILIES ? ways_family_names[family] : "-");
	document_cell(document, "%s", cell->setup);
	document_cell(document, "%s%s", cell->device, runfile_device_emulated(chapter->run, cell->device) ? " (emulated)" : "");
}

static void write_way(const struct report *report, const struct chapter *chapter, const struct way *way)
{
	struct document *document = report->document;
	const struct runfile_cell *cell = way->row->cell;
	char median[FORMAT_VALUE], range[FORMAT_VALUE], faults[FORMAT_VALUE], pages[FORMAT_VALUE], id[SECTION_ID];

	format_interval(&way->row->interval, way->row->unit, median, range);
	say_count(chapter, cell, "faults", faults);
	say_count(chapter, cell, "pages", pages);
	document_row_begin(document);
	write_whose(report, chapter, cell);
	section_row_id(chapter, way->row, "row", id);
	document_cell_link(document, "", id, "%s", median);
	document_cell(document, "%s", range);
	document_cell(document, "%.3g", way->ratio);
	document_cell(document, "%s", faults);
	document_cell(document, "%s", pages);
	document_row_end(document);
}

/* Whether there is more than one family or device; otherwise the tables of results are enough. */
static bool is_worth_it(const struct chapter *chapter, const struct ways *ways)
{
	bool devices = false, families = false;

	for (size_t w = 1; w < ways->n; w++) {
		devices = devices || strcmp(ways->way[w].row->cell->device, ways->way[0].row->cell->device) != 0;
		families = families ||
			   ways_family(chapter->run, ways->way[w].row->cell->setup) != ways_family(chapter->run, ways->way[0].row->cell->setup);
	}
	return families && (devices || runfile_is_kernel(ways->like));
}

static bool is_told_before(const struct report *report, const struct ways_list *lists, size_t chapter, const struct ways *ways)
{
	for (size_t i = 0; i < chapter; i++)
		for (size_t j = 0; j < lists[i].n; j++)
			if (cells_same_work(lists[i].list[j].like, ways->like) && is_worth_it(&report->chapters[i], &lists[i].list[j]))
				return true;
	return false;
}

/* ---- other metrics of the same work: for a kernel, its steps */

#define OTHERS 8

/* Whether the row is not a count: faults and pages have columns already. */
static bool is_cost(const struct summary_row *row)
{
	return row->metric != NULL && row->n_values && strcmp(row->unit, "faults") != 0 && strcmp(row->unit, "pages") != 0;
}

static const struct summary_row *row_of(const struct chapter *chapter, const struct runfile_cell *cell, const char *metric)
{
	for (size_t i = 0; i < chapter->summary->n; i++) {
		const struct summary_row *row = &chapter->summary->rows[i];

		if (row->cell == cell && is_cost(row) && strcmp(row->metric, metric) == 0)
			return row;
	}
	return NULL;
}

static size_t find_others(const struct chapter *chapter, const struct ways *ways, const char *others[OTHERS])
{
	size_t n = 0;

	for (size_t i = 0; i < chapter->summary->n && n < OTHERS; i++) {
		const struct summary_row *row = &chapter->summary->rows[i];

		if (row->cell == ways->way[0].row->cell && is_cost(row) && strcmp(row->metric, ways->way[0].row->metric) != 0)
			others[n++] = row->metric;
	}
	return n;
}

static void write_other(const struct chapter *chapter, const struct summary_row *row)
{
	struct document *document = chapter->document;
	char median[FORMAT_VALUE], range[FORMAT_VALUE], id[SECTION_ID];

	if (row != NULL) {
		format_interval(&row->interval, row->unit, median, range);
		section_row_id(chapter, row, "row", id);
		document_cell_link(document, "long", row->brief ? id : NULL, "%s %s", median, range);
	} else {
		document_cell(document, "-");
	}
}

static void write_others_of(const struct report *report, const struct chapter *chapter, const struct way *way, const char *const *others, size_t n)
{
	document_row_begin(report->document);
	write_whose(report, chapter, way->row->cell);
	for (size_t m = 0; m < n; m++)
		write_other(chapter, row_of(chapter, way->row->cell, others[m]));
	document_row_end(report->document);
}

static void write_others(const struct report *report, const struct ways_list *lists, size_t first, const struct ways *ways)
{
	const char *others[OTHERS];
	size_t n = find_others(&report->chapters[first], ways, others);
	struct text columns = {0};

	if (n == 0)
		return;
	text_add(&columns, "%sshared by|setup|device", report->n > 1 ? "run|" : "");
	for (size_t m = 0; m < n; m++)
		text_add(&columns, "|>%s", others[m]);
	document_paragraph(report->document, runfile_is_kernel(ways->like) ? "The same by steps, each with its 95 %% interval:"
									   : "Its other metrics, each with its 95 %% interval:");
	document_table_begin(report->document, text_string(&columns));
	text_clear(&columns);
	for (size_t i = first; i < report->n; i++)
		for (size_t j = 0; j < lists[i].n; j++)
			for (size_t w = 0; cells_same_work(lists[i].list[j].like, ways->like) && w < lists[i].list[j].n; w++)
				write_others_of(report, &report->chapters[i], &lists[i].list[j].way[w], others, n);
	document_table_end(report->document);
}

static void write_work(const struct report *report, const struct ways_list *lists, size_t first, const struct ways *ways)
{
	struct text title = {0}, columns = {0};

	text_add(&title, "%s", ways->like->bench);
	ways_params(ways, ", ", &title);
	text_add(&columns, "%sshared by|setup|device|>%s|95 %% interval|>times the best|>faults|>pages moved", report->n > 1 ? "run|" : "",
		ways->way[0].row->metric);
	document_fold_begin(report->document, "%s: times, faults and pages of each way", text_string(&title));
	document_table_begin(report->document, text_string(&columns));
	text_clear(&title);
	text_clear(&columns);
	for (size_t i = first; i < report->n; i++)
		for (size_t j = 0; j < lists[i].n; j++)
			for (size_t w = 0; cells_same_work(lists[i].list[j].like, ways->like) && w < lists[i].list[j].n; w++)
				write_way(report, &report->chapters[i], &lists[i].list[j].way[w]);
	document_table_end(report->document);
	write_others(report, lists, first, ways);
	document_fold_end(report->document);
}

static bool has_both(const struct chapter *chapter, const struct ways *ways)
{
	return ways_best_of(ways, chapter->run, WAYS_HMM) != NULL && ways_best_of(ways, chapter->run, WAYS_CDM) != NULL;
}

/* Writes the work that was done under both HMM and coherent memory, or a note that there was none. */
static void write_works(const struct report *report, const struct ways_list *lists, bool both)
{
	for (size_t i = 0; i < report->n; i++)
		for (size_t j = 0; j < lists[i].n; j++) {
			const struct ways *ways = &lists[i].list[j];

			if (is_worth_it(&report->chapters[i], ways) && has_both(&report->chapters[i], ways) == both &&
				!is_told_before(report, lists, i, ways))
				write_work(report, lists, i, ways);
		}
}

static bool any_worth_it(const struct report *report, const struct ways_list *lists)
{
	for (size_t i = 0; i < report->n; i++)
		for (size_t j = 0; j < lists[i].n; j++)
			if (is_worth_it(&report->chapters[i], &lists[i].list[j]))
				return true;
	return false;
}

static void write(const struct report *report)
{
	struct ways_list *lists = calloc(report->n, sizeof(*lists));

	if (lists == NULL)
		return;
	for (size_t i = 0; i < report->n; i++)
		if (ways_find(report->chapters[i].run, report->chapters[i].summary, true, 1, &lists[i]))
			memset(&lists[i], 0, sizeof(lists[i]));
	if (any_worth_it(report, lists)) {
		document_heading(report->document, 2, "HMM, device-coherent memory and NUMA side by side");
		document_paragraph(report->document,
			"The same work with the same parameters, on any device. \"Times the best\" is relative to the best of the same "
			"run: times of different machines and "
			"clocks cannot be compared. Faults are the CPU's and the device's in steps 3 and 4 of a "
			"kernel, including first touches of results; a benchmark counts its own.");
		write_works(report, lists, true);
		write_works(report, lists, false);
	}
	for (size_t i = 0; i < report->n; i++)
		ways_free(&lists[i]);
	free(lists);
}

const struct section section_side_by_side = {
	.name = "side_by_side",
	.write = write,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * results.c - every number of a run, with a table for each benchmark.
 */
#include "config.h"

#include <string.h>

#include "analysis/summary/format.h"
#include "analysis/report/section.h"

static void write_row(struct document *document, const struct summary_row *row)
{
	char params[256], median[FORMAT_VALUE] = "-", range[FORMAT_VALUE] = "-", note[512];

	format_params(row->cell, false, params, sizeof(params));
	if (row->n_values)
		format_interval(&row->interval, row->unit, median, range);
	summary_note(row, note, sizeof(note));
	document_row_begin(document);
	document_cell(document, "%s", row->cell->setup);
	document_cell(document, "%s", row->cell->device);
	document_cell(document, "%s", params);
	document_cell(document, "%s", row->metric != NULL ? row->metric : "-");
	document_cell(document, "%s", median);
	document_cell(document, "%s", range);
	document_cell(document, "%zu", row->n_values);
	document_cell(document, "%s", row->stop);
	document_cell(document, "%s", note);
	document_row_end(document);
}

static bool bench_is_new(const struct summary *summary, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(summary->rows[j].cell->bench, summary->rows[i].cell->bench) == 0)
			return false;
	return true;
}

static void write_results(const struct chapter *chapter)
{
	const struct summary *summary = chapter->summary;
	struct document *document = chapter->document;

	document_heading(document, 2, "Results");
	for (size_t i = 0; i < summary->n; i++) {
		if (!bench_is_new(summary, i))
			continue;
		document_heading(document, 3, summary->rows[i].cell->bench);
		if (*runfile_bench_summary(chapter->run, summary->rows[i].cell->bench))
			document_paragraph(document, "%s", runfile_bench_summary(chapter->run, summary->rows[i].cell->bench));
		document_table_begin(document, "setup|device|parameters|metric|>median|95 % interval|>rounds|stop|note");
		for (size_t j = i; j < summary->n; j++)
			if (summary->rows[j].brief && strcmp(summary->rows[j].cell->bench, summary->rows[i].cell->bench) == 0)
				write_row(document, &summary->rows[j]);
		document_table_end(document);
	}
}

const struct section section_results = {
	.name = "results",
	.write_run = write_results,
};

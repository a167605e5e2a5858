/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * results.c - every number of a run, with a table for each benchmark, and the rounds that it comes from.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "analysis/report/section.h"

static void write_row(const struct chapter *chapter, const struct summary_row *row)
{
	struct document *document = chapter->document;
	char *params = format_params_whole(row->cell, false);
	struct text note = {0};
	char median[FORMAT_VALUE] = "-", range[FORMAT_VALUE] = "-", id[SECTION_ID], rounds[SECTION_ID];

	if (row->n_values)
		format_interval(&row->interval, row->unit, median, range);
	summary_note(row, &note);
	section_row_id(chapter, row, "row", id);
	section_row_id(chapter, row, "rounds", rounds);
	document_row_begin_at(document, id);
	document_cell(document, "%s", row->cell->setup);
	document_cell(document, "%s", row->cell->device);
	document_cell_text(document, params != NULL ? params : "out of memory");
	document_cell(document, "%s", row->metric != NULL ? row->metric : "-");
	document_cell(document, "%s", median);
	document_cell(document, "%s", range);
	document_cell_link(document, "", row->n_values > 0 ? rounds : NULL, "%zu", row->n_values);
	document_cell(document, "%s", row->stop);
	document_cell_text(document, text_string(&note));
	document_row_end(document);
	free(params);
	text_clear(&note);
}

/* The values of a result, in the order of the rounds. */
static void write_rounds(const struct chapter *chapter, const struct summary_row *row)
{
	struct document *document = chapter->document;
	char *params = format_params_whole(row->cell, false), id[SECTION_ID], *values = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&values, &bytes);

	if (out == NULL)
		goto out;
	for (size_t i = 0; i < row->n_values; i++)
		fprintf(out, "%s%.6g", i > 0 ? " " : "", row->values[i]);
	if (fclose(out) == 0) {
		section_row_id(chapter, row, "rounds", id);
		document_row_begin_at(document, id);
		document_cell(document, "%s", row->cell->setup);
		document_cell(document, "%s", row->cell->device);
		document_cell_text(document, params != NULL ? params : "out of memory");
		document_cell(document, "%s", row->metric);
		document_cell(document, "%s", row->unit);
		document_cell_text(document, values);
		document_row_end(document);
	}
out:
	free(params);
	free(values);
}

static bool bench_is_new(const struct summary *summary, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(summary->rows[j].cell->bench, summary->rows[i].cell->bench) == 0)
			return false;
	return true;
}

static bool is_shown(const struct summary_row *row, const char *bench)
{
	return row->brief && strcmp(row->cell->bench, bench) == 0;
}

static void write_bench(const struct chapter *chapter, const char *bench)
{
	const struct summary *summary = chapter->summary;
	size_t n = 0, values = 0;

	for (size_t i = 0; i < summary->n; i++)
		if (is_shown(&summary->rows[i], bench)) {
			n++;
			values += summary->rows[i].n_values;
		}
	document_about(chapter->document, "bench", bench);
	document_fold_begin(chapter->document, "%zu result%s of %s", n, n == 1 ? "" : "s", bench);
	document_table_begin(chapter->document, "setup|device|parameters|metric|>median|95 % interval|>rounds|stop|note");
	for (size_t i = 0; i < summary->n; i++)
		if (is_shown(&summary->rows[i], bench))
			write_row(chapter, &summary->rows[i]);
	document_table_end(chapter->document);
	document_fold_end(chapter->document);
	if (values == 0)
		return;
	document_about(chapter->document, "bench", bench);
	document_fold_begin(chapter->document, "Each round of %s", bench);
	document_table_begin(chapter->document, "setup|device|parameters|metric|unit|a value for each round, in their order");
	for (size_t i = 0; i < summary->n; i++)
		if (is_shown(&summary->rows[i], bench) && summary->rows[i].n_values > 0)
			write_rounds(chapter, &summary->rows[i]);
	document_table_end(chapter->document);
	document_fold_end(chapter->document);
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
		write_bench(chapter, summary->rows[i].cell->bench);
	}
}

const struct section section_results = {
	.name = "results",
	.write_run = write_results,
};

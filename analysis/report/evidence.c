/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evidence.c - the expectations that must hold for a round to count, and whether they did.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/report/section.h"

/* The results of one expectation of a cell over all rounds. */
struct expectation {
	size_t held, all;
	double lo, hi; /* seen */
};

static struct expectation count_expectation(const struct runfile_cell *cell, const struct runfile_evidence *like)
{
	struct expectation sum = {.lo = INFINITY, .hi = -INFINITY};

	for (size_t r = 0; r < cell->n_rounds; r++)
		for (size_t e = 0; e < cell->rounds[r]->n_evidence; e++) {
			const struct runfile_evidence *item = &cell->rounds[r]->evidence[e];

			if (strcmp(item->what, like->what) != 0 || strcmp(item->relation, like->relation) != 0)
				continue;
			sum.all++;
			sum.held += item->holds;
			sum.lo = fmin(sum.lo, item->seen);
			sum.hi = fmax(sum.hi, item->seen);
		}
	return sum;
}

static bool expectation_is_new(const struct runfile_cell *cell, size_t round, size_t item)
{
	const struct runfile_evidence *like = &cell->rounds[round]->evidence[item];

	for (size_t r = 0; r <= round; r++)
		for (size_t e = 0; e < (r == round ? item : cell->rounds[r]->n_evidence); e++)
			if (strcmp(cell->rounds[r]->evidence[e].what, like->what) == 0 &&
				strcmp(cell->rounds[r]->evidence[e].relation, like->relation) == 0)
				return false;
	return true;
}

static void write_expectation(const struct chapter *chapter, const struct runfile_cell *cell, const struct runfile_evidence *item)
{
	struct expectation sum = count_expectation(cell, item);
	struct document *document = chapter->document;

	document_row_begin(document);
	document_cell(document, "%s", cell->bench);
	section_label_cell(document, chapter->run, cell);
	document_cell(document, "%s", item->what);
	if (sum.lo == sum.hi)
		document_cell(document, "%.10g", sum.lo);
	else
		document_cell(document, "%.10g to %.10g", sum.lo, sum.hi);
	document_cell(document, "%s %.10g", item->relation, item->expected);
	document_cell(
		document, "%s in %zu of %zu", sum.held == sum.all ? "holds" : "FAILS", sum.held == sum.all ? sum.held : sum.all - sum.held, sum.all);
	document_row_end(document);
}

static void write_evidence(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	size_t held = 0, all = 0;

	document_heading(chapter->document, 2, "Evidence");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t e = 0; e < run->cells[c].rounds[r]->n_evidence; e++, all++)
				held += run->cells[c].rounds[r]->evidence[e].holds;
	document_paragraph(chapter->document,
		"%zu of %zu expectations on counters and residence held. A round in which one does not hold is invalid and gives no value.", held,
		all);
	if (!all)
		return;
	document_fold_begin(chapter->document, "Each expectation");
	document_table_begin(chapter->document, "benchmark|cell|expectation|>seen|expected (first)|result");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t e = 0; e < run->cells[c].rounds[r]->n_evidence; e++)
				if (expectation_is_new(&run->cells[c], r, e))
					write_expectation(chapter, &run->cells[c], &run->cells[c].rounds[r]->evidence[e]);
	document_table_end(chapter->document);
	document_fold_end(chapter->document);
}

/* Checks that agree need no table. */
static void write_disagreements(const struct runfile *run, struct document *document)
{
	document_table_begin(document, "benchmark|cell|round|check|>one|the other");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t e = 0; e < run->cells[c].rounds[r]->n_checks; e++) {
				const struct runfile_evidence *check = &run->cells[c].rounds[r]->checks[e];

				if (check->holds)
					continue;
				document_row_begin(document);
				document_cell(document, "%s", run->cells[c].bench);
				section_label_cell(document, run, &run->cells[c]);
				document_cell(document, "%u", run->cells[c].rounds[r]->number);
				document_cell(document, "%s", check->what);
				document_cell(document, "%.10g", check->seen);
				document_cell(document, "%s %.10g", check->relation, check->expected);
				document_row_end(document);
			}
	document_table_end(document);
}

static void write_checks(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	size_t held = 0, all = 0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t e = 0; e < run->cells[c].rounds[r]->n_checks; e++, all++)
				held += run->cells[c].rounds[r]->checks[e].holds;
	if (!all)
		return;
	document_paragraph(chapter->document, "Counts of the same thing by two sources were compared: %zu of %zu agree.%s", held, all,
		held < all ? " Those that do not are shown; neither is corrected, and no mean is taken." : "");
	if (held < all)
		write_disagreements(run, chapter->document);
}

static void write_section(const struct chapter *chapter)
{
	write_evidence(chapter);
	write_checks(chapter);
}

const struct section section_evidence = {
	.name = "evidence",
	.write_run = write_section,
};

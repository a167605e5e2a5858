/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rounds.c - rounds that do not count, with their reasons.
 */
#include "config.h"

#include "analysis/report/section.h"

static void write_bad_rounds(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct document *document = chapter->document;
	size_t bad = 0;

	document_heading(document, 2, "Rounds that do not count");
	for (size_t c = 0; c < run->n_cells; c++)
		for (int v = VERDICT_SKIP + 1; v < VERDICTS; v++)
			bad += runfile_count_verdict(&run->cells[c], v);
	if (!bad) {
		document_paragraph(document, "Every round that ran counts.");
		return;
	}
	document_table_begin(document, "cell|>round|>line|verdict|why");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++) {
			const struct runfile_round *round = run->cells[c].rounds[r];

			if (round->verdict <= VERDICT_SKIP)
				continue;
			document_row_begin(document);
			section_describe_cell(document, &run->cells[c]);
			document_cell(document, "%u", round->number);
			document_cell(document, "%u", round->line);
			document_cell(document, "%s", verdict_names[round->verdict]);
			document_cell(document, "%s", round->why);
			document_row_end(document);
		}
	document_table_end(document);
}

const struct section section_rounds = {
	.name = "rounds",
	.write_run = write_bad_rounds,
};

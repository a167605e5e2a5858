/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * skips.c - what did not run here, with reasons and remedies.
 */
#include "config.h"

#include "analysis/report/section.h"

static void write_skips(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct document *document = chapter->document;
	size_t skips = 0;

	document_heading(document, 2, "Not run here");
	for (size_t c = 0; c < run->n_cells; c++)
		skips += runfile_count_verdict(&run->cells[c], VERDICT_SKIP) > 0;
	if (!skips) {
		document_paragraph(document, "Nothing was skipped.");
		return;
	}
	document_paragraph(document, "%zu of %zu cells were skipped, each with its reason.", skips, run->n_cells);
	document_fold_begin(document, "What was skipped, why, and what to do");
	document_table_begin(document, "cell|why|what to do");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++) {
			const struct runfile_round *round = run->cells[c].rounds[r];

			if (round->verdict != VERDICT_SKIP)
				continue;
			document_row_begin(document);
			section_describe_cell(document, &run->cells[c]);
			document_cell(document, "%s", round->why);
			document_cell(document, "%s", *round->remedy ? round->remedy : "-");
			document_row_end(document);
			break;
		}
	document_table_end(document);
	document_fold_end(document);
}

const struct section section_skips = {
	.name = "skips",
	.write_run = write_skips,
};

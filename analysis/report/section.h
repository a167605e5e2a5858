/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * section.h - the interface of a section of the page: one file here, one line in local.mk, in the order of the page. A section is about all runs, or
 * is written for each run.
 */
#ifndef FIVESTEP_SECTION_H
#define FIVESTEP_SECTION_H

#include "analysis/claims/claims.h"
#include "analysis/page/document.h"
#include "analysis/draw/drawing.h"
#include "analysis/report/report.h"

/* One run in the report. */
struct chapter {
	const struct runfile *run;
	const struct summary *summary;
	const struct comparison *comparison; /* with the base; NULL without one */
	const struct runfile *base;
	size_t number; /* from 1 */
	struct document *document;
	struct figures figures;
	bool can_draw;
	struct text stamp;
	struct text name; /* "guest, run 2": its name in other sections */
	const struct report_input *input;
};

struct report {
	struct chapter *chapters;
	size_t n;
	struct document *document;
	struct claims_answer answers[CLAIMS];
	const struct report_model *model; /* NULL without one */
	struct picture_place *place;	  /* for sections that draw */
};

struct section {
	const char *name;
	void (*write)(const struct report *report);	  /* about all runs, */
	void (*write_run)(const struct chapter *chapter); /* or about one */
};
extern const struct section *const registry_sections[]; /* ends with NULL */

/* Adds "emulated: emu, dmirror", each once, after `before` if there are any. */
void section_emulated_devices(const struct runfile *run, const char *before, struct text *text);
/* A table's cell "bench setup device param=value". */
void section_describe_cell(struct document *document, const struct runfile_cell *cell);
/* One with the short label of a cell of the run (cells.h). */
void section_label_cell(struct document *document, const struct runfile *run, const struct runfile_cell *cell);
/* Ids of places on the page: where a claim is judged; the row of a result ("row"), and that of its rounds ("rounds"). */
#define SECTION_ID 48
void section_claim_id(unsigned claim, char id[SECTION_ID]);
void section_row_id(const struct chapter *chapter, const struct summary_row *row, const char *what, char id[SECTION_ID]);
/* How a verdict on a claim looks (document_verdict). */
extern const char *const section_claim_signs[CLAIMS_VERDICTS];
/* A row of two cells. */
void section_fact(struct document *document, const char *name, const char *text);

#endif

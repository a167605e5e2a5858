/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.h - writes a report on runs: a self-contained page, the same in Markdown, and pictures.
 */
#ifndef FIVESTEP_REPORT_H
#define FIVESTEP_REPORT_H

#include "analysis/compare/compare.h"
#include "analysis/model/break_even.h"
#include "analysis/model/predict_show.h"
#include "analysis/summary/summary.h"

struct report_input {
	const struct runfile *run;
	const struct summary *summary;
	/* The base that the run is compared with, and the comparison; both NULL if there is none. */
	const struct runfile *base;
	const struct comparison *comparison;
	/* With a model: the programs of the run as it predicts them; or, where it says nothing about this run, why. */
	const struct predict_line *lines;
	size_t n_lines;
	const char *not_predicted;
};

/* What the cost model says, a section of its own. */
struct report_model {
	const struct model *model;
	const struct break_even_map *map; /* of a program that a profile describes; NULL: none is */
};

/*
 * Writes DIR/index.html, DIR/report.md, the pictures as DIR/ *.svg, *.png and *.pdf with a table each (*.tsv), and DIR/data (what they are
 * drawn from); creates DIR if necessary. model: NULL without one. paper_mm: the width of the PDFs, for print (picture_paper()); 0: as on the page.
 * Without gnuplot the report has no pictures and says how to get them: pictures is then set to the reason (else it is left empty). Returns 0; the
 * number of pictures that gnuplot refused, with the reason of one of them; or negative errno with the reason.
 */
int report_write(const struct report_input *inputs, size_t n, const struct report_model *model, const char *dir, double paper_mm,
	struct fs_reason *pictures, struct fs_reason *why);

#endif

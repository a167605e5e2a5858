/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * brief_rows.h - the inside of the brief table: the same work in a row, its ways of sharing in columns.
 */
#ifndef FIVESTEP_BRIEF_ROWS_H
#define FIVESTEP_BRIEF_ROWS_H

#include <stdio.h>

#include "analysis/summary/summary.h"

struct brief {
	const struct runfile *run;
	const struct summary *summary;
	unsigned columns; /* of the page */
	FILE *out;
};

/* Programs first, then benchmarks, as many as the screen holds. 0 or -ENOMEM. */
int brief_show_rows(const struct brief *brief);

#endif

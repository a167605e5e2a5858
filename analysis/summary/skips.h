/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * skips.h - the cells of runs that were skipped, by their reason. Each row is visited once, whatever the number of reasons.
 */
#ifndef FIVESTEP_SKIPS_H
#define FIVESTEP_SKIPS_H

#include "analysis/summary/summary.h"
#include "base/lookup.h"

#define SKIPS_NAMED 3 /* of the cells that share a reason */

/* The cells that share a reason: their number, and the first ones with different names. */
struct skip_reason {
	const struct summary_row *row; /* the first */
	const struct runfile_cell *last, *named[SKIPS_NAMED];
	size_t cells, names;
};

struct skips {
	struct skip_reason *list; /* in the order of the runs */
	size_t n;
	struct lookup lookup;
};

/* 0 or -ENOMEM. skips_free() takes *skips in any case. */
int skips_find(const struct summary *summaries, size_t n, struct skips *skips);
void skips_free(struct skips *skips);
/* The reason of a row; NULL if the row is not skipped. */
const struct skip_reason *skips_of(struct skips *skips, const struct summary_row *row);

#endif

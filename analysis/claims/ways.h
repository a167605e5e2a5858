/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ways.h - the ways of sharing that did the same work in a run, from the best to the worst: what a reader asks first.
 *
 * Pure functions over a summary. Two ways whose intervals overlap are not told apart: neither is called better.
 */
#ifndef FIVESTEP_WAYS_H
#define FIVESTEP_WAYS_H

#include "analysis/summary/summary.h"

/* What the buffer is made of: each side its own, one address that faults, one memory that both reach. */
enum ways_family { WAYS_COPY, WAYS_HMM, WAYS_CDM, WAYS_FAMILIES };
extern const char *const ways_family_names[WAYS_FAMILIES]; /* "copies", "HMM", "coherent memory" */

/* By what the record says of the setup's memory; in older records by the first part of its name. WAYS_FAMILIES: neither tells. */
enum ways_family ways_family(const struct runfile *run, const char *setup);

struct way {
	const struct summary_row *row;
	double ratio; /* to the best: at least 1, whatever the direction */
	bool as_good; /* its interval overlaps the best's, or one of them has none */
};

/* The same work in one run: the first metric of the benchmark, over setups; over devices, too, where asked for. */
struct ways {
	const struct runfile_cell *like; /* benchmark and parameters */
	struct way *way;		 /* the best first */
	size_t n;
};

struct ways_list {
	struct ways *list;
	size_t n;
};

/* All work of a run that at least min ways did, in the order of the run. 0 or -ENOMEM. */
int ways_find(const struct runfile *run, const struct summary *summary, bool across_devices, size_t min, struct ways_list *list);
void ways_free(struct ways_list *list);

/* The best way of a family, NULL without. */
const struct way *ways_best_of(const struct ways *ways, const struct runfile *run, enum ways_family family);
/* "size=16M" and the like: the parameters that were set and that all of the ways share. */
void ways_params(const struct ways *ways, char *text, size_t bytes);
/* The intervals are apart; false also where one of them has none. */
bool ways_apart(const struct summary_row *a, const struct summary_row *b);

#endif

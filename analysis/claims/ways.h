/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ways.h - ranks the ways of sharing that did the same work in a run, from the best to the worst: the first question of a reader.
 *
 * Pure functions over a summary. If the intervals of two ways overlap, neither is called better.
 */
#ifndef FIVESTEP_WAYS_H
#define FIVESTEP_WAYS_H

#include "analysis/summary/summary.h"

/* The kind of memory: one buffer per side, one address that faults, one memory that both sides access. */
enum ways_family { WAYS_COPY, WAYS_HMM, WAYS_CDM, WAYS_FAMILIES };
extern const char *const ways_family_names[WAYS_FAMILIES]; /* "copies", "HMM", "coherent memory" */

/* The family by the setup's memory in the record, or in older records by the first part of its name. WAYS_FAMILIES if neither decides. */
enum ways_family ways_family(const struct runfile *run, const char *setup);

struct way {
	const struct summary_row *row;
	double ratio; /* to the best: at least 1, whatever the direction */
	bool as_good; /* its interval overlaps the best's, or one of them has none */
};

/* The same work in one run: the first metric of the benchmark, over setups, and over devices if requested. */
struct ways {
	const struct runfile_cell *like; /* benchmark and parameters */
	struct way *way;		 /* best first */
	size_t n;
};

struct ways_list {
	struct ways *list;
	size_t n;
};

/* All work of a run that at least min ways did, in the order of the run. Returns 0 or -ENOMEM. */
int ways_find(const struct runfile *run, const struct summary *summary, bool across_devices, size_t min, struct ways_list *list);
void ways_free(struct ways_list *list);

/* The best way of a family; NULL if there is none. */
const struct way *ways_best_of(const struct ways *ways, const struct runfile *run, enum ways_family family);
/* Whether parameter p of ways->like was set, and all of the ways have it. */
bool ways_share(const struct ways *ways, size_t p);
/* Adds "size=16M" and the like, after `before` if there are any: the parameters that were set and that all of the ways share. */
void ways_params(const struct ways *ways, const char *before, struct text *text);
/* Whether the intervals do not overlap; false also if one of them is missing. */
bool ways_apart(const struct summary_row *a, const struct summary_row *b);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * strips.h - the values of the cells that did the same work, for pictures of how they are distributed.
 */
#ifndef FIVESTEP_STRIPS_H
#define FIVESTEP_STRIPS_H

#include "analysis/draw/drawing.h"

#define STRIPS 12 /* of a picture */

struct strip {
	const char *label;
	const struct summary_row *row, *tail; /* tail: of a histogram, NAME_p99; NULL if there is none */
	double *values;			      /* every sample of every ok round; or, of a histogram, what follows */
	size_t n_values;
	struct statistics_bucket *buckets;
	size_t n_buckets;
	double lo, hi; /* of all values */
};

struct multiples {
	struct strip strip[STRIPS];
	unsigned n, all; /* in this picture, and in those of the same work together */
	double lo, hi;	 /* of all of them */
	bool logarithmic;
	const char *shown;
	double factor;
};

/* What of a cell is the benchmark's own: ways of sharing are compared where it is equal. */
struct work {
	const struct runfile_cell *cell;
	const char *param[2]; /* those that differ in the run, of which a title has two */
	struct text name;     /* "triad size=3M" */
};

/* Whether the cell is the first of its work; then work is filled, and its name is to be freed. */
bool work_of(const struct runfile *run, const struct runfile_cell *cell, struct work *work);
/* Sets the scale, and whether any values differ: under a clock that counts, all rounds may be equal. 0 or -ENOMEM. */
int strips_scale(const struct maker *maker, const struct work *work, const char *metric, struct multiples *m, bool *differ);
/* The next strips, from the cell *next on; m->n is 0 after the last. 0 or -ENOMEM; call strips_free() in any case. */
int strips_collect(const struct maker *maker, const struct work *work, const char *metric, size_t *next, struct multiples *m);
void strips_free(struct multiples *m);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sweep.h - a metric over a parameter, one line per setup, and where lines cross: the value from which another way is the best.
 */
#ifndef FIVESTEP_SWEEP_H
#define FIVESTEP_SWEEP_H

#include "analysis/draw/plots.h"
#include "analysis/summary/summary.h"

struct sweep_point {
	double x;
	const char *text; /* x as written */
	const struct summary_row *row;
	unsigned line;
};

struct sweep {
	const struct plot *plot;
	struct sweep_point *points; /* by line, then x */
	size_t n;
	const char **labels; /* of the lines; they live as long as the run */
	unsigned lines;
};

/* Collects every value of the plot's first metric over its parameter. Returns 0 or -ENOMEM; call sweep_free() in any case. */
int sweep_collect(const struct runfile *run, const struct summary *summary, const struct plot *plot, struct sweep *sweep);
void sweep_free(struct sweep *sweep);

/* A crossing: between two neighbouring values, another line becomes the best. */
struct sweep_crossing {
	double x, y;	   /* of the intersection, with straight lines between the points on logarithmic axes */
	unsigned from, to; /* lines: best below x, best above */
	bool sure;	   /* at both points the intervals of the two do not overlap */
};
/* The crossings of all lines that have a value at each point, in the order of x. Returns their number, at most max. */
unsigned sweep_crossings(const struct sweep *sweep, struct sweep_crossing *crossings, unsigned max);

#endif

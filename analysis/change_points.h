/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_points.h - where a series of values changed its level: E-divisive (Matteson and James) in the form of Hunter (Fleming and others).
 *
 * Windows of CHANGE_POINTS_WINDOW values, half overlapping, are split where Q (analysis/e_divisive.h) is largest over all splits and ends, as long
 * as at most one of a hundred permutations of the window does as well; then all these candidates are held against each other, and the
 * weakest go until each has p below the limit and is large enough. What a few values show is left to a look-back: the last ones all beyond
 * CHANGE_POINTS_SIGMA of those before.
 *
 * Deterministic: the same values and seed give the same points. A window's outcome depends on that window alone, so that new values at
 * the end leave what was found far before them as it was.
 */
#ifndef FIVESTEP_CHANGE_POINTS_H
#define FIVESTEP_CHANGE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/e_divisive.h"

#define CHANGE_POINTS_WINDOW   E_DIVISIVE_WINDOW
#define CHANGE_POINTS_SEGMENT  E_DIVISIVE_SEGMENT
#define CHANGE_POINTS_P	       0.001
#define CHANGE_POINTS_MIN      12 /* values; with fewer, permutations cannot tell, and a look-back does */
#define CHANGE_POINTS_SURE     24 /* values from which permutations can tell even of the last SEGMENT: before, the look-back has a say, too */
#define CHANGE_POINTS_BACK_MIN 5  /* values that a look-back needs before the change */
#define CHANGE_POINTS_SIGMA    5.0

struct change_points_options {
	uint64_t seed;	       /* of the permutations */
	double min_change_pct; /* of the level before: a smaller change is none. 0: any */
	double p;	       /* below which a change has to be; 0: CHANGE_POINTS_P */
};

struct change_point {
	size_t at;	      /* the first value of the new level */
	double before, after; /* medians of the values back to the previous change, and on to the next one */
	double p;	      /* share of permutations with a split as good as this; NaN from a look-back */
	double q;	      /* Q at the split */
};

/*
 * The change points of values[0..n-1] in ascending order, allocated; *points is NULL where there is none. Time grows with n:
 * about five permutations a window where nothing changes, a thousand more for each change. 0, -EDOM for a NaN or infinity, -ENOMEM.
 */
int change_points_find(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points);

/* The change from before to after in percent of before; infinite from 0. */
double change_points_pct(const struct change_point *point);

#endif

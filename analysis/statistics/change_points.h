/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_points.h - finds where a series of values changed its level: E-divisive (Matteson and James) in the form of Hunter (Fleming and others).
 *
 * Windows of CHANGE_POINTS_WINDOW values, half overlapping, are split where Q (analysis/statistics/e_divisive.h) is largest over all splits and ends,
 * as long as at most one of a hundred permutations of the window does as well. Then all these candidates are compared with each other, and the
 * weakest are removed until each has p below the limit and is large enough. The latest values are too few for windows, and are tested directly: the
 * look-back.
 *
 * Deterministic: the same values and seed give the same points. The result of a window depends on that window alone, so new values at
 * the end do not affect what was found far before them.
 */
#ifndef FIVESTEP_CHANGE_POINTS_H
#define FIVESTEP_CHANGE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/statistics/e_divisive.h"

#define CHANGE_POINTS_WINDOW	  E_DIVISIVE_WINDOW
#define CHANGE_POINTS_SEGMENT	  E_DIVISIVE_SEGMENT
#define CHANGE_POINTS_P		  0.01
#define CHANGE_POINTS_MIN	  12	/* values; with fewer, permutations cannot decide, and the look-back does */
#define CHANGE_POINTS_SURE	  24	/* values with which permutations can judge even the last SEGMENT: with fewer, the look-back covers more */
#define CHANGE_POINTS_BACK_MIN	  5	/* values that the look-back needs before the change */
#define CHANGE_POINTS_LATEST	  4	/* values after a split that counts as one of the latest */
#define CHANGE_POINTS_RECENT	  20	/* and as one of the recent */
#define CHANGE_POINTS_REPLAYED	  30	/* values at which the look-back is repeated as if they were the last */
#define CHANGE_POINTS_STAYS	  100.0 /* times the limit: up to that, a change that was detected before stays, */
#define CHANGE_POINTS_AROUND	  2.0	/* values by which any change may be found early or late; */
#define CHANGE_POINTS_AROUND_MOST 20.0
#define CHANGE_POINTS_STAYS_P	  0.05 /* but never above this p */

struct change_points_options {
	uint64_t seed;	       /* of the permutations */
	double min_change_pct; /* of the level before: a smaller change counts as none. 0: any */
	double p;	       /* limit of a change's p, over all positions where it could be; 0: CHANGE_POINTS_P */
	double rho;	       /* the minimum correlation of neighbours to assume (level_shift.h) */
};

struct change_point {
	size_t at;	      /* the first value of the new level */
	double before, after; /* medians of the values since the previous change, and up to the next one */
	double p;	      /* fraction of permutations with a split as good as this; NaN from a look-back */
	double q;	      /* Q at the split */
	bool drift;	      /* not a step: the level moves from `before` at `at` to `after` at `end` */
	size_t end;
	double around;			  /* values by which the change may be earlier or later */
	double slope_pct, lo_pct, hi_pct; /* percent of the level before, per value, with its 95 % interval */
};

/*
 * The change points of values[0..n-1] in ascending order, allocated; *points is NULL if there is none. Time grows with n:
 * about five permutations per window if nothing changes, a thousand more for each change. Returns 0, -EDOM for a NaN or infinity, -ENOMEM.
 */
int change_points_find(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points);

/* The number of values with which a change could reach p at all; with fewer, anything they show could be chance. */
size_t change_points_needs(double p);

/* The minimum correlation to assume, from that of many series (level_shift_correlation() of each, in any order) and the number of all their values.
 */
double change_points_rho(double *correlations, size_t n, size_t values);

/* The median of n values, n at least 1. Returns 0 or -ENOMEM. */
int change_points_level(const double *values, size_t n, double *median);

/* The change from before to after in percent of before; infinite from 0. */
double change_points_pct(const struct change_point *point);

#endif

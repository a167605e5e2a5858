/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_points.h - where a series of values changed its level: E-divisive (Matteson and James) in the form of Hunter (Fleming and others).
 *
 * Windows of CHANGE_POINTS_WINDOW values, half overlapping, are split where Q (analysis/statistics/e_divisive.h) is largest over all splits and ends,
 * as long as at most one of a hundred permutations of the window does as well; then all these candidates are held against each other, and the weakest
 * go until each has p below the limit and is large enough. What a few values show is left to a look-back: the last ones all beyond
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

#include "analysis/statistics/e_divisive.h"

#define CHANGE_POINTS_WINDOW	  E_DIVISIVE_WINDOW
#define CHANGE_POINTS_SEGMENT	  E_DIVISIVE_SEGMENT
#define CHANGE_POINTS_P		  0.01
#define CHANGE_POINTS_MIN	  12	/* values; with fewer, permutations cannot tell, and a look-back does */
#define CHANGE_POINTS_SURE	  24	/* values from which permutations can tell even of the last SEGMENT: before, the look-back has a say, too */
#define CHANGE_POINTS_BACK_MIN	  5	/* values that a look-back needs before the change */
#define CHANGE_POINTS_LATEST	  4	/* values after a split that is looked at as the latest */
#define CHANGE_POINTS_RECENT	  20	/* and as recent */
#define CHANGE_POINTS_REPLAYED	  30	/* values at which is looked back as if they were the last */
#define CHANGE_POINTS_STAYS	  100.0 /* times the limit, up to which one that was seen before stays, */
#define CHANGE_POINTS_AROUND	  2.0	/* values by which any change may be found early or late, */
#define CHANGE_POINTS_AROUND_MOST 20.0
#define CHANGE_POINTS_STAYS_P	  0.05 /* but never above that */

struct change_points_options {
	uint64_t seed;	       /* of the permutations */
	double min_change_pct; /* of the level before: a smaller change is none. 0: any */
	double p;	       /* below which a change has to be, over all places where it could be; 0: CHANGE_POINTS_P */
	double rho;	       /* the correlation of neighbours that is to be reckoned with at least (level_shift.h) */
};

struct change_point {
	size_t at;	      /* the first value of the new level */
	double before, after; /* medians of the values back to the previous change, and on to the next one */
	double p;	      /* share of permutations with a split as good as this; NaN from a look-back */
	double q;	      /* Q at the split */
	bool drift;	      /* no step: the level moves from at to end, from before to after */
	size_t end;
	double around;			  /* values by which the change may be earlier or later */
	double slope_pct, lo_pct, hi_pct; /* of the level before, by value, with its 95 % interval */
};

/*
 * The change points of values[0..n-1] in ascending order, allocated; *points is NULL where there is none. Time grows with n:
 * about five permutations a window where nothing changes, a thousand more for each change. 0, -EDOM for a NaN or infinity, -ENOMEM.
 */
int change_points_find(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points);

/* Values from which on a change could be surer than p at all; with fewer, chance could have done anything that they show. */
size_t change_points_needs(double p);

/* What many series say of their correlation (level_shift_correlation() of each, in any order, and all their values): the least to reckon with. */
double change_points_rho(double *correlations, size_t n, size_t values);

/* The median of so many values, at least one. 0 or -ENOMEM. */
int change_points_level(const double *values, size_t n, double *median);

/* The change from before to after in percent of before; infinite from 0. */
double change_points_pct(const struct change_point *point);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steady.h - series whose values have no noise: where one differs, that is no chance, and the first one that does is said.
 */
#ifndef FIVESTEP_STEADY_H
#define FIVESTEP_STEADY_H

#include "analysis/statistics/change_points.h"

#define STEADY_LEAST 5	  /* values of a level before it counts as steady */
#define STEADY_EVERY 5	  /* of so many values at most one begins another level */
#define STEADY_EQUAL 1e-9 /* of a value: how far equal numbers that were computed may be apart */

struct steady_options {
	double spread_pct; /* the values of a level may be that far apart, in percent of it; 0: they are equal */
	double margin_pct; /* a smaller change of level is none */
};

/*
 * Where values[0..n-1] change from one steady level to another, in ascending order, p and q NaN; allocated. *steady is false where the series is not
 * steady, and nothing is found. 0 or -ENOMEM.
 */
int steady_find(const double *values, size_t n, const struct steady_options *options, struct change_point **points, size_t *n_points, bool *steady);

/*
 * Where values leave a level of at least STEADY_LEAST equal values and stay beyond the margin, all on one side, up to the end; n where they do not.
 * Series that were steady and then are not are seen at once, too.
 */
size_t steady_left(const double *values, size_t n, const struct steady_options *options);

#endif

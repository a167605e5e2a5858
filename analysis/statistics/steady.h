/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steady.h - series without noise: a value that differs cannot be chance, and the first one is reported.
 */
#ifndef FIVESTEP_STEADY_H
#define FIVESTEP_STEADY_H

#include "analysis/statistics/change_points.h"

#define STEADY_LEAST 5	  /* values after which a level counts as steady */
#define STEADY_EVERY 5	  /* at most one of that many values starts another level */
#define STEADY_EQUAL 1e-9 /* relative: computed numbers that close are equal */

struct steady_options {
	double spread_pct; /* allowed spread of the values of a level, in percent of it; 0: they must be equal */
	double margin_pct; /* a smaller change of level counts as none */
};

/*
 * The changes of values[0..n-1] from one steady level to another, in ascending order, with p and q NaN; allocated. *steady is false if the series is
 * not steady, and then nothing is found. Returns 0 or -ENOMEM.
 */
int steady_find(const double *values, size_t n, const struct steady_options *options, struct change_point **points, size_t *n_points, bool *steady);

/*
 * Where values leave a level of at least STEADY_LEAST equal values and stay beyond the margin, all on one side, up to the end; n if they do not.
 * This also finds series that stop being steady at once.
 */
size_t steady_left(const double *values, size_t n, const struct steady_options *options);

#endif

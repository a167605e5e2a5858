/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * resample.h - intervals and tests by drawing again from the values themselves: for statistics whose distribution nobody wrote down.
 *
 * Pure functions; the seed makes them give the same answer each time. Errors as in statistics.h.
 */
#ifndef FIVESTEP_RESAMPLE_H
#define FIVESTEP_RESAMPLE_H

#include "base/statistics.h"

#define RESAMPLE_DRAWS 4000 /* the 2.5 % tails then rest on 100 draws each */

/* A number made of n values, which it may put into another order. */
typedef double resample_statistic(double *values, size_t n);
resample_statistic resample_mean, resample_median;

/*
 * The bias-corrected and accelerated bootstrap (Efron): the 95 % interval of statistic(new) / statistic(base), each group drawn from by
 * itself; out->median is the ratio of the values as they are, out->n those of both. No interval where a group has under 2 values, the
 * statistic of base is 0 somewhere, or all draws are equal to it.
 */
int resample_ratio(const double *base, size_t m, const double *new, size_t n, resample_statistic *statistic, size_t draws, uint64_t seed,
	struct statistics_interval *out);

/*
 * Two-sided p that the two groups are one, by dealing their values out again: the share of deals whose statistic(new) - statistic(base) is
 * as far from 0 as the one seen, counting that one: (b + 1) / (draws + 1).
 */
int resample_p(const double *base, size_t m, const double *new, size_t n, resample_statistic *statistic, size_t draws, uint64_t seed, double *p);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * resample.h - intervals and tests by resampling the values: for statistics whose distribution is not known.
 *
 * Pure functions; with the same seed they give the same answer. Errors as in statistics.h.
 */
#ifndef FIVESTEP_RESAMPLE_H
#define FIVESTEP_RESAMPLE_H

#include "base/statistics.h"

#define RESAMPLE_DRAWS 4000 /* the 2.5 % tails then rest on 100 draws each */

/* A statistic of n values, which it may reorder. */
typedef double resample_statistic(double *values, size_t n);
resample_statistic resample_mean, resample_median;

/*
 * The bias-corrected and accelerated bootstrap (Efron): the 95 % interval of statistic(new) / statistic(base), each group resampled by
 * itself; out->median is the ratio of the observed values, out->n the number of both. There is no interval if a group has fewer than 2 values, if the
 * statistic of base is 0 in a draw, or if all draws are equal to it.
 */
int resample_ratio(const double *base, size_t m, const double *new, size_t n, resample_statistic *statistic, size_t draws, uint64_t seed,
	struct statistics_interval *out);

/*
 * Two-sided p of a permutation test that the two groups are one: the fraction of permutations whose statistic(new) - statistic(base) is
 * at least as far from 0 as the observed one, counting that one: (b + 1) / (draws + 1).
 */
int resample_p(const double *base, size_t m, const double *new, size_t n, resample_statistic *statistic, size_t draws, uint64_t seed, double *p);

#endif

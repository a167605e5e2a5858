/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paired.h - statistics of two groups of round values that were measured in pairs, close together in time: a slow disturbance
 * affects both values of a pair alike and cancels in their difference.
 *
 * Pure functions over the differences, new minus base, by Wilcoxon's signed ranks. The only assumption is that without a
 * change the differences are symmetric about 0, as those of two interchangeable values are. Errors as in two_sample.h.
 */
#ifndef FIVESTEP_PAIRED_H
#define FIVESTEP_PAIRED_H

#include "analysis/statistics/two_sample.h"

#define PAIRED_EXACT 50 /* pairs up to which distributions are exact; normal above */

/*
 * Hodges and Lehmann's estimate: the median of the Walsh averages (d[i] + d[j]) / 2, i <= j. The interval is [W(k), W(M + 1 - k)] of the
 * M = n (n + 1) / 2 sorted ones, k the largest with P(V < k) <= (1 - confidence) / 2, V the sum of positive signed ranks. At 95 % it needs
 * 6 pairs, at 99 % 8.
 */
int paired_shift(const double *differences, size_t n, double confidence, struct two_sample_shift *out);

/* Two-sided p of Wilcoxon's signed-rank test; zeros are left out, ties share their middle rank (exact with them, too). 1 where all are 0. */
int paired_p(const double *differences, size_t n, double *p);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * two_sample.h - statistics of two groups of round values: their shift with its interval, the test whether it could be
 * chance, and the correction for testing many pairs at once.
 *
 * Pure functions that assume nothing about the shape of the distributions: ranks and differences only. The unit is the round:
 * one value each, never pooled samples of one process. Callers pass logarithms if they want ratios.
 * Errors are negative errno: -ENODATA if a group has no values, -EDOM for a NaN or infinity, -ENOMEM.
 */
#ifndef FIVESTEP_TWO_SAMPLE_H
#define FIVESTEP_TWO_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#define TWO_SAMPLE_EXACT 20 /* values in each group up to which distributions are exact; normal above */

/* In the unit of the values, new minus base. lo and hi, the 95 % interval, are valid only with has_interval. */
struct two_sample_shift {
	double shift; /* Hodges-Lehmann: the median of all differences new[j] - base[i] */
	double lo, hi;
	bool has_interval; /* needs C(m + n, n) >= 40: 4 values in each group, or 3 and 5 */
};

/*
 * The interval is [D(k), D(mn + 1 - k)] of the sorted differences D(1) ... D(mn), k the largest with P(U < k) <= 2.5 %, U the
 * Mann-Whitney statistic of m and n values. Time is O((m + n) log(mn)): the differences are never stored.
 */
int two_sample_shift(const double *base, size_t m, const double *new, size_t n, struct two_sample_shift *out);

/*
 * Two-sided p of Mann-Whitney's test that neither group tends to larger values. Up to TWO_SAMPLE_EXACT values in each
 * group it is exact, with ties too (over all assignments of the ranks); above, normal with corrections for ties and continuity.
 */
int two_sample_p(const double *base, size_t m, const double *new, size_t n, double *p);

/* Cliff's delta, P(new > base) - P(new < base): -1 to 1, 0 if the groups overlap completely. */
int two_sample_delta(const double *base, size_t m, const double *new, size_t n, double *delta);

/*
 * Benjamini and Hochberg: q[i] is the smallest false discovery rate at which p[i] of the family p[0..n-1] counts as a discovery.
 * p and q may be the same array.
 */
int two_sample_false_discovery(const double *p, size_t n, double *q);

#endif

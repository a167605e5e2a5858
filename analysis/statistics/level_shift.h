/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * level_shift.h - how often chance alone shifts the last values of a series as far from the ones before as observed.
 *
 * A permutation test of the difference of means at a given split. Its only assumption about the noise is that its values could have come in
 * any order. So skewed noise and outliers are allowed for, and p of a split of n values is never below 1 / C(n, k). Values of
 * consecutive runs are correlated, though: the difference is divided by the factor by which serial correlation widens it. The correlation is that of
 * neighbours around both levels (AR(1)), corrected for its bias.
 *
 * No permutations are drawn: the tail is counted exactly if one side has up to 3 values, and is a double saddlepoint approximation (Robinson 1982,
 * Skovgaard 1987) otherwise. So p has no lower bound from a number of draws, and is the same each time.
 */
#ifndef FIVESTEP_LEVEL_SHIFT_H
#define FIVESTEP_LEVEL_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

#define LEVEL_SHIFT_LONGEST 400
#define LEVEL_SHIFT_SIGMA   2.0 /* deviations from the levels on both sides at which a value is clipped */

struct level_shift {
	double p;   /* one-sided, in the direction of the shift */
	double rho; /* correlation of neighbours, 0 to below 1 */
	bool up;
};

/*
 * values[split..n-1] against values[0..split-1]; n up to LEVEL_SHIFT_LONGEST, at least one value on each side. rho: the minimum correlation
 * to assume, from other series of the same runs; 0 if none is known. If all values are equal, p is 1.
 */
void level_shift_test(const double *values, size_t n, size_t split, double rho, struct level_shift *shift);

/* The correlation of neighbours in a series, whatever steps it has: about 0 if there is none, and only as precise as n values allow. */
double level_shift_correlation(const double *values, size_t n);

/* The upper estimate of a correlation of neighbours that was estimated from n values: from 0 to below 1. */
double level_shift_cautious(double rho, size_t n);

/* The smallest p that any values could have: one over the number of ways to choose `split` of n. */
double level_shift_least(size_t n, size_t split);

#endif

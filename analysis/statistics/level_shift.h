/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * level_shift.h - how often chance alone sets the last values of a stretch as far off from the ones before as they are.
 *
 * The test is a permutation test of the difference of means at a given split: it assumes of the noise only that its values could have come in
 * any order, so that skewed noise and outliers are allowed for, and no split of n values into two groups is surer than 1 / C(n, k). Values of
 * runs that follow each other are alike, though: the difference is divided by as much as serial correlation widens it. The correlation is that of
 * neighbours around both levels (AR(1)), corrected for its bias.
 *
 * No permutations are drawn: the tail is counted out where one side has up to 3 values, and is a double saddlepoint approximation (Robinson 1982,
 * Skovgaard 1987) otherwise. So p may be as small as it is, and is the same each time.
 */
#ifndef FIVESTEP_LEVEL_SHIFT_H
#define FIVESTEP_LEVEL_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

#define LEVEL_SHIFT_LONGEST 400
#define LEVEL_SHIFT_SIGMA   2.0 /* deviations from the levels on both sides beyond which a value weighs as one that lies there */

struct level_shift {
	double p;   /* one-sided, in the direction of the shift */
	double rho; /* correlation of neighbours, 0 to below 1 */
	bool up;
};

/*
 * values[split..n-1] against values[0..split-1]; n up to LEVEL_SHIFT_LONGEST, at least one value on each side. rho: the correlation there is at
 * least, as other series of the same runs say; 0 without. Values that are all equal: p is 1.
 */
void level_shift_test(const double *values, size_t n, size_t split, double rho, struct level_shift *shift);

/* The correlation of neighbours in a series, whatever steps it has: about 0 where there is none, and as unsure as n values are. */
double level_shift_correlation(const double *values, size_t n);

/* A correlation of neighbours that was estimated from n values, as large as is to be reckoned with: from 0 to below 1. */
double level_shift_cautious(double rho, size_t n);

/* The least p that any values could have: one over the number of ways to choose `split` of n. */
double level_shift_least(size_t n, size_t split);

#endif

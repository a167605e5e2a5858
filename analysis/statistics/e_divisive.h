/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * e_divisive.h - how different the values before and after a split are, and how often chance produces that much: the statistic of E-divisive
 * (Matteson and James), in the form of Hunter (Fleming and others).
 *
 * With X the n values before a split and Y the m after it, up to an end,
 *
 *	Q = nm / (n + m) * (2 mean|X - Y| - mean|X - X'| - mean|Y - Y'|)
 *
 * is large if they come from different distributions, whatever these are. An outlier, beyond E_DIVISIVE_SIGMA of the median deviation of all
 * values examined, is clipped to that distance.
 */
#ifndef FIVESTEP_E_DIVISIVE_H
#define FIVESTEP_E_DIVISIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gsl/gsl_rng.h>

#define E_DIVISIVE_SEGMENT 3 /* values on each side of a split, at least: fewer are outliers */
#define E_DIVISIVE_WINDOW  50
#define E_DIVISIVE_LONGEST (2 * E_DIVISIVE_WINDOW)
#define E_DIVISIVE_FIRST_P 0.01
#define E_DIVISIVE_SIGMA   5.0

/* The random generator of the permutations; it is reseeded at each position of a series, so that the result there depends on nothing else. */
struct e_divisive {
	gsl_rng *rng;
	uint64_t seed;
};

/*
 * The split and end with the largest Q: values[0..split-1] against values[split..end-1]; n up to E_DIVISIVE_WINDOW. False if that is too
 * short for two segments.
 */
bool e_divisive_best(const double *values, size_t n, size_t *split, size_t *end, double *q);
/* The split with the largest Q, the end being that of the n values, up to E_DIVISIVE_LONGEST; -INFINITY and no split if there are too few. */
double e_divisive_split(const double *values, size_t n, size_t *split);

/* Whether at most E_DIVISIVE_FIRST_P of the permutations of series[first..first+n-1], up to a window, have as good a split and end. */
bool e_divisive_stands_out(const struct e_divisive *test, const double *series, size_t first, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * repeat.h - what benchmarks share that do the same several times in a round.
 *
 * The rule, for all of them: the first time is a figure of its own, NAME_first. It is the first use of memory, of a mapping, of a body, and pays for
 * page tables, caches and whatever else is set up by it. NAME is the median of all the other times, none of which is left out: with REPEATS of
 * them, up to REPEATS / 2 that still belong to the transient do not move it.
 */
#ifndef FIVESTEP_BENCH_REPEAT_H
#define FIVESTEP_BENCH_REPEAT_H

#include <stdlib.h>

#include "harness/fivestep.h"

#define REPEATS 5 /* after the first */

static inline int repeat_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of n values, n > 0, which it sorts; q from 0 to 1, by the nearest rank. */
static inline double repeat_quantile(double *values, size_t n, double q)
{
	qsort(values, n, sizeof(*values), repeat_compare);
	return values[(size_t)(q * (double)(n - 1) + 0.5)];
}

static inline double repeat_median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), repeat_compare);
	return n % 2 != 0 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

#endif

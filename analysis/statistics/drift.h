/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drift.h - a level that moves a little with each value: a line, or a ramp between two levels, instead of steps.
 *
 * Lines are fitted by least squares, with values that lie far off drawn in; the interval of the slope is as much wider as the serial correlation of
 * what is left over (AR(1)) makes it. Where that is nearly a random walk, any stretch of it looks like a drift, and none is named.
 */
#ifndef FIVESTEP_DRIFT_H
#define FIVESTEP_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

#define DRIFT_LEAST   20  /* values that a drift goes on for, at least */
#define DRIFT_LONGEST 400 /* values that are looked at */
#define DRIFT_WANDERS 0.9 /* serial correlation from which a slope says nothing */

struct drift {
	size_t from, end;     /* it moves from values[from] to values[end - 1] */
	double before, after; /* the levels that it leads from and to */
	double slope, lo, hi; /* by value, with its 95 % interval */
	double p;	      /* two-sided, of no slope at all */
	double error;	      /* what is left over: the sum of its absolute values */
};

/* A line through all n values, from DRIFT_LEAST to DRIFT_LONGEST; rho: the serial correlation there is at least. False where there are too few, or
 * where it wanders. */
bool drift_line(const double *values, size_t n, double rho, struct drift *drift);
/* A level, a ramp of DRIFT_LEAST values at least, and a level; either level may be empty. The best there is. False as above. */
bool drift_ramp(const double *values, size_t n, double rho, struct drift *drift);

/*
 * Whether the ramp describes n values better than `steps` levels after a first one do, that leave over `error`: by the
 * Bayesian information criterion of noise with long tails (Laplace), which counts what each has to be told.
 */
bool drift_is_better(const struct drift *drift, size_t n, size_t steps, double error);
/* The sum of the absolute values. */
double drift_error(const double *residuals, size_t n);

#endif

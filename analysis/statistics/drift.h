/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drift.h - a level that moves a little with each value: a line, or a ramp between two levels, instead of steps.
 *
 * Lines are fitted by least squares with far-off values clipped. The interval of the slope is widened by the serial correlation of
 * the residuals (AR(1)). If they are nearly a random walk, any stretch looks like a drift, and none is reported.
 */
#ifndef FIVESTEP_DRIFT_H
#define FIVESTEP_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

#define DRIFT_LEAST   20  /* values that a drift spans at least */
#define DRIFT_LONGEST 400 /* values that are examined at most */
#define DRIFT_WANDERS 0.9 /* serial correlation from which a slope means nothing */

struct drift {
	size_t from, end;     /* it spans values[from] to values[end - 1] */
	double before, after; /* the levels before and after it */
	double slope, lo, hi; /* per value, with its 95 % interval */
	double p;	      /* two-sided, of the hypothesis of no slope */
	double error;	      /* sum of the absolute residuals */
};

/* Fits a line to all n values, DRIFT_LEAST to DRIFT_LONGEST; rho: the minimum serial correlation to assume. False if there are too few values, or
 * if they wander. */
bool drift_line(const double *values, size_t n, double rho, struct drift *drift);
/* Fits the best sequence of a level, a ramp of at least DRIFT_LEAST values, and a level; either level may be empty. False as above. */
bool drift_ramp(const double *values, size_t n, double rho, struct drift *drift);

/*
 * Whether the ramp describes n values better than a first level and `steps` more do, whose residual error is `error`: by the
 * Bayesian information criterion for noise with long tails (Laplace), which counts the parameters of each.
 */
bool drift_is_better(const struct drift *drift, size_t n, size_t steps, double error);
/* The sum of the absolute values. */
double drift_error(const double *residuals, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drift.c - lines and ramps; see drift.h.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/statistics/drift.h"
#include "analysis/statistics/level_shift.h"

#define LONGEST	  DRIFT_LONGEST
#define MAD_SIGMA 1.4826
#define SIGMAS	  3.0	/* a residual beyond that is clipped */
#define PLACES	  24	/* positions tried for the start and end of a ramp */
#define FITS	  8	/* of a line, until clipped values no longer change */
#define STRONG	  10.0	/* of the criterion: "very strong" evidence (Kass and Raftery 1995) */
#define SURE	  0.975 /* of each side of an interval */

/* ---- residuals ------------------------------------------------------------------------------------------- */

static double reach_of(const double *residuals, size_t n)
{
	double work[LONGEST];

	for (size_t i = 0; i < n; i++)
		work[i] = fabs(residuals[i]);
	return SIGMAS * MAD_SIGMA * gsl_stats_median(work, 1, n);
}

static double draw_in(double residual, double reach)
{
	return reach > 0.0 ? fmin(fmax(residual, -reach), reach) : residual;
}

static double squares_of(const double *residuals, size_t n)
{
	double reach = reach_of(residuals, n), sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += pow(draw_in(residuals[i], reach), 2);
	return sum;
}

/* Not squared, so that outliers do not decide; and not clipped, or a bad fit would cost nothing. */
double drift_error(const double *residuals, size_t n)
{
	double sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += fabs(residuals[i]);
	return sum;
}

/* Correlation of neighbours; fitting a line lowers it by (2 + 4 rho) / n. */
static double correlation(const double *residuals, size_t n)
{
	double reach = reach_of(residuals, n), squares = 0.0, products = 0.0, rho;

	for (size_t i = 0; i < n; i++) {
		double here = draw_in(residuals[i], reach);

		squares += here * here;
		products += i ? here * draw_in(residuals[i - 1], reach) : 0.0;
	}
	if (squares <= 0.0)
		return 0.0;
	rho = (products / squares + 2.0 / (double)n) / (1.0 - 4.0 / (double)n);
	return level_shift_cautious(rho, n);
}

/* ---- lines ----------------------------------------------------------------------------------------------- */

/* How far the ramp has risen at each value: 0 up to `from`, then 1 per value, and constant from `end` on. */
static void fill_ramp(double *x, size_t n, size_t from, size_t end)
{
	for (size_t i = 0; i < n; i++)
		x[i] = i < from ? 0.0 : (double)((i < end ? i : end - 1) - from);
}

/* Fits y = base + slope x repeatedly, each time with far-off values clipped: this gives Huber's line. */
static void fit(const double *x, const double *values, size_t n, int times, double *base, double *slope, double *residuals)
{
	double y[LONGEST], c00, c01, c11, sum, reach;

	memcpy(y, values, n * sizeof(*y));
	for (;; times--) {
		gsl_fit_linear(x, 1, y, 1, n, base, slope, &c00, &c01, &c11, &sum);
		for (size_t i = 0; i < n; i++)
			residuals[i] = values[i] - *base - *slope * x[i];
		if (!times)
			return;
		reach = reach_of(residuals, n);
		for (size_t i = 0; i < n; i++)
			y[i] = *base + *slope * x[i] + draw_in(residuals[i], reach);
	}
}

/* The fraction of residuals that are not clipped. The others do not support the line, and its interval is wider accordingly. */
static double share_held(const double *residuals, size_t n)
{
	double reach = reach_of(residuals, n);
	size_t held = 0;

	for (size_t i = 0; i < n; i++)
		held += fabs(residuals[i]) <= reach;
	return held ? (double)held / (double)n : 1.0;
}

/* False if the residuals wander. */
static bool measure(const double *values, size_t n, size_t from, size_t end, double least_rho, struct drift *drift)
{
	double x[LONGEST] = {0}, residuals[LONGEST], base, slope, rho, sigma, t;

	fill_ramp(x, n, from, end);
	fit(x, values, n, FITS, &base, &slope, residuals);
	rho = fmax(correlation(residuals, n), least_rho);
	*drift = (struct drift){.from = from, .end = end, .before = base, .slope = slope, .error = drift_error(residuals, n)};
	drift->after = base + slope * x[n - 1];
	sigma = sqrt(squares_of(residuals, n) / (double)(n - 2) / gsl_stats_tss(x, 1, n) * (1.0 + rho) / (1.0 - rho)) / share_held(residuals, n);
	/* the effective number of independent values */
	t = gsl_cdf_tdist_Pinv(SURE, fmax((double)n * (1.0 - rho) / (1.0 + rho) - 2.0, 2.0));
	drift->lo = slope - t * sigma;
	drift->hi = slope + t * sigma;
	drift->p = sigma > 0.0 ? 2.0 * gsl_cdf_tdist_Q(fabs(slope) / sigma, fmax((double)n * (1.0 - rho) / (1.0 + rho) - 2.0, 2.0)) : slope == 0.0;
	return rho < DRIFT_WANDERS;
}

bool drift_line(const double *values, size_t n, double rho, struct drift *drift)
{
	return n >= DRIFT_LEAST && n <= LONGEST && measure(values, n, 0, n, rho, drift);
}

bool drift_ramp(const double *values, size_t n, double rho, struct drift *drift)
{
	size_t step = n / PLACES ? n / PLACES : 1, from = 0, end = n;
	double x[LONGEST] = {0}, residuals[LONGEST], base, slope, least = INFINITY;

	if (n < DRIFT_LEAST || n > LONGEST)
		return false;
	for (size_t f = 0; f + DRIFT_LEAST <= n; f += step)
		for (size_t e = n; e >= f + DRIFT_LEAST; e -= step) {
			double error;

			fill_ramp(x, n, f, e);
			fit(x, values, n, 1, &base, &slope, residuals);
			error = drift_error(residuals, n);
			if (error < least) {
				least = error;
				from = f;
				end = e;
			}
			if (e < step)
				break;
		}
	return measure(values, n, from, end, rho, drift);
}

bool drift_is_better(const struct drift *drift, size_t n, size_t steps, double error)
{
	double m = (double)n, ramp = 2.0 * m * log(drift->error / m) + 4.0 * log(m);
	double levels = 2.0 * m * log(error / m) + (2.0 * (double)steps + 1.0) * log(m);

	return drift->error <= 0.0 || ramp + STRONG < levels;
}

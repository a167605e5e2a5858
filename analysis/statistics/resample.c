/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * resample.c - BCa bootstrap and permutation test of two groups; see resample.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/statistics/resample.h"

#define TAIL ((1.0 - STATISTICS_CONFIDENCE) / 2.0)

double resample_mean(double *values, size_t n)
{
	return gsl_stats_mean(values, 1, n);
}

double resample_median(double *values, size_t n)
{
	return gsl_stats_median(values, 1, n);
}

/* Both groups, and a buffer to draw into. */
struct resample {
	const double *base, *new;
	size_t m, n;
	resample_statistic *statistic;
	double *drawn; /* m + n */
	gsl_rng *rng;
};

static int resample_open(const double *base, size_t m, const double *new, size_t n, resample_statistic *statistic, uint64_t seed, struct resample *r)
{
	*r = (struct resample){.base = base, .new = new, .m = m, .n = n, .statistic = statistic};
	if (!m || !n)
		return -ENODATA;
	for (size_t i = 0; i < m + n; i++)
		if (!isfinite(i < m ? base[i] : new[i - m]))
			return -EDOM;
	r->drawn = malloc((m + n) * sizeof(*r->drawn));
	r->rng = gsl_rng_alloc(gsl_rng_mt19937);
	if (r->drawn == NULL || r->rng == NULL)
		return -ENOMEM;
	gsl_rng_set(r->rng, (unsigned long)seed);
	return 0;
}

static void resample_close(struct resample *r)
{
	free(r->drawn);
	if (r->rng != NULL)
		gsl_rng_free(r->rng);
}

/* ---- bootstrap ------------------------------------------------------------------------------------------- */

static double ratio_of_drawn(struct resample *r)
{
	return r->statistic(r->drawn + r->m, r->n) / r->statistic(r->drawn, r->m);
}

static double ratio_drawn(struct resample *r)
{
	for (size_t i = 0; i < r->m; i++)
		r->drawn[i] = r->base[gsl_rng_uniform_int(r->rng, r->m)];
	for (size_t i = 0; i < r->n; i++)
		r->drawn[r->m + i] = r->new[gsl_rng_uniform_int(r->rng, r->n)];
	return ratio_of_drawn(r);
}

/* The ratio with one value left out (m + n: none is left out). */
static double ratio_without(struct resample *r, size_t left_out)
{
	size_t m = r->m - (left_out < r->m), n = r->n - (left_out >= r->m && left_out < r->m + r->n);
	double *at = r->drawn;

	for (size_t i = 0; i < r->m + r->n; i++)
		if (i != left_out)
			*at++ = i < r->m ? r->base[i] : r->new[i - r->m];
	return r->statistic(r->drawn + m, n) / r->statistic(r->drawn, m);
}

/* Efron's acceleration, from leaving out each value in turn; the groups' jackknife values are weighted by their sizes. */
static double acceleration(struct resample *r)
{
	double cubes = 0.0, squares = 0.0;

	for (int group = 0; group < 2; group++) {
		size_t from = group ? r->m : 0, size = group ? r->n : r->m;
		double mean = 0.0, size_d = (double)size, scale;

		for (size_t i = 0; i < size; i++)
			mean += ratio_without(r, from + i) / size_d;
		scale = (size_d - 1.0) / size_d;
		for (size_t i = 0; i < size; i++) {
			double influence = scale * (mean - ratio_without(r, from + i));

			squares += influence * influence;
			cubes += influence * influence * influence;
		}
	}
	return squares > 0.0 ? cubes / (6.0 * pow(squares, 1.5)) : 0.0;
}

/* Which quantile of the draws bounds the interval, for the normal quantile z of the tail. */
static double corrected(double bias, double a, double z)
{
	return gsl_cdf_ugaussian_P(bias + (bias + z) / (1.0 - a * (bias + z)));
}

static void interval_of_draws(struct resample *r, double *drawn, size_t draws, struct statistics_interval *out)
{
	double below = 0.0, bias, a, z = gsl_cdf_ugaussian_Qinv(TAIL);

	for (size_t i = 0; i < draws; i++) {
		if (!isfinite(drawn[i]))
			return;
		below += drawn[i] < out->median ? 1.0 : drawn[i] == out->median ? 0.5 : 0.0;
	}
	if (below <= 0.0 || below >= (double)draws)
		return;
	gsl_sort(drawn, 1, draws);
	if (drawn[0] == drawn[draws - 1])
		return;
	bias = gsl_cdf_ugaussian_Pinv(below / (double)draws);
	a = acceleration(r);
	out->lo = gsl_stats_quantile_from_sorted_data(drawn, 1, draws, corrected(bias, a, -z));
	out->hi = gsl_stats_quantile_from_sorted_data(drawn, 1, draws, corrected(bias, a, z));
	out->has_interval = isfinite(out->lo) && isfinite(out->hi);
}

int resample_ratio(const double *base, size_t m, const double *new, size_t n, resample_statistic *statistic, size_t draws, uint64_t seed,
	struct statistics_interval *out)
{
	struct resample r;
	double *drawn = NULL;
	int err = resample_open(base, m, new, n, statistic, seed, &r);

	memset(out, 0, sizeof(*out));
	if (err != 0)
		goto out;
	drawn = malloc((draws + 1) * sizeof(*drawn));
	if (drawn == NULL) {
		err = -ENOMEM;
		goto out;
	}
	out->n = m + n;
	out->median = ratio_without(&r, m + n);
	for (size_t i = 0; i < draws; i++)
		drawn[i] = ratio_drawn(&r);
	if (m > 1 && n > 1 && isfinite(out->median))
		interval_of_draws(&r, drawn, draws, out);
out:
	free(drawn);
	resample_close(&r);
	return err;
}

/* ---- permutation ----------------------------------------------------------------------------------------- */

int resample_p(const double *base, size_t m, const double *new, size_t n, resample_statistic *statistic, size_t draws, uint64_t seed, double *p)
{
	struct resample r;
	size_t as_far = 0;
	double seen, *dealt = NULL;
	int err = resample_open(base, m, new, n, statistic, seed, &r);

	*p = 1.0;
	if (err == 0)
		dealt = malloc((m + n) * sizeof(*dealt));
	if (err == 0 && dealt == NULL)
		err = -ENOMEM;
	if (err != 0)
		goto out;
	memcpy(dealt, base, m * sizeof(*dealt));
	memcpy(dealt + m, new, n * sizeof(*dealt));
	memcpy(r.drawn, dealt, (m + n) * sizeof(*dealt));
	seen = fabs(statistic(r.drawn + m, n) - statistic(r.drawn, m));
	for (size_t i = 0; i < draws; i++) {
		gsl_ran_shuffle(r.rng, dealt, m + n, sizeof(*dealt));
		memcpy(r.drawn, dealt, (m + n) * sizeof(*dealt));
		/* sums in another order are rounded differently: as far from 0 as the observed one, up to that */
		as_far += fabs(statistic(r.drawn + m, n) - statistic(r.drawn, m)) >= seen * (1.0 - 1e-12);
	}
	*p = (double)(as_far + 1) / (double)(draws + 1);
out:
	free(dealt);
	resample_close(&r);
	return err;
}

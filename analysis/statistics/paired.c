/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paired.c - shift, interval and test of paired rounds; see paired.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include "analysis/statistics/differences.h"
#include "analysis/statistics/paired.h"

#define SLACK 1e-12 /* for the rounding of sums of probabilities */

/*
 * chance[s], s = 0 ... top: the probability that the positive ranks sum to s if each sign is random. twice[] are the ranks, doubled so that
 * the middle ranks of ties are integers; top is their sum.
 */
static double *signed_rank_chances(const size_t *twice, size_t n, size_t top)
{
	double *chance = calloc(top + 1, sizeof(*chance));
	size_t reached = 0;

	if (chance == NULL)
		return NULL;
	chance[0] = 1.0;
	for (size_t i = 0; i < n; i++) {
		reached += twice[i];
		for (size_t s = reached + 1; s-- > 0;)
			chance[s] = (chance[s] + (s >= twice[i] ? chance[s - twice[i]] : 0.0)) / 2.0;
	}
	return chance;
}

/* ---- the interval ---------------------------------------------------------------------------------------- */

/* k = max{k : P(V < k) <= tail}, 0 if there is none. */
static int interval_rank(size_t n, double tail, size_t *k)
{
	double pairs = (double)n * (double)(n + 1), below = 0.0;
	double *chance;
	size_t *twice;

	*k = 0;
	if (n > PAIRED_EXACT) {
		double rank = floor(pairs / 4.0 - gsl_cdf_ugaussian_Qinv(tail) * sqrt(pairs * (double)(2 * n + 1) / 24.0) + 0.5);

		*k = rank >= 1.0 ? (size_t)rank : 0;
		return 0;
	}
	twice = malloc(n * sizeof(*twice));
	for (size_t i = 0; twice != NULL && i < n; i++)
		twice[i] = i + 1; /* without ties there is nothing to double */
	chance = twice != NULL ? signed_rank_chances(twice, n, n * (n + 1) / 2) : NULL;
	free(twice);
	if (chance == NULL)
		return -ENOMEM;
	for (size_t v = 0; v <= n * (n + 1) / 2; v++) {
		below += chance[v];
		if (below > tail + SLACK)
			break;
		*k = v + 1;
	}
	free(chance);
	return 0;
}

int paired_shift(const double *differences, size_t n, double confidence, struct two_sample_shift *out)
{
	double *sorted, *negated;
	struct differences sums = {0};
	size_t k = 0;
	int err;

	memset(out, 0, sizeof(*out));
	if (!n)
		return -ENODATA;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(differences[i]))
			return -EDOM;
	sorted = malloc(2 * n * sizeof(*sorted));
	if (sorted == NULL)
		return -ENOMEM;
	negated = sorted + n;
	memcpy(sorted, differences, n * sizeof(*sorted));
	gsl_sort(sorted, 1, n);
	for (size_t i = 0; i < n; i++)
		negated[i] = -sorted[n - 1 - i];
	err = interval_rank(n, (1.0 - confidence) / 2.0, &k);
	if (err == 0)
		err = differences_open(negated, n, sorted, n, true, &sums);
	if (err == 0) {
		out->shift = differences_median(&sums) / 2.0;
		out->has_interval = k > 0;
	}
	if (err == 0 && k) {
		out->lo = differences_select(&sums, k) / 2.0;
		out->hi = differences_select(&sums, sums.pairs + 1 - k) / 2.0;
	}
	differences_close(&sums);
	free(sorted);
	return err;
}

/* ---- the test -------------------------------------------------------------------------------------------- */

/* The differences that are not 0, ranked by size. */
struct ranking {
	double *sizes; /* sorted: |difference| */
	size_t *signs; /* of each, in that order: 1 if it is positive */
	size_t *twice; /* its rank, doubled */
	size_t n, sum; /* sum: of twice over the positive ones */
	double cubes;  /* of groups of t tied values the sum of t^3 - t */
};

static void ranking_free(struct ranking *ranking)
{
	free(ranking->sizes);
	free(ranking->twice);
	free(ranking->signs);
}

static int rank_differences(const double *differences, size_t n, struct ranking *ranking)
{
	double *values = malloc(n * sizeof(*values));
	size_t *order = malloc(n * sizeof(*order));
	int err = -ENOMEM;

	memset(ranking, 0, sizeof(*ranking));
	ranking->sizes = malloc(n * sizeof(*ranking->sizes));
	ranking->twice = malloc(n * sizeof(*ranking->twice));
	ranking->signs = malloc(n * sizeof(*ranking->signs));
	if (values == NULL || order == NULL || ranking->sizes == NULL || ranking->twice == NULL || ranking->signs == NULL)
		goto out;
	err = 0;
	for (size_t i = 0; i < n; i++)
		if (differences[i] != 0.0)
			values[ranking->n++] = differences[i];
	for (size_t i = 0; i < ranking->n; i++)
		ranking->sizes[i] = fabs(values[i]);
	if (ranking->n)
		gsl_sort_index(order, ranking->sizes, 1, ranking->n);
	for (size_t i = 0; i < ranking->n; i++)
		ranking->signs[i] = values[order[i]] > 0.0;
	if (ranking->n)
		gsl_sort(ranking->sizes, 1, ranking->n);
	for (size_t i = 0, end; i < ranking->n; i = end) {
		double t;

		for (end = i + 1; end < ranking->n && ranking->sizes[end] == ranking->sizes[i];)
			end++;
		t = (double)(end - i);
		ranking->cubes += t * t * t - t;
		for (size_t at = i; at < end; at++) {
			ranking->twice[at] = i + end + 1;
			ranking->sum += ranking->signs[at] * ranking->twice[at];
		}
	}
out:
	free(values);
	free(order);
	return err;
}

static double normal_p(const struct ranking *ranking)
{
	double n = (double)ranking->n, middle = n * (n + 1.0) / 4.0;
	double variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ranking->cubes / 48.0;
	double far = fabs((double)ranking->sum / 2.0 - middle) - 0.5;

	return far <= 0.0 || variance <= 0.0 ? 1.0 : 2.0 * gsl_cdf_ugaussian_Q(far / sqrt(variance));
}

static int exact_p(const struct ranking *ranking, double *p)
{
	size_t top = ranking->n * (ranking->n + 1); /* doubled ranks have the same sum, tied or not */
	size_t other = top - ranking->sum, tail = ranking->sum < other ? ranking->sum : other;
	double *chance = signed_rank_chances(ranking->twice, ranking->n, top);
	double below = 0.0;

	if (chance == NULL)
		return -ENOMEM;
	for (size_t s = 0; s <= tail; s++)
		below += chance[s];
	*p = fmin(1.0, 2.0 * below);
	free(chance);
	return 0;
}

int paired_p(const double *differences, size_t n, double *p)
{
	struct ranking ranking;
	int err;

	*p = 1.0;
	if (!n)
		return -ENODATA;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(differences[i]))
			return -EDOM;
	err = rank_differences(differences, n, &ranking);
	if (err == 0 && ranking.n > PAIRED_EXACT)
		*p = normal_p(&ranking);
	else if (err == 0 && ranking.n)
		err = exact_p(&ranking, p);
	ranking_free(&ranking);
	return err;
}

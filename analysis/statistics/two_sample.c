/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * two_sample.c - shift, test and effect size of two groups, and the false discovery rate; see two_sample.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include "analysis/statistics/differences.h"
#include "base/statistics.h"
#include "analysis/statistics/two_sample.h"

#define TAIL  ((1.0 - STATISTICS_CONFIDENCE) / 2.0)
#define SLACK 1e-12 /* for the rounding of sums of probabilities */

struct groups {
	double *memory;		  /* of both */
	const double *base, *new; /* sorted */
	size_t m, n;
};

static int sort_groups(const double *base, size_t m, const double *new, size_t n, struct groups *groups)
{
	double *memory;

	groups->memory = NULL;
	if (!m || !n)
		return -ENODATA;
	memory = malloc((m + n) * sizeof(*memory));
	if (memory == NULL)
		return -ENOMEM;
	memcpy(memory, base, m * sizeof(*memory));
	memcpy(memory + m, new, n * sizeof(*memory));
	for (size_t i = 0; i < m + n; i++)
		if (!isfinite(memory[i])) {
			free(memory);
			return -EDOM;
		}
	gsl_sort(memory, 1, m);
	gsl_sort(memory + m, 1, n);
	*groups = (struct groups){.memory = memory, .base = memory, .new = memory + m, .m = m, .n = n};
	return 0;
}

/* ---- the null distribution of U -------------------------------------------------------------------------- */

/*
 * ways[u] for u = 0 ... mn: the number of the C(m + n, n) orders of m + n values in which the new value is the larger one in u pairs.
 * The recurrence r(m, n, u) = r(m, n - 1, u) + r(m - 1, n, u - n) in closed form: the coefficients of the product of
 * (1 - x^(m + i)) / (1 - x^i), i = 1 ... n. Up to 20 and 20 every number is an integer below 2^53.
 */
static double *count_ways(size_t m, size_t n)
{
	size_t top = m * n;
	double *ways = calloc(top + 1, sizeof(*ways));

	if (ways == NULL)
		return NULL;
	ways[0] = 1.0;
	for (size_t i = 1; i <= n; i++) {
		for (size_t u = top; u >= m + i; u--)
			ways[u] -= ways[u - m - i];
		for (size_t u = i; u <= top; u++)
			ways[u] += ways[u - i];
	}
	return ways;
}

static double sum_of(const double *values, size_t n)
{
	double sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += values[i];
	return sum;
}

/* P(U <= u), u <= mn; negative if out of memory. */
static double exact_tail(size_t m, size_t n, size_t u)
{
	double *ways = count_ways(m, n);
	double tail;

	if (ways == NULL)
		return -1.0;
	tail = sum_of(ways, u + 1) / sum_of(ways, m * n + 1);
	free(ways);
	return tail;
}

static bool is_exact(size_t m, size_t n)
{
	return m <= TWO_SAMPLE_EXACT && n <= TWO_SAMPLE_EXACT;
}

/* k = max{k : P(U < k) <= 2.5 %}, 0 if there is none. */
static int interval_rank(size_t m, size_t n, size_t *k)
{
	double pairs = (double)m * (double)n, total, below = 0.0;
	double *ways;

	*k = 0;
	if (!is_exact(m, n)) {
		double sd = sqrt(pairs * (double)(m + n + 1) / 12.0);
		double rank = floor(pairs / 2.0 - gsl_cdf_ugaussian_Qinv(TAIL) * sd + 0.5);

		*k = rank >= 1.0 ? (size_t)rank : 0;
		return 0;
	}
	ways = count_ways(m, n);
	if (ways == NULL)
		return -ENOMEM;
	total = sum_of(ways, m * n + 1);
	for (size_t u = 0; u <= m * n; u++) {
		below += ways[u];
		if (below / total > TAIL + SLACK)
			break;
		*k = u + 1;
	}
	free(ways);
	return 0;
}

int two_sample_shift(const double *base, size_t m, const double *new, size_t n, struct two_sample_shift *out)
{
	struct groups groups;
	struct differences differences = {0};
	size_t k;
	int err = sort_groups(base, m, new, n, &groups);

	memset(out, 0, sizeof(*out));
	if (err != 0)
		return err;
	err = interval_rank(m, n, &k);
	if (err == 0)
		err = differences_open(groups.base, m, groups.new, n, false, &differences);
	if (err != 0)
		goto out;
	out->shift = differences_median(&differences);
	out->has_interval = k > 0;
	if (k) {
		out->lo = differences_select(&differences, k);
		out->hi = differences_select(&differences, m * n + 1 - k);
	}
out:
	differences_close(&differences);
	free(groups.memory);
	return err;
}

/* ---- the test -------------------------------------------------------------------------------------------- */

/* The ranks of the values among all, doubled so that middle ranks of ties are integers. */
struct ranking {
	size_t *twice; /* of each value in order, m + n of them */
	size_t sum;    /* of twice, over the values of new */
	double cubes;  /* the sum of t^3 - t over groups of t tied values */
	bool tied;
};

static int rank_groups(const struct groups *groups, struct ranking *ranking)
{
	size_t i = 0, j = 0, done = 0;

	memset(ranking, 0, sizeof(*ranking));
	ranking->twice = malloc((groups->m + groups->n) * sizeof(*ranking->twice));
	if (ranking->twice == NULL)
		return -ENOMEM;
	while (done < groups->m + groups->n) {
		double value = j >= groups->n || (i < groups->m && groups->base[i] < groups->new[j]) ? groups->base[i] : groups->new[j];
		size_t i0 = i, j0 = j, t;

		while (i < groups->m && groups->base[i] == value)
			i++;
		while (j < groups->n && groups->new[j] == value)
			j++;
		t = i - i0 + j - j0;
		for (size_t r = 0; r < t; r++)
			ranking->twice[done + r] = 2 * done + t + 1;
		ranking->sum += (j - j0) * (2 * done + t + 1);
		ranking->cubes += (double)t * (double)t * (double)t - (double)t;
		ranking->tied |= t > 1;
		done += t;
	}
	return 0;
}

static double normal_p(const struct groups *groups, const struct ranking *ranking)
{
	double m = (double)groups->m, n = (double)groups->n, all = m + n;
	double u = (double)ranking->sum / 2.0 - n * (n + 1.0) / 2.0;
	double variance = m * n / 12.0 * (all + 1.0 - ranking->cubes / (all * (all - 1.0)));
	double far = fabs(u - m * n / 2.0) - 0.5;

	/* The variance is 0 only where all values are tied, which is not far. */
	return far <= 0.0 ? 1.0 : 2.0 * gsl_cdf_ugaussian_Q(far / sqrt(variance));
}

static int untied_p(const struct groups *groups, const struct ranking *ranking, double *p)
{
	size_t u = ranking->sum / 2 - groups->n * (groups->n + 1) / 2, other = groups->m * groups->n - u;
	double tail = exact_tail(groups->m, groups->n, u < other ? u : other);

	if (tail < 0.0)
		return -ENOMEM;
	*p = fmin(1.0, 2.0 * tail);
	return 0;
}

/*
 * Counts all ways to choose n of the ranks for `new`, by their sum: ways[k * (top + 1) + s] is the number of choices of k ranks with sum s.
 * p is the fraction of those at least as far from the middle as the observed sum.
 */
static int tied_p(const struct groups *groups, const struct ranking *ranking, double *p)
{
	size_t all = groups->m + groups->n, top = all * (all + 1), n = groups->n, middle = n * (all + 1);
	size_t far = ranking->sum > middle ? ranking->sum - middle : middle - ranking->sum;
	double *ways = calloc((n + 1) * (top + 1), sizeof(*ways));
	double beyond = 0.0;
	const double *chosen;

	if (ways == NULL)
		return -ENOMEM;
	ways[0] = 1.0;
	for (size_t r = 0; r < all; r++)
		for (size_t k = r < n ? r + 1 : n; k > 0; k--)
			for (size_t s = ranking->twice[r]; s <= top; s++)
				ways[k * (top + 1) + s] += ways[(k - 1) * (top + 1) + s - ranking->twice[r]];
	chosen = &ways[n * (top + 1)];
	for (size_t s = 0; s <= top; s++)
		if ((s > middle ? s - middle : middle - s) >= far)
			beyond += chosen[s];
	*p = fmin(1.0, beyond / sum_of(chosen, top + 1));
	free(ways);
	return 0;
}

int two_sample_p(const double *base, size_t m, const double *new, size_t n, double *p)
{
	struct groups groups;
	struct ranking ranking;
	int err = sort_groups(base, m, new, n, &groups);

	*p = 1.0;
	if (err != 0)
		return err;
	err = rank_groups(&groups, &ranking);
	if (err != 0)
		goto out;
	if (!is_exact(m, n))
		*p = normal_p(&groups, &ranking);
	else
		err = ranking.tied ? tied_p(&groups, &ranking, p) : untied_p(&groups, &ranking, p);
out:
	free(ranking.twice);
	free(groups.memory);
	return err;
}

/* ---- effect size and many tests -------------------------------------------------------------------------- */

int two_sample_delta(const double *base, size_t m, const double *new, size_t n, double *delta)
{
	struct groups groups;
	size_t below = 0, most = 0, above_all = 0, below_all = 0;
	int err = sort_groups(base, m, new, n, &groups);

	*delta = 0.0;
	if (err != 0)
		return err;
	for (size_t j = 0; j < n; j++) {
		while (below < m && groups.base[below] < groups.new[j])
			below++;
		while (most < m && groups.base[most] <= groups.new[j])
			most++;
		above_all += below;
		below_all += m - most;
	}
	*delta = ((double)above_all - (double)below_all) / ((double)m * (double)n);
	free(groups.memory);
	return 0;
}

int two_sample_false_discovery(const double *p, size_t n, double *q)
{
	size_t *order;
	double least = 1.0;

	if (!n)
		return -ENODATA;
	for (size_t i = 0; i < n; i++)
		if (!(p[i] >= 0.0 && p[i] <= 1.0))
			return -EDOM;
	order = malloc(n * sizeof(*order));
	if (order == NULL)
		return -ENOMEM;
	gsl_sort_index(order, p, 1, n);
	for (size_t rank = n; rank > 0; rank--) {
		least = fmin(least, p[order[rank - 1]] * (double)n / (double)rank);
		q[order[rank - 1]] = least;
	}
	free(order);
	return 0;
}

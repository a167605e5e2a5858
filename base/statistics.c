/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * statistics.c - medians, exact binomial intervals, outliers and histogram quantiles; see statistics.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/statistics.h"

#define TAIL ((1.0 - STATISTICS_CONFIDENCE) / 2.0)
/* The binomial tail at the limit (n = 6: 1/64) is compared with a little slack for the sum's rounding. */
#define SLACK 1e-12

bool statistics_ranks(size_t n, double q, size_t *lower, size_t *upper)
{
	size_t lo = 0, hi = 0;

	if (!n || !(q > 0.0 && q < 1.0))
		return false;
	while (lo < n && gsl_cdf_binomial_P((unsigned)lo, q, (unsigned)n) <= TAIL + SLACK)
		lo++;
	/* P(Bin >= k) = Q(k - 1): the upper tail asked for directly, as 1 - P loses its digits */
	for (size_t k = n; k > lo && gsl_cdf_binomial_Q((unsigned)k - 1, q, (unsigned)n) <= TAIL + SLACK; k--)
		hi = k;
	if (!lo || !hi)
		return false;
	*lower = lo;
	*upper = hi;
	return true;
}

/* A sorted copy, or NULL with *err set. */
static double *sorted_copy(const double *values, size_t n, int *err)
{
	double *sorted;

	*err = -ENODATA;
	if (!n)
		return NULL;
	*err = -EDOM;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return NULL;
	*err = -ENOMEM;
	sorted = malloc(n * sizeof(*sorted));
	if (sorted == NULL)
		return NULL;
	memcpy(sorted, values, n * sizeof(*sorted));
	gsl_sort(sorted, 1, n);
	*err = 0;
	return sorted;
}

int statistics_quantile(const double *values, size_t n, double q, struct statistics_interval *out)
{
	size_t lower, upper;
	double *sorted;
	int err;

	memset(out, 0, sizeof(*out));
	if (!(q > 0.0 && q < 1.0))
		return -EDOM;
	sorted = sorted_copy(values, n, &err);
	if (sorted == NULL)
		return err;
	out->n = n;
	out->median = gsl_stats_quantile_from_sorted_data(sorted, 1, n, q);
	out->has_interval = statistics_ranks(n, q, &lower, &upper);
	if (out->has_interval) {
		out->lo = sorted[lower - 1];
		out->hi = sorted[upper - 1];
	}
	free(sorted);
	return 0;
}

int statistics_median(const double *values, size_t n, struct statistics_interval *out)
{
	return statistics_quantile(values, n, 0.5, out);
}

double statistics_precision(const struct statistics_interval *interval)
{
	double half = (interval->hi - interval->lo) / 2.0;

	if (!interval->has_interval)
		return INFINITY;
	if (half == 0.0)
		return 0.0;
	return interval->median == 0.0 ? INFINITY : half / fabs(interval->median);
}

bool statistics_precise(const double *values, size_t n, double precision_pct)
{
	struct statistics_interval interval;

	return !statistics_median(values, n, &interval) && statistics_precision(&interval) <= precision_pct / 100.0;
}

int statistics_outliers(const double *values, size_t n, bool *flags)
{
	double *sorted, *distance = NULL;
	double median, mad;
	int err, flagged = 0;

	sorted = sorted_copy(values, n, &err);
	if (sorted == NULL)
		return err;
	distance = malloc(n * sizeof(*distance));
	if (distance == NULL) {
		flagged = -ENOMEM;
		goto out;
	}
	median = gsl_stats_median_from_sorted_data(sorted, 1, n);
	for (size_t i = 0; i < n; i++)
		distance[i] = fabs(sorted[i] - median);
	gsl_sort(distance, 1, n);
	mad = gsl_stats_median_from_sorted_data(distance, 1, n);
	for (size_t i = 0; i < n; i++) {
		bool far = mad > 0.0 && fabs(values[i] - median) / mad > STATISTICS_OUTLIER;

		if (flags != NULL)
			flags[i] = far;
		flagged += far;
	}
out:
	free(distance);
	free(sorted);
	return flagged;
}

uint64_t statistics_histogram_count(const struct statistics_bucket *buckets, size_t n)
{
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += buckets[i].count;
	return count;
}

double statistics_histogram_quantile(const struct statistics_bucket *buckets, size_t n, double q)
{
	double rank = q * (double)statistics_histogram_count(buckets, n);
	double before = 0.0;
	double value = NAN;

	for (size_t i = 0; i < n; i++) {
		double count = (double)buckets[i].count;

		if (count == 0.0)
			continue;
		value = buckets[i].high;
		if (before + count >= rank) {
			value = buckets[i].low + (buckets[i].high - buckets[i].low) * (rank - before) / count;
			break;
		}
		before += count;
	}
	return value;
}

double statistics_histogram_max(const struct statistics_bucket *buckets, size_t n)
{
	double max = NAN;

	for (size_t i = 0; i < n; i++)
		if (buckets[i].count)
			max = buckets[i].high;
	return max;
}

static int bucket_order(const void *a, const void *b)
{
	const struct statistics_bucket *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return (x->high > y->high) - (x->high < y->high);
}

int statistics_histogram_merge(struct statistics_bucket **buckets, size_t *n, const struct statistics_bucket *more, size_t n_more)
{
	struct statistics_bucket *all;
	size_t kept = 0;

	if (!n_more)
		return 0;
	all = reallocarray(*buckets, *n + n_more, sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	memcpy(all + *n, more, n_more * sizeof(*all));
	qsort(all, *n + n_more, sizeof(*all), bucket_order);
	for (size_t i = 1; i < *n + n_more; i++) {
		if (!bucket_order(&all[kept], &all[i]))
			all[kept].count += all[i].count;
		else
			all[++kept] = all[i];
	}
	*buckets = all;
	*n = kept + 1;
	return 0;
}

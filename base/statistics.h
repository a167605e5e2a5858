/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * statistics.h - what can be said from a few round values: medians and quantiles with exact, distribution-free
 * intervals, precision, outliers, and quantiles of latency histograms.
 *
 * Pure functions: no state, no input or output, arguments are never changed. The unit of every interval is the
 * process round (docs/method.md): callers pass one value a round, never samples of one process pooled.
 * Errors are negative errno: -ENODATA without values, -EDOM for a NaN, infinity or q outside of (0, 1), -ENOMEM.
 */
#ifndef FIVESTEP_STATISTICS_H
#define FIVESTEP_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATISTICS_CONFIDENCE	0.95
#define STATISTICS_INTERVAL_MIN 6    /* rounds under which no 95 % interval of the median exists */
#define STATISTICS_OUTLIER	14.8 /* |x - median| / MAD above which a value is flagged: 10 sigma of a normal one */

/* A point estimate and its 95 % interval, in the unit of the values. lo and hi mean nothing without has_interval. */
struct statistics_interval {
	double median; /* the quantile asked for; the median unless said otherwise */
	double lo, hi;
	size_t n; /* values it rests on */
	bool has_interval;
};

/*
 * Ranks (from 1) of the order statistics that bound quantile q of n values with at least 95 % confidence:
 * lower is the largest k with P(Bin(n, q) < k) <= 2.5 %, upper the smallest with P(Bin(n, q) >= k) <= 2.5 %.
 * For the median that is k = max{k : 1 - 2 BinCDF(k - 1; n, 1/2) >= 0.95} and n + 1 - k.
 * False where either does not exist.
 */
bool statistics_ranks(size_t n, double q, size_t *lower, size_t *upper);

int statistics_median(const double *values, size_t n, struct statistics_interval *out);
int statistics_quantile(const double *values, size_t n, double q, struct statistics_interval *out);

/* Half the interval's width over the median, as a fraction; infinite without interval, or around 0 with a width. */
double statistics_precision(const struct statistics_interval *interval);
/* The stopping rule: the median's interval exists and its precision is precision_pct percent or better. */
bool statistics_precise(const double *values, size_t n, double precision_pct);

/*
 * Flags values further than STATISTICS_OUTLIER median absolute deviations from the median; nothing is flagged
 * where the deviation is 0. flags has n entries and may be NULL. Returns how many, or negative errno.
 */
int statistics_outliers(const double *values, size_t n, bool *flags);

/* One bucket of a histogram: count entries in [low, high). */
struct statistics_bucket {
	double low, high;
	uint64_t count;
};
uint64_t statistics_histogram_count(const struct statistics_bucket *buckets, size_t n);
/* Quantile q of the entries, linear within its bucket; buckets ascend. NaN when the histogram is empty. */
double statistics_histogram_quantile(const struct statistics_bucket *buckets, size_t n, double q);
/* The upper edge of the last bucket that is not empty: no entry was larger. NaN when empty. */
double statistics_histogram_max(const struct statistics_bucket *buckets, size_t n);
/*
 * Adds the buckets of more to *buckets (an allocated array of *n, sorted by low; start with NULL and 0).
 * Buckets with the same edges are added up; the caller frees *buckets. 0 or -ENOMEM.
 */
int statistics_histogram_merge(struct statistics_bucket **buckets, size_t *n, const struct statistics_bucket *more, size_t n_more);

#endif

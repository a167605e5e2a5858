/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * statistics.c - medians, exact intervals, outliers and histograms, against values computed elsewhere.
 *
 * The ranks were computed with exact fractions (Python's fractions.Fraction and math.comb, no floating point), quantiles with
 * Python's statistics.quantiles(method="inclusive"), which is type 7 in R.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/statistics.h"
#include "tests/tap.h"

static const double ten[] = {3.1, -2.0, 17.5, 4.4, 9.0, 0.25, 4.4, 12.0, 6.6, 5.5};

static void test_median_ranks(void)
{
	static const size_t fixture[][3] = {{6, 1, 6}, {7, 1, 7}, {8, 1, 8}, {9, 2, 8}, {10, 2, 9}, {11, 2, 10}, {15, 4, 12}, {16, 4, 13},
		{20, 6, 15}, {25, 8, 18}, {30, 10, 21}, {50, 18, 33}, {100, 40, 61}};
	size_t lower, upper;

	for (size_t n = 0; n < STATISTICS_INTERVAL_MIN; n++)
		ok(!statistics_ranks(n, 0.5, &lower, &upper), "no 95 %% interval of the median of %zu", n);
	for (size_t i = 0; i < sizeof(fixture) / sizeof(*fixture); i++) {
		lower = upper = 0;
		ok(statistics_ranks(fixture[i][0], 0.5, &lower, &upper), "there is one of %zu", fixture[i][0]);
		is_int((long long)lower, (long long)fixture[i][1], "its lower rank");
		is_int((long long)upper, (long long)fixture[i][2], "its upper rank");
	}
}

static void test_other_ranks(void)
{
	static const struct {
		size_t n;
		double q;
		size_t lower, upper;
	} fixture[] = {{36, 0.9, 29, 36}, {50, 0.9, 41, 50}, {100, 0.9, 84, 96}, {368, 0.99, 360, 368}, {30, 0.25, 3, 13}, {100, 0.1, 5, 17}};
	size_t lower = 0, upper = 0;

	for (size_t i = 0; i < sizeof(fixture) / sizeof(*fixture); i++) {
		ok(statistics_ranks(fixture[i].n, fixture[i].q, &lower, &upper), "quantile %g of %zu", fixture[i].q, fixture[i].n);
		is_int((long long)lower, (long long)fixture[i].lower, "its lower rank");
		is_int((long long)upper, (long long)fixture[i].upper, "its upper rank");
	}
	ok(!statistics_ranks(35, 0.9, &lower, &upper), "35 values have no upper bound on p90");
	ok(!statistics_ranks(367, 0.99, &lower, &upper), "367 values have no upper bound on p99");
	ok(!statistics_ranks(10, 0.0, &lower, &upper) && !statistics_ranks(10, 1.0, &lower, &upper), "0 and 1 are no quantiles");
}

/* Whatever was in it before. */
static void test_cleared(void)
{
	struct statistics_interval out;

	memset(&out, 0x7f, sizeof(out));
	ok(statistics_median(ten, 0, &out) == -ENODATA && out.n == 0 && out.median == 0 && !out.has_interval, "an answer that is none is all zero");
	memset(&out, 0x7f, sizeof(out));
	ok(statistics_median(ten, 3, &out) == 0 && out.n == 3 && out.lo == 0 && out.hi == 0 && !out.has_interval, "as is an interval that is none");
}

/* The interval covers: what "95 %" means, checked by the probability that it misses on each side. */
static void test_coverage(void)
{
	for (size_t n = STATISTICS_INTERVAL_MIN; n <= 60; n++) {
		size_t lower = 0, upper = 0;
		double term = pow(0.5, (double)n), below = 0.0, next;

		statistics_ranks(n, 0.5, &lower, &upper);
		for (size_t k = 0; k < lower; k++) {
			below += term;
			term *= (double)(n - k) / (double)(k + 1);
		}
		next = below + term;
		if (!(below <= 0.025 && next > 0.025 && upper == n + 1 - lower)) {
			ok(false, "interval of %zu misses with %g on each side, the next narrower with %g", n, below, next);
			return;
		}
	}
	ok(true, "6 to 60 values: at most 2.5 %% beyond each end, and no narrower interval would do");
}

static void test_intervals(void)
{
	struct statistics_interval interval;
	double values[10];

	is_int(statistics_median(ten, 10, &interval), 0, "the median of ten");
	is_near(interval.median, 4.95, 1e-12, "lies between the middle two");
	ok(interval.has_interval, "has an interval");
	is_near(interval.lo, 0.25, 0, "from the second");
	is_near(interval.hi, 12.0, 0, "to the ninth");
	is_int((long long)interval.n, 10, "of ten values");
	is_near(ten[2], 17.5, 0, "the values are left in their order");
	is_int(statistics_quantile(ten, 10, 0.9, &interval), 0, "p90 of ten");
	is_near(interval.median, 12.55, 1e-9, "is that of type 7");
	ok(!interval.has_interval, "and has no interval");
	is_int(statistics_quantile(ten, 10, 0.25, &interval), 0, "p25 of ten");
	is_near(interval.median, 3.425, 1e-9, "is that of type 7");
	is_int(statistics_median(ten, 5, &interval), 0, "the median of five");
	is_near(interval.median, 4.4, 0, "is the middle one");
	ok(!interval.has_interval, "and has no interval");
	is_int(statistics_median(ten, 1, &interval), 0, "the median of one");
	is_near(interval.median, 3.1, 0, "is that one");

	is_int(statistics_median(ten, 0, &interval), -ENODATA, "of nothing there is no median");
	is_int(statistics_quantile(ten, 10, 1.0, &interval), -EDOM, "q = 1 is refused");
	memcpy(values, ten, sizeof(values));
	values[3] = NAN;
	is_int(statistics_median(values, 10, &interval), -EDOM, "NaN is refused");
	values[3] = INFINITY;
	is_int(statistics_median(values, 10, &interval), -EDOM, "infinity is refused");
}

static void test_precision(void)
{
	struct statistics_interval interval = {.median = 200, .lo = 196, .hi = 206, .n = 10, .has_interval = true};
	static const double steady[] = {100, 101, 99, 100, 102, 98, 100, 101, 99, 100}; /* [98+1, 101]: half width 1 of 100 */

	is_near(statistics_precision(&interval), 0.025, 1e-15, "half the width over the median");
	interval.has_interval = false;
	ok(isinf(statistics_precision(&interval)), "without interval nothing is precise");
	interval = (struct statistics_interval){.median = 0, .lo = -1, .hi = 1, .has_interval = true};
	ok(isinf(statistics_precision(&interval)), "around 0 neither");
	interval = (struct statistics_interval){.median = 0, .lo = 0, .hi = 0, .has_interval = true};
	is_near(statistics_precision(&interval), 0, 0, "a count that is always 0 is precise");
	ok(statistics_precise(steady, 10, 1.0), "within 1 %% is precise at 1 %%");
	ok(!statistics_precise(steady, 10, 0.99), "and not at 0.99 %%");
	ok(!statistics_precise(steady, 5, 50.0), "five values are never precise");
}

static void test_outliers(void)
{
	/* median 10, deviations 1 1 0 0 1 1 and one: MAD 1 */
	double values[] = {9, 11, 10, 10, 9, 11, 24.8};
	static const double constant[] = {5, 5, 5, 5, 9};
	bool flags[7];

	is_int(statistics_outliers(values, 7, flags), 0, "14.8 deviations are no outlier");
	values[6] = 24.9;
	is_int(statistics_outliers(values, 7, flags), 1, "more than that are");
	ok(flags[6] && !flags[0] && !flags[2], "and it is the one that is flagged");
	values[6] = -4.9;
	is_int(statistics_outliers(values, 7, NULL), 1, "below as above");
	is_int(statistics_outliers(constant, 5, NULL), 0, "nothing is flagged where most are equal");
	is_int(statistics_outliers(constant, 0, NULL), -ENODATA, "of nothing there are none");
}

static void test_histograms(void)
{
	static const struct statistics_bucket one[] = {{10, 20, 1}, {20, 30, 0}, {30, 40, 3}};
	static const struct statistics_bucket two[] = {{5, 10, 2}, {30, 40, 1}, {40, 80, 1}, {80, 160, 0}};
	struct statistics_bucket *sum = NULL;
	size_t n = 0;

	is_int((long long)statistics_histogram_count(one, 3), 4, "four entries");
	is_near(statistics_histogram_quantile(one, 3, 0.25), 20, 1e-12, "a quarter is the whole first bucket");
	is_near(statistics_histogram_quantile(one, 3, 0.125), 15, 1e-12, "an eighth is half of it");
	is_near(statistics_histogram_quantile(one, 3, 0.5), 30 + 10.0 / 3, 1e-12, "the middle is a third into the last");
	is_near(statistics_histogram_quantile(one, 3, 0.999999), 40, 1e-4, "all are below its upper edge");
	is_near(statistics_histogram_max(one, 3), 40, 0, "which is the largest");
	is_near(statistics_histogram_max(two, 4), 80, 0, "an empty bucket holds no largest");
	ok(isnan(statistics_histogram_quantile(one + 1, 1, 0.5)) && isnan(statistics_histogram_max(one + 1, 1)), "an empty one has neither");

	is_int(statistics_histogram_merge(&sum, &n, one, 3), 0, "one is merged");
	is_int(statistics_histogram_merge(&sum, &n, two, 4), 0, "and the other");
	is_int((long long)n, 6, "buckets with the same edges become one");
	is_int((long long)statistics_histogram_count(sum, n), 8, "no entry is lost");
	is_near(sum[0].low, 5, 0, "sorted");
	is_int((long long)sum[3].count, 4, "added up");
	is_int(statistics_histogram_merge(&sum, &n, NULL, 0), 0, "nothing may be merged");
	is_int((long long)n, 6, "and changes nothing");
	free(sum);
}

int main(void)
{
	test_median_ranks();
	test_other_ranks();
	test_coverage();
	test_cleared();
	test_intervals();
	test_precision();
	test_outliers();
	test_histograms();
	done_testing();
	return exit_status();
}

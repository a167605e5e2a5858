/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paired.c - rounds in pairs, and drawing again: against values computed elsewhere.
 *
 * p, estimate and interval of 12 pairs, the ranks and the 60 pairs: R, wilcox.test(d, conf.int = TRUE), qsignrank, and Walsh averages sorted
 * by outer(d, d, "+") / 2. The tied p: all 256 signs enumerated in Python. Bootstrap and permutation: SciPy 1.10, bootstrap((base, new),
 * method="BCa", n_resamples=400000) of new over base (that with outliers: BCa in Python with 400000 draws), and permutation_test over all 184756
 * deals.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/statistics/paired.h"
#include "analysis/statistics/resample.h"
#include "tests/tap.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void test_twelve(void)
{
	static const double d[] = {1.3, -0.4, 2.25, 0.7, 3.5, -1.1, 0.95, 1.8, 2.6, -0.15, 4.05, 0.3};
	struct two_sample_shift shift;
	double p;

	memset(&shift, 0x7f, sizeof(shift));
	paired_shift(d, 0, STATISTICS_CONFIDENCE, &shift);
	ok(shift.shift == 0 && shift.lo == 0 && shift.hi == 0 && !shift.has_interval, "an answer that is none is all zero");
	is_int(paired_shift(d, COUNT(d), STATISTICS_CONFIDENCE, &shift), 0, "the shift of 12 pairs");
	is_near(shift.shift, 1.2625, 1e-12, "is the median of the Walsh averages");
	ok(shift.has_interval, "with an interval");
	is_near(shift.lo, 0.275, 1e-12, "from the 14th");
	is_near(shift.hi, 2.4, 1e-12, "to the 14th from the end");
	is_int(paired_p(d, COUNT(d), &p), 0, "its test");
	is_near(p, 0.02099609375, 1e-14, "is exact");
	is_near(d[1], -0.4, 0, "the values are left in their order");
}

/* Values so far apart that the Walsh averages are in a known order are hard to have: the averages are written down and sorted. */
static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double walsh(const double *d, size_t n, size_t k)
{
	static double averages[500 * 501 / 2];
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i; j < n; j++)
			averages[m++] = (d[i] + d[j]) / 2.0;
	qsort(averages, m, sizeof(*averages), by_value);
	return averages[k - 1];
}

static void test_ranks(void)
{
	static const size_t fixture[][2] = {{6, 1}, {7, 3}, {8, 4}, {10, 9}, {12, 14}, {20, 53}, {30, 138}, {50, 435}, {51, 454}, {53, 494},
		{60, 649}, {80, 1211}, {100, 1955}, {500, 56290}};
	static double averages[500 * 501 / 2], d[500];

	for (size_t f = 0; f < COUNT(fixture); f++) {
		size_t n = fixture[f][0], k = fixture[f][1], m = 0;
		struct two_sample_shift shift;

		for (size_t i = 0; i < n; i++)
			d[i] = (double)((i * 7919 + 13) % 1009) - 400.0 + sqrt(2.0) * 1e-3 * (double)(i * i); /* no two averages are equal */
		for (size_t i = 0; i < n; i++)
			for (size_t j = i; j < n; j++)
				averages[m++] = (d[i] + d[j]) / 2.0;
		qsort(averages, m, sizeof(*averages), by_value);
		paired_shift(d, n, STATISTICS_CONFIDENCE, &shift);
		is_near(shift.lo, averages[k - 1], 1e-9, "%zu pairs: the interval begins at Walsh average %zu", n, k);
		is_near(shift.hi, averages[m - k], 1e-9, "and ends as far from the last");
		is_near(shift.shift, (averages[(m - 1) / 2] + averages[m / 2]) / 2.0, 1e-9, "about their median");
	}
}

/*
 * What an interval of a session that looks five times is: 99 %. Ranks by exact fractions in Python, as those at 95 % up to 50 pairs; above, the
 * normal rank is never more than the exact one (495 of 53 pairs, 1212 of 80), so that the interval covers.
 */
static void test_confidence(void)
{
	static const size_t fixture[][2] = {{8, 1}, {9, 2}, {10, 4}, {16, 20}, {24, 62}, {48, 340}};
	double d[48];
	struct two_sample_shift shift;

	for (size_t f = 0; f < COUNT(fixture); f++) {
		size_t n = fixture[f][0], k = fixture[f][1];

		for (size_t i = 0; i < n; i++)
			d[i] = (double)(i * i * i);
		paired_shift(d, n, 0.99, &shift);
		ok(shift.has_interval, "%zu pairs have an interval of 99 %%", n);
		is_near(shift.lo, walsh(d, n, k), 1e-9, "from Walsh average %zu", k);
		is_near(shift.hi, walsh(d, n, n * (n + 1) / 2 + 1 - k), 1e-9, "to as far from the last");
	}
	paired_shift(d, 7, 0.99, &shift);
	ok(!shift.has_interval, "7 pairs have none");
	paired_shift(d, 7, STATISTICS_CONFIDENCE, &shift);
	ok(shift.has_interval, "but one of 95 %%");
}

static void test_large(void)
{
	double d[60], p;

	for (int i = 0; i < 60; i++)
		d[i] = (double)((i + 1) * 37 % 101 - 42);
	is_int(paired_p(d, 60, &p), 0, "60 pairs with ties and a zero");
	is_near(p, 0.0259667676995799, 1e-12, "have a normal p");
}

static void test_edges(void)
{
	static const double tied[] = {2, -1, 1, 0, 3, 3, -2, 1, 4}, zeros[10] = {0}, bad[] = {1, NAN};
	struct two_sample_shift shift;
	double p;

	is_int(paired_p(tied, COUNT(tied), &p), 0, "ties and a zero");
	is_near(p, 0.140625, 1e-14, "have an exact p");
	is_int(paired_p(zeros, 10, &p), 0, "no difference at all");
	is_near(p, 1.0, 0, "could well be chance");
	is_int(paired_shift(zeros, 10, STATISTICS_CONFIDENCE, &shift), 0, "and its shift");
	ok(shift.has_interval && shift.lo == 0.0 && shift.hi == 0.0 && shift.shift == 0.0, "is nothing, for sure");
	is_int(paired_shift(tied, 5, STATISTICS_CONFIDENCE, &shift), 0, "5 pairs");
	ok(!shift.has_interval, "have no interval");
	is_int(paired_shift(tied, 0, STATISTICS_CONFIDENCE, &shift), -ENODATA, "no pairs: no shift");
	is_int(paired_p(tied, 0, &p), -ENODATA, "and no test");
	is_int(paired_shift(bad, 2, STATISTICS_CONFIDENCE, &shift), -EDOM, "a NaN is refused");
	is_int(paired_p(bad, 2, &p), -EDOM, "by the test, too");
}

/* A drift that is far larger than the change: pairs see the change, groups do not. */
static void test_drift(void)
{
	double base[20], new[20], d[20], paired, unpaired;

	for (int i = 0; i < 20; i++) {
		base[i] = 100.0 + 5.0 * i + 0.1 * (i * 7 % 10);
		new[i] = 103.0 + 5.0 * i + 0.1 * (i * 3 % 10);
		d[i] = new[i] - base[i];
	}
	paired_p(d, 20, &paired);
	two_sample_p(base, 20, new, 20, &unpaired);
	ok(paired < 1e-5, "a change of 3 under a drift of 100 is seen by pairs");
	ok(unpaired > 0.5, "and not by groups");
}

static const double base[] = {3.1, 2.0, 17.5, 4.4, 9.0, 2.25, 12.0, 6.6, 5.2, 7.7};
static const double new[] = {5.0, 20.5, 7.25, 18.0, 11.5, 4.9, 30.0, 9.1, 12.2, 14.9};

static void test_bootstrap(void)
{
	static const double one[] = {5, 5, 5, 5};
	static const double apart[] = {1, 2, 1.5, 2.5, 1.2, 1.9, 9}, far[] = {5, 6, 5.5, 7, 6.4, 90};
	struct statistics_interval ratio, again;

	is_int(resample_ratio(base, 10, new, 10, resample_mean, 100000, 1, &ratio), 0, "the ratio of two means");
	is_near(ratio.median, 1.9118279569892473, 1e-12, "is theirs");
	ok(ratio.has_interval, "with an interval");
	is_near(ratio.lo, 1.0914, 0.015, "from BCa's lower end");
	is_near(ratio.hi, 3.2481, 0.04, "to its upper");
	resample_ratio(base, 10, new, 10, resample_mean, 100000, 1, &again);
	ok(again.lo == ratio.lo && again.hi == ratio.hi, "one seed gives one answer");
	is_int(resample_ratio(base, 10, new, 10, resample_median, 100000, 1, &ratio), 0, "the ratio of two medians");
	is_near(ratio.median, 2.0084745762711864, 1e-12, "is theirs");
	is_near(ratio.lo, 0.9615, 0.02, "from BCa's lower end");
	is_near(ratio.hi, 4.3867, 0.1, "to its upper");
	/* outliers in both groups: the acceleration from leaving one value out moves the upper end from 28.1 to 34 if one is left out wrongly */
	is_int(resample_ratio(apart, 7, far, 6, resample_mean, 100000, 1, &ratio), 0, "the ratio of means with an outlier each");
	is_near(ratio.median, 7.323734729493892, 1e-12, "is theirs");
	is_near(ratio.lo, 1.532, 0.04, "from BCa's lower end");
	is_near(ratio.hi, 28.06, 1.0, "to its upper");
	is_int(resample_ratio(one, 4, one, 4, resample_mean, 100, 1, &ratio), 0, "values that are all the same");
	ok(!ratio.has_interval && ratio.median == 1.0, "have a ratio, but nothing to draw an interval from");
	is_int(resample_ratio(base, 0, new, 10, resample_mean, 100, 1, &ratio), -ENODATA, "no values: no ratio");
}

/* How many values differ: a draw with replacement of twenty has fewer than all, and so every draw is on one side of what the groups say. */
static double count_different(double *values, size_t n)
{
	size_t different = 0;

	for (size_t i = 0; i < n; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || values[k] == values[i];
		different += !again;
	}
	return (double)different;
}

static double count_repeated(double *values, size_t n)
{
	return (double)n + 1.0 - count_different(values, n);
}

static void test_one_sided(void)
{
	static const double same[20] = {0};
	double distinct[20];
	struct statistics_interval ratio;

	for (size_t i = 0; i < 20; i++)
		distinct[i] = (double)i;
	is_int(resample_ratio(same, 20, distinct, 20, count_different, 200, 1, &ratio), 0, "draws that are all below the ratio");
	is_near(ratio.median, 20, 0, "have a ratio");
	ok(!ratio.has_interval, "and no interval: its place among them says nothing");
	is_int(resample_ratio(same, 20, distinct, 20, count_repeated, 200, 1, &ratio), 0, "draws that are all above it");
	is_near(ratio.median, 1 / 20.0, 1e-15, "have a ratio");
	ok(!ratio.has_interval, "and none either");
}

static void test_permutation(void)
{
	static const double bad[] = {1, INFINITY};
	double p;

	is_int(resample_p(base, 10, new, 10, resample_mean, 100000, 1, &p), 0, "dealing two groups out again");
	is_near(p, 0.038905, 0.002, "by their means");
	is_int(resample_p(base, 10, new, 10, resample_median, 100000, 1, &p), 0, "and again");
	is_near(p, 0.074433, 0.003, "by their medians");
	is_int(resample_p(base, 10, base, 10, resample_mean, 999, 1, &p), 0, "a group against itself");
	is_near(p, 1.0, 0, "could well be chance");
	is_int(resample_p(bad, 2, new, 10, resample_mean, 99, 1, &p), -EDOM, "an infinity is refused");
}

int main(void)
{
	test_twelve();
	test_ranks();
	test_confidence();
	test_large();
	test_edges();
	test_drift();
	test_bootstrap();
	test_one_sided();
	test_permutation();
	done_testing();
	return exit_status();
}

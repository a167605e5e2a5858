/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * two_sample.c - shift, interval, exact test, effect size and false discovery rate, against values computed elsewhere.
 *
 * The fixtures were computed in Python with exact fractions by enumerating every way to deal the ranks out (itertools.combinations), the
 * larger distributions by the recurrence r(m, n, u) = r(m, n - 1, u) + r(m - 1, n, u - n) on integers.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/statistics/two_sample.h"
#include "tests/tap.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const double plain_base[] = {3.1, -2.0, 17.5, 4.4, 9.0, 0.25, 12.0, 6.6};
static const double plain_new[] = {5.0, 20.5, 7.25, 18.0, 11.5, 4.9, 30.0};
static const double tied_base[] = {10, 10, 11, 12, 12, 13};
static const double tied_new[] = {12, 12, 13, 14, 15, 15, 16};
static const double many_ties_base[] = {1, 1, 1, 2, 2, 2, 2, 3, 3, 5};
static const double many_ties_new[] = {1, 2, 2, 2, 3, 3, 3, 3, 4, 4};

static void test_shift(void)
{
	struct two_sample_shift shift;

	is_int(two_sample_shift(plain_base, 8, plain_new, 7, &shift), 0, "the shift of 7 against 8");
	is_near(shift.shift, 6.95, 1e-12, "is the median of the differences");
	ok(shift.has_interval, "with an interval");
	is_near(shift.lo, -1.7, 1e-12, "from the 11th difference");
	is_near(shift.hi, 17.75, 1e-12, "to the 11th from the end");
	is_int(two_sample_shift(tied_base, 6, tied_new, 7, &shift), 0, "the shift with ties");
	is_near(shift.shift, 2.5, 1e-12, "is the median of the differences");
	is_near(shift.lo, 0, 0, "from the 7th difference");
	is_near(shift.hi, 5, 0, "to the 7th from the end");
	is_int(two_sample_shift(plain_base, 3, plain_new, 4, &shift), 0, "the shift of 4 against 3");
	ok(!shift.has_interval, "has no interval");
	is_int(two_sample_shift(plain_base, 3, plain_new, 5, &shift), 0, "the shift of 5 against 3");
	ok(shift.has_interval, "has one");
	is_near(plain_base[2], 17.5, 0, "the values are left in their order");
}

/* base is 0, so that the differences are m times new: the bounds tell the rank. */
static void test_ranks(void)
{
	static const size_t fixture[][3] = {{4, 4, 1}, {3, 5, 1}, {5, 5, 3}, {6, 6, 6}, {5, 8, 7}, {8, 8, 14}, {10, 10, 24}, {15, 15, 65},
		{20, 20, 128}, {12, 20, 70}, {20, 10, 56}};

	for (size_t f = 0; f < COUNT(fixture); f++) {
		size_t m = fixture[f][0], n = fixture[f][1], k = fixture[f][2];
		double base[20], new[20];
		struct two_sample_shift shift;

		/* every difference is another integer, 1 ... mn */
		for (size_t i = 0; i < m; i++)
			base[i] = -(double)i;
		for (size_t j = 0; j < n; j++)
			new[j] = (double)(1 + m * j);
		two_sample_shift(base, m, new, n, &shift);
		is_near(shift.lo, (double)k, 0, "%zu against %zu: the interval begins at difference %zu", m, n, k);
		is_near(shift.hi, (double)(m * n + 1 - k), 0, "and ends as far from the last");
	}
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The walks against all differences, written down and sorted; with ties, and with groups of unlike size. */
static void test_selection(void)
{
	static double differences[60 * 60];
	unsigned seed = 12345, wrong = 0;

	for (unsigned trial = 0; trial < 300; trial++) {
		double base[60], new[60], median;
		struct two_sample_shift shift;
		size_t m = 1 + trial % 60, n = 1 + (trial * 7) % 60, pairs = m * n;
		unsigned range = trial % 3 ? 1000000 : 9;

		for (size_t i = 0; i < m; i++)
			base[i] = (double)((seed = seed * 1103515245u + 12345u) >> 8 & 0xffffff) / 16777216.0 * range;
		for (size_t j = 0; j < n; j++)
			new[j] = (double)((seed = seed * 1103515245u + 12345u) >> 8 & 0xffffff) / 16777216.0 * range + range / 5;
		for (size_t i = 0; i < m && range == 9; i++)
			base[i] = floor(base[i]);
		for (size_t j = 0; j < n && range == 9; j++)
			new[j] = floor(new[j]);
		for (size_t i = 0; i < m; i++)
			for (size_t j = 0; j < n; j++)
				differences[i * n + j] = new[j] - base[i];
		qsort(differences, pairs, sizeof(*differences), by_value);
		median = pairs % 2 ? differences[pairs / 2] : (differences[pairs / 2 - 1] + differences[pairs / 2]) / 2.0;
		wrong += two_sample_shift(base, m, new, n, &shift) || shift.shift != median;
	}
	is_int(wrong, 0, "300 medians of differences are those of all differences sorted");
}

static void test_exact_p(void)
{
	double p, base[20], new[20];

	is_int(two_sample_p(plain_base, 8, plain_new, 7, &p), 0, "the test without ties");
	is_near(p, 604.0 / 6435, 1e-12, "is exact");
	two_sample_p(plain_new, 7, plain_base, 8, &p);
	is_near(p, 604.0 / 6435, 1e-12, "and the same the other way round");
	two_sample_p(tied_base, 6, tied_new, 7, &p);
	is_near(p, 5.0 / 286, 1e-12, "with ties");
	two_sample_p(many_ties_base, 10, many_ties_new, 10, &p);
	is_near(p, 10958.0 / 46189, 1e-12, "with many ties");
	two_sample_p(tied_base, 6, tied_base, 6, &p);
	is_near(p, 1, 1e-12, "a group against itself");
	for (size_t i = 0; i < 20; i++) {
		base[i] = (double)i;
		new[i] = (double)i + 100;
	}
	two_sample_p(base, 20, new, 20, &p);
	is_near(p, 1.4508889103849688e-11, 1e-22, "20 against 20, wholly apart: 2 of the C(40, 20) ways");
}

static void test_large(void)
{
	double base[25], new[30], same[30], p;
	struct two_sample_shift shift;

	for (int i = 0; i < 25; i++)
		base[i] = (7 * i * i + 3 * i) % 41;
	for (int j = 0; j < 30; j++) {
		new[j] = (5 * j * j + 11 * j) % 43 + 6;
		same[j] = 1;
	}
	is_int(two_sample_p(base, 25, new, 30, &p), 0, "30 against 25");
	is_near(p, 0.02851731644310531, 1e-12, "is normal, with corrections for ties and continuity");
	two_sample_shift(base, 25, new, 30, &shift);
	is_near(shift.shift, 9, 0, "the shift is that of the differences");
	is_near(shift.lo, 1, 0, "from the 259th of them");
	is_near(shift.hi, 16, 0, "to the 259th from the end");
	two_sample_p(same, 30, same, 25, &p);
	is_near(p, 1, 0, "what is all equal does not differ");
	/* as many pairs above as below: the continuity correction must not take p beyond 1 */
	for (int i = 0; i < 25; i++)
		base[i] = i < 12 ? -1 - i : i == 12 ? 0 : i - 12;
	for (int j = 0; j < 30; j++)
		new[j] = j % 2 ? 100 + j : -100 - j;
	two_sample_p(base, 25, new, 30, &p);
	is_near(p, 1, 0, "30 against 25 with the middle in common: p is 1 and not more");
}

static void test_delta(void)
{
	double delta;

	two_sample_delta(plain_base, 8, plain_new, 7, &delta);
	is_near(delta, 15.0 / 28, 1e-12, "Cliff's delta");
	two_sample_delta(tied_base, 6, tied_new, 7, &delta);
	is_near(delta, 11.0 / 14, 1e-12, "with ties");
	two_sample_delta(tied_new, 7, tied_base, 6, &delta);
	is_near(delta, -11.0 / 14, 1e-12, "the other way round it is the negative");
}

static void test_false_discovery(void)
{
	static const double p[] = {0.001, 0.8, 0.012, 0.013, 0.04, 0.2};
	static const double want[] = {0.006, 0.8, 0.026, 0.026, 0.06, 0.24};
	static const double no[] = {0.5, NAN}, above[] = {0.5, 1.0000001}, below[] = {-0.0000001, 0.5}, edges[] = {0, 1};
	double q[6];

	is_int(two_sample_false_discovery(p, 6, q), 0, "the false discovery rates of six tests");
	for (size_t i = 0; i < 6; i++)
		is_near(q[i], want[i], 1e-12, "p = %g", p[i]);
	memcpy(q, p, sizeof(q));
	two_sample_false_discovery(q, 6, q);
	is_near(q[2], 0.026, 1e-12, "in place, too");
	is_int(two_sample_false_discovery(no, 2, q), -EDOM, "NaN is no probability");
	is_int(two_sample_false_discovery(above, 2, q), -EDOM, "what is above 1 is none");
	is_int(two_sample_false_discovery(below, 2, q), -EDOM, "and what is below 0 is none");
	is_int(two_sample_false_discovery(edges, 2, q), 0, "0 and 1 are");
	ok(q[0] == 0 && q[1] == 1, "and stay what they are");
	is_int(two_sample_false_discovery(p, 0, q), -ENODATA, "no tests, no rates");
}

static void test_errors(void)
{
	static const double bad[] = {1, INFINITY};
	struct two_sample_shift shift;
	double value;

	is_int(two_sample_shift(tied_base, 0, tied_new, 7, &shift), -ENODATA, "without values there is no shift");
	is_int(two_sample_shift(tied_base, 6, bad, 2, &shift), -EDOM, "infinity is refused");
	is_int(two_sample_p(tied_base, 6, tied_new, 0, &value), -ENODATA, "without values there is no test");
	is_int(two_sample_delta(bad, 2, tied_new, 7, &value), -EDOM, "infinity is refused there, too");
}

int main(void)
{
	test_shift();
	test_ranks();
	test_selection();
	test_exact_p();
	test_large();
	test_delta();
	test_false_discovery();
	test_errors();
	done_testing();
	return exit_status();
}

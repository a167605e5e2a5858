/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * legs.c - the rules by which benchmarks that repeat make one value of several: medians of two legs, and what is dropped; quantiles.
 */
#include "config.h"

#include <string.h>

#include "bench/legs.h"
#include "tests/tap.h"

static bool resolves(struct legs legs, double *ns)
{
	return legs_difference(&legs, ns);
}

static void test_legs(void)
{
	double ns;

	ok(resolves((struct legs){{100, 101, 99, 100, 102}, {400, 401, 399, 400, 402}}, &ns), "legs that are apart count");
	is_near(ns, 300, 0, "the difference is that of the medians");
	ok(resolves((struct legs){{100, 9000, 99, 100, 102}, {400, 401, 20, 400, 402}}, &ns),
		"one of five that is far off on either side changes nothing");
	is_near(ns, 300, 0, "not even a little");
	ok(!resolves((struct legs){{100, 101, 99, 100, 102}, {100, 101, 99, 100, 102}}, &ns), "legs of the same times do not count");
	ok(!resolves((struct legs){{400, 401, 399, 400, 402}, {100, 101, 99, 100, 102}}, &ns), "a longer leg that was shorter does not");
	/* Single differences of these are -60, 1, 90: the third would be a bandwidth, the second an impossible one. */
	ok(!resolves((struct legs){{100, 150, 110, 160, 120}, {160, 110, 111, 120, 170}}, &ns), "nor do legs that overlap");
	/* Sorted: 100 110 120 130 140 and 120 125 131 200 210; quartiles 110, 130 and 125, 200. */
	ok(!resolves((struct legs){{100, 110, 120, 130, 140}, {120, 125, 131, 200, 210}}, &ns), "whose quartiles do");
	ok(resolves((struct legs){{100, 110, 120, 130, 140}, {120, 131, 131, 200, 210}}, &ns), "those whose quartiles are apart count");
}

static void test_quantiles(void)
{
	double odd[] = {5, 1, 4, 2, 3}, even[] = {4, 1, 3, 2}, one[] = {7};

	is_near(repeat_median(odd, 5), 3, 0, "the median of five is the third");
	is_near(repeat_median(even, 4), 2.5, 0, "of four the mean of the two in the middle");
	is_near(repeat_median(one, 1), 7, 0, "of one itself");
	is_near(repeat_quantile(odd, 5, 0.25), 2, 0, "the lower quartile of five is the second");
	is_near(repeat_quantile(odd, 5, 0.75), 4, 0, "the upper one the fourth");
	is_near(repeat_quantile(odd, 5, 1), 5, 0, "all of them lie below the largest");
}

int main(void)
{
	test_legs();
	test_quantiles();
	done_testing();
	return exit_status();
}

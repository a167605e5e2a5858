/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_levels.c - how short a level may be between two changes of level, which docs/method.md states: the limit of a test by permutations.
 */
#include "config.h"

#include <stdlib.h>

#include <gsl/gsl_randist.h>

#include "analysis/statistics/change_points.h"
#include "tests/tap.h"

#define LONGEST 12

/* Five changes of 30 to 100 %, so many values apart; how many are found, or -1. */
static long long find_five(size_t apart)
{
	static const double factors[] = {1.0, 1.3, 0.8, 1.4, 0.7, 1.3};
	const struct change_points_options any = {.seed = 1};
	double values[6 * LONGEST];
	struct change_point *points = NULL;
	size_t n = 6 * apart, n_points = 0;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	int err;

	if (rng == NULL)
		return -1;
	gsl_rng_set(rng, 3);
	for (size_t i = 0; i < n; i++)
		values[i] = 4000.0 * factors[i / apart] * (1.0 + gsl_ran_gaussian(rng, 0.01));
	gsl_rng_free(rng);
	err = change_points_find(values, n, &any, &points, &n_points);
	free(points);
	return err == 0 ? (long long)n_points : -1;
}

int main(void)
{
	is_int(find_five(LONGEST), 5, "levels of 12 values are told apart, however they alternate");
	is_int(find_five(7), 0, "levels of 7 values are too short to be sure among so many splits, however large the steps are");
	done_testing();
	return exit_status();
}

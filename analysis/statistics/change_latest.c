/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_latest.c - finds changes in the latest values, which are too few for windows; see change_finder.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "analysis/statistics/change_finder.h"

#define MAD_SIGMA 1.4826
#define QUICK	  2.0 /* deviations below which no limit can be reached */

/* ---- the latest values ----------------------------------------------------------------------------------- */

/* The latest level, for a quick check that avoids most tests: cumulative sums of its values' distances from their median, in deviations. */
struct latest {
	size_t first;
	bool steady; /* most values are equal: the deviation is 0 */
	double *sums;
};

static int look_at_latest(const struct finder *finder, size_t first, struct latest *latest)
{
	size_t n = finder->n - first;
	double *work = calloc(2 * n + 1, sizeof(*work)), median, sigma;

	*latest = (struct latest){.first = first, .sums = work};
	if (work == NULL)
		return -ENOMEM;
	memcpy(work, finder->values + first, n * sizeof(*work));
	median = gsl_stats_median(work, 1, n);
	for (size_t i = 0; i < n; i++)
		work[i] = fabs(finder->values[first + i] - median);
	sigma = MAD_SIGMA * gsl_stats_median(work, 1, n);
	latest->steady = sigma <= 0.0;
	work[0] = 0.0;
	for (size_t i = 0; i < n && !latest->steady; i++)
		work[i + 1] = work[i] + fmin(fmax((finder->values[first + i] - median) / sigma, -LEVEL_SHIFT_SIGMA), LEVEL_SHIFT_SIGMA);
	return 0;
}

static bool may_stand_out(const struct latest *latest, size_t n, size_t k)
{
	if (n - k < latest->first || latest->steady)
		return true;
	n -= latest->first;
	return fabs(latest->sums[n] - latest->sums[n - k]) > QUICK * sqrt((double)k);
}

/* The last change before a position: the first value of the level there. */
static size_t level_before(const struct finder *finder, size_t at)
{
	size_t first = 0;

	for (size_t i = 0; i < finder->n_candidates && finder->candidates[i].at < at; i++)
		first = finder->candidates[i].at;
	return first;
}

static bool is_near(const struct finder *finder, size_t at)
{
	for (size_t i = 0; i < finder->n_candidates; i++)
		if (finder->candidates[i].at + CHANGE_POINTS_LATEST >= at && finder->candidates[i].at <= at + CHANGE_POINTS_LATEST)
			return true;
	return false;
}

/* Whether the last k values stood out when there were only n values. */
static bool stood_out(const struct finder *finder, size_t n, size_t k)
{
	size_t at = n - k, first = level_before(finder, at);
	struct level_shift shift;

	if (at - first < CHANGE_POINTS_BACK_MIN)
		return false;
	if (at - first > LEVEL_SHIFT_LONGEST - k)
		first = at - (LEVEL_SHIFT_LONGEST - k);
	level_shift_test(finder->values + first, n - first, at - first, finder->options->rho, &shift);
	return finder_p_of(finder, shift.p, k) < finder->limit;
}

/*
 * Checks the latest values, and those before them as if they were the latest: a change that has been reported once does not vanish because the
 * next value is a little closer, but only if the values that follow make it unlikely.
 */
int finder_look_back(struct finder *finder)
{
	size_t first = finder->n > CHANGE_POINTS_REPLAYED ? finder->n - CHANGE_POINTS_REPLAYED : 0;
	size_t most = finder->n < CHANGE_POINTS_SURE ? finder->n / 2 : CHANGE_POINTS_LATEST;
	struct latest latest;
	int err = look_at_latest(finder, level_before(finder, finder->n), &latest);

	if (first < CHANGE_POINTS_BACK_MIN)
		first = CHANGE_POINTS_BACK_MIN;
	for (size_t n = first + 1; n <= finder->n && err == 0; n++)
		for (size_t k = 1; k <= most && k + CHANGE_POINTS_BACK_MIN <= n && err == 0; k++)
			if (may_stand_out(&latest, n, k) && !is_near(finder, n - k) && stood_out(finder, n, k)) {
				err = finder_add(finder, n - k, 0.0, true);
				finder_join(finder);
			}
	free(latest.sums);
	return err;
}

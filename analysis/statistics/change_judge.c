/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_judge.c - decides which candidates are changes, by significance and size; see change_finder.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "analysis/statistics/change_finder.h"
#include "analysis/statistics/e_divisive.h"

#define SEGMENT	  CHANGE_POINTS_SEGMENT
#define REACH	  (LEVEL_SHIFT_LONGEST / 2) /* values on each side that the final test uses */
#define MAD_SIGMA 1.4826
#define WITHIN	  0.1  /* share of the error rate for each level of a series that changes */
#define LATEST	  0.6  /* share of the error rate for the latest splits, */
#define RECENT	  0.25 /* for the recent ones before; the rest is for all others */

/* ---- the final test -------------------------------------------------------------------------------------- */

/* The values around a candidate extend to its neighbours. */
static size_t begin_of(const struct finder *finder, size_t i)
{
	return i ? finder->candidates[i - 1].at : 0;
}

static size_t end_of(const struct finder *finder, size_t i)
{
	return i + 1 < finder->n_candidates ? finder->candidates[i + 1].at : finder->n;
}

double finder_p_of(const struct finder *finder, double p, size_t k)
{
	if (k <= CHANGE_POINTS_LATEST)
		p *= finder->times_latest;
	else
		p *= k <= CHANGE_POINTS_RECENT ? finder->times_recent : finder->times_old;
	return fmin(p, 1.0);
}

/* A change is where Q is largest between the neighbours, within a window on each side; all values between them decide its significance. */
static void test_candidate(struct finder *finder, size_t i)
{
	struct candidate *candidate = &finder->candidates[i];
	size_t first = begin_of(finder, i), end = end_of(finder, i), near_first = first, near_end = end, split = 0;
	struct level_shift shift;

	if (candidate->at - first > CHANGE_POINTS_WINDOW)
		near_first = candidate->at - CHANGE_POINTS_WINDOW;
	if (end - candidate->at > CHANGE_POINTS_WINDOW)
		near_end = candidate->at + CHANGE_POINTS_WINDOW;
	candidate->q = e_divisive_split(finder->values + near_first, near_end - near_first, &split);
	if (split && !candidate->raised)
		candidate->at = near_first + split;
	if (candidate->at - first > REACH)
		first = candidate->at - REACH;
	if (end - candidate->at > REACH)
		end = candidate->at + REACH;
	level_shift_test(finder->values + first, end - first, candidate->at - first, finder->options->rho, &shift);
	candidate->p =
		finder->levels ? fmin(shift.p * (double)(end - first - 1) / WITHIN, 1.0) : finder_p_of(finder, shift.p, finder->n - candidate->at);
	candidate->tested = true;
}

static double limit_for(const struct finder *finder, const struct candidate *candidate)
{
	return candidate->raised ? fmin(finder->limit * CHANGE_POINTS_STAYS, CHANGE_POINTS_STAYS_P) : finder->limit;
}

/* Levels may be long: the median is selected, without sorting. */
int change_points_level(const double *values, size_t n, double *median)
{
	double *copy = malloc(n * sizeof(*copy));

	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, values, n * sizeof(*copy));
	*median = gsl_stats_median(copy, 1, n);
	free(copy);
	return 0;
}

/*
 * Estimates how far off the position may be, from the ratio of step to noise: 99 of 100 steps of k deviations are found within
 * about 8 / k^2 values (simulated).
 */
static int estimate_position_error(const struct finder *finder, size_t i, struct change_point *point)
{
	size_t at = finder->candidates[i].at, first = begin_of(finder, i), end = end_of(finder, i);
	double *off = calloc(end - first, sizeof(*off)), sigma, step = fabs(point->after - point->before);

	if (off == NULL)
		return -ENOMEM;
	for (size_t v = first; v < end; v++)
		off[v - first] = fabs(finder->values[v] - (v < at ? point->before : point->after));
	sigma = MAD_SIGMA * gsl_stats_median(off, 1, end - first);
	point->around = fmin(CHANGE_POINTS_AROUND + (step > 0.0 ? 8.0 * pow(sigma / step, 2) : 0.0), CHANGE_POINTS_AROUND_MOST);
	free(off);
	return 0;
}

int finder_describe(const struct finder *finder, size_t i, struct change_point *point)
{
	const struct candidate *candidate = &finder->candidates[i];
	size_t first = begin_of(finder, i);
	int err = change_points_level(finder->values + first, candidate->at - first, &point->before);

	point->at = candidate->at;
	point->p = candidate->p;
	point->q = candidate->q;
	if (err == 0)
		err = change_points_level(finder->values + candidate->at, end_of(finder, i) - candidate->at, &point->after);
	if (err == 0)
		err = estimate_position_error(finder, i, point);
	return err;
}

/* Its position changed, and so did the extent of its neighbours. */
static void position_changed(struct finder *finder, size_t i)
{
	for (size_t c = i ? i - 1 : 0; c <= i + 1 && c < finder->n_candidates; c++)
		finder->candidates[c].sized = false;
}

/* The candidate with the largest p above its limit; n_candidates if there is none. */
static size_t find_unsure(struct finder *finder)
{
	size_t unsure = finder->n_candidates;
	double p = 0.0;

	for (size_t i = 0; i < finder->n_candidates; i++) {
		if (!finder->candidates[i].tested) {
			test_candidate(finder, i);
			position_changed(finder, i);
		}
		if (finder->candidates[i].sure || finder->candidates[i].p < limit_for(finder, &finder->candidates[i]) || finder->candidates[i].p <= p)
			continue;
		p = finder->candidates[i].p;
		unsure = i;
	}
	return unsure;
}

/* The smallest change below the required size; n_candidates if there is none. */
static int find_small(struct finder *finder, size_t *small)
{
	double size_pct = finder->options->min_change_pct;
	int err = 0;

	*small = finder->n_candidates;
	for (size_t i = 0; i < finder->n_candidates && err == 0; i++) {
		struct candidate *candidate = &finder->candidates[i];
		struct change_point point;

		if (!candidate->sized) {
			err = finder_describe(finder, i, &point);
			candidate->size_pct = fabs(change_points_pct(&point));
			candidate->sized = true;
		}
		if (candidate->size_pct >= size_pct)
			continue;
		size_pct = candidate->size_pct;
		*small = i;
	}
	return err;
}

/* Takes as many tests as there are candidates, and two more for each that is removed. */
int finder_remove_weak(struct finder *finder)
{
	for (;;) {
		size_t weakest = find_unsure(finder);
		int err = 0;

		if (weakest == finder->n_candidates)
			err = find_small(finder, &weakest);
		if (err != 0 || weakest == finder->n_candidates)
			return err;
		finder->n_candidates--;
		memmove(&finder->candidates[weakest], &finder->candidates[weakest + 1],
			(finder->n_candidates - weakest) * sizeof(*finder->candidates));
		if (weakest)
			finder->candidates[weakest - 1].tested = false;
		if (weakest < finder->n_candidates)
			finder->candidates[weakest].tested = false;
		position_changed(finder, weakest);
	}
}

static bool is_among(const struct candidate *candidates, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (candidates[i].at + SEGMENT > at && candidates[i].at < at + SEGMENT)
			return true;
	return false;
}

/*
 * First what is significant among all splits of the series. If nothing is, there is no change: many weak candidates do not make each other
 * likelier. If something is, the others are judged again, each among the splits between its neighbours.
 */
int finder_choose(struct finder *finder)
{
	size_t n = finder->n_candidates, n_sure;
	struct candidate *all = malloc(n * sizeof(*all) + 1), *sure = NULL;
	int err = all != NULL ? 0 : -ENOMEM;

	if (err == 0) {
		if (n)
			memcpy(all, finder->candidates, n * sizeof(*all));
		err = finder_remove_weak(finder);
	}
	if (err == 0 && finder->n_candidates && finder->n_candidates < n) {
		sure = finder->candidates;
		n_sure = finder->n_candidates;
		finder->candidates = all;
		finder->n_candidates = finder->capacity = n;
		all = NULL;
		for (size_t i = 0; i < n; i++)
			finder->candidates[i].sure = is_among(sure, n_sure, finder->candidates[i].at);
		finder->levels = true;
		err = finder_remove_weak(finder);
		finder->levels = false;
	}
	free(all);
	free(sure);
	return err;
}

/* ---- significance ---------------------------------------------------------------------------------------- */

/*
 * The factor from p of a single split to p over all splits with `least` to `most` values after them: not the number of these splits,
 * but the number of those that could be significant at all (Tarone 1990). What too few values cannot show, they cannot show by chance either.
 */
static double times_for(size_t n, size_t least, size_t most, double limit)
{
	size_t times = 1, able;

	for (;; times++) {
		able = 0;
		for (size_t k = least; k <= most && able <= times; k++)
			able += level_shift_least(n < LEVEL_SHIFT_LONGEST ? n : LEVEL_SHIFT_LONGEST, k < n - k ? k : n - k) <= limit / (double)times;
		if (able <= times)
			return (double)times;
	}
}

/* The latest splits have their own share of the error rate: that is where a new change is. */
void finder_share_chance(struct finder *finder)
{
	size_t n = finder->n;

	if (n < CHANGE_POINTS_SURE) {
		finder->times_latest = finder->times_recent = finder->times_old = times_for(n, 1, n - 1, finder->limit);
		return;
	}
	finder->times_latest = times_for(n, 1, CHANGE_POINTS_LATEST, finder->limit * LATEST) / LATEST;
	finder->times_recent = (double)(CHANGE_POINTS_RECENT - CHANGE_POINTS_LATEST) / RECENT;
	finder->times_old = (double)(n - 1 - CHANGE_POINTS_RECENT) / (1.0 - LATEST - RECENT);
}

double change_points_rho(double *correlations, size_t n, size_t values)
{
	double unsure = values ? 2.0 / sqrt((double)values) : 1.0;

	return n ? fmin(fmax(gsl_stats_median(correlations, 1, n) - unsure, 0.0), 0.99) : 0.0;
}

size_t change_points_needs(double p)
{
	size_t n = CHANGE_POINTS_BACK_MIN + 1;

	while (n < LEVEL_SHIFT_LONGEST && level_shift_least(n, n / 2) * times_for(n, 1, n - 1, p) >= p)
		n++;
	return n;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_points.c - where a series of values changed its level; see change_points.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "analysis/change_points.h"
#include "analysis/e_divisive.h"

#define SEGMENT CHANGE_POINTS_SEGMENT
#define REACH	CHANGE_POINTS_WINDOW /* values on each side that the last test looks at */
#define STEP	(CHANGE_POINTS_WINDOW / 2)

struct candidate {
	size_t at;
	double q, p;
	double size_pct;
	bool tested, sized; /* q and p, size_pct are those of the neighbours that it has now */
};

struct finder {
	const double *values;
	size_t n;
	const struct change_points_options *options;
	double limit; /* of p */
	struct e_divisive test;
	struct candidate *candidates;
	size_t n_candidates, room;
};

/* ---- candidates ------------------------------------------------------------------------------------------ */

static int add_candidate(struct finder *finder, size_t at, double q)
{
	if (finder->n_candidates == finder->room) {
		size_t room = finder->room ? 2 * finder->room : 16;
		struct candidate *candidates = reallocarray(finder->candidates, room, sizeof(*candidates));

		if (!candidates)
			return -ENOMEM;
		finder->candidates = candidates;
		finder->room = room;
	}
	finder->candidates[finder->n_candidates++] = (struct candidate){.at = at, .q = q};
	return 0;
}

/* Splits the window, then what is on both sides, as long as it stands out. */
static int split_window(struct finder *finder, size_t first, size_t n)
{
	size_t split, end;
	double q;
	int err;

	if (n < 2 * SEGMENT || !e_divisive_stands_out(&finder->test, finder->values, first, n) ||
		!e_divisive_best(finder->values + first, n, &split, &end, &q))
		return 0;
	err = add_candidate(finder, first + split, q);
	if (!err)
		err = split_window(finder, first, split);
	if (!err)
		err = split_window(finder, first + split, n - split);
	return err;
}

static int split_all(struct finder *finder)
{
	size_t first = 0, n;
	int err;

	do {
		n = finder->n - first < CHANGE_POINTS_WINDOW ? finder->n - first : CHANGE_POINTS_WINDOW;
		err = split_window(finder, first, n);
		first += STEP;
	} while (!err && first - STEP + n < finder->n);
	return err;
}

static int by_place(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->q < y->q) - (x->q > y->q);
}

/* Two windows see one change, and may put it a little apart: of candidates closer than a segment the better one stays. */
static void join_neighbours(struct finder *finder)
{
	struct candidate *candidates = finder->candidates;
	size_t kept = 0;

	if (!finder->n_candidates)
		return;
	qsort(candidates, finder->n_candidates, sizeof(*candidates), by_place);
	for (size_t i = 1; i < finder->n_candidates; i++) {
		if (candidates[i].at - candidates[kept].at >= SEGMENT)
			candidates[++kept] = candidates[i];
		else if (candidates[i].q > candidates[kept].q)
			candidates[kept] = candidates[i];
	}
	finder->n_candidates = kept + 1;
}

/* ---- the last test --------------------------------------------------------------------------------------- */

/* Where the values around a candidate begin and end: at its neighbours. */
static size_t begin_of(const struct finder *finder, size_t i)
{
	return i ? finder->candidates[i - 1].at : 0;
}

static size_t end_of(const struct finder *finder, size_t i)
{
	return i + 1 < finder->n_candidates ? finder->candidates[i + 1].at : finder->n;
}

/* The best split of what lies between the neighbours, up to REACH on each side: that is where the change is, and how sure. */
static void test_candidate(struct finder *finder, size_t i)
{
	struct candidate *candidate = &finder->candidates[i];
	size_t first = begin_of(finder, i), end = end_of(finder, i), split = 0;

	if (candidate->at - first > REACH)
		first = candidate->at - REACH;
	if (end - candidate->at > REACH)
		end = candidate->at + REACH;
	candidate->q = e_divisive_split(finder->values + first, end - first, &split);
	candidate->p = e_divisive_p(&finder->test, finder->values, first, end - first, finder->limit);
	candidate->tested = true;
	if (split)
		candidate->at = first + split;
}

/* Levels may be long: the middle is selected, not sorted for. */
static int median_of(const double *values, size_t n, double *median)
{
	double *copy = malloc(n * sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, values, n * sizeof(*copy));
	*median = gsl_stats_median(copy, 1, n);
	free(copy);
	return 0;
}

static int describe(const struct finder *finder, size_t i, struct change_point *point)
{
	const struct candidate *candidate = &finder->candidates[i];
	size_t first = begin_of(finder, i);
	int err = median_of(finder->values + first, candidate->at - first, &point->before);

	point->at = candidate->at;
	point->p = candidate->p;
	point->q = candidate->q;
	return err ? err : median_of(finder->values + candidate->at, end_of(finder, i) - candidate->at, &point->after);
}

/* Neither its place nor that of a neighbour is what it was. */
static void place_changed(struct finder *finder, size_t i)
{
	for (size_t c = i ? i - 1 : 0; c <= i + 1 && c < finder->n_candidates; c++)
		finder->candidates[c].sized = false;
}

/* The largest p that is not small enough; n_candidates where all are. */
static size_t find_unsure(struct finder *finder)
{
	size_t unsure = finder->n_candidates;
	double p = 0.0;

	for (size_t i = 0; i < finder->n_candidates; i++) {
		if (!finder->candidates[i].tested) {
			test_candidate(finder, i);
			place_changed(finder, i);
		}
		if (finder->candidates[i].p < finder->limit || finder->candidates[i].p <= p)
			continue;
		p = finder->candidates[i].p;
		unsure = i;
	}
	return unsure;
}

/* The smallest change that is not large enough; n_candidates where all are. */
static int find_small(struct finder *finder, size_t *small)
{
	double size_pct = finder->options->min_change_pct;
	int err = 0;

	*small = finder->n_candidates;
	for (size_t i = 0; i < finder->n_candidates && !err; i++) {
		struct candidate *candidate = &finder->candidates[i];
		struct change_point point;

		if (!candidate->sized) {
			err = describe(finder, i, &point);
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

/* What is left of a series of many candidates takes as many tests as there are candidates, and two more for each that goes. */
static int remove_weak(struct finder *finder)
{
	for (;;) {
		size_t weakest = find_unsure(finder);
		int err = 0;

		if (weakest == finder->n_candidates)
			err = find_small(finder, &weakest);
		if (err || weakest == finder->n_candidates)
			return err;
		finder->n_candidates--;
		memmove(&finder->candidates[weakest], &finder->candidates[weakest + 1],
			(finder->n_candidates - weakest) * sizeof(*finder->candidates));
		if (weakest)
			finder->candidates[weakest - 1].tested = false;
		if (weakest < finder->n_candidates)
			finder->candidates[weakest].tested = false;
		place_changed(finder, weakest);
	}
}

/* ---- a few values ---------------------------------------------------------------------------------------- */

/* All of values[at..] beyond so many sigma of those before, on one side. */
static bool is_beyond(const double *values, size_t n, size_t at)
{
	double mean = 0.0, variance = 0.0, reach;
	bool above = true, below = true;

	for (size_t i = 0; i < at; i++)
		mean += values[i] / (double)at;
	for (size_t i = 0; i < at; i++)
		variance += (values[i] - mean) * (values[i] - mean) / (double)(at - 1);
	reach = CHANGE_POINTS_SIGMA * sqrt(variance);
	for (size_t i = at; i < n; i++) {
		above &= values[i] > mean + reach;
		below &= values[i] < mean - reach;
	}
	return above || below;
}

static int look_back(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points)
{
	struct change_point point = {.p = NAN, .q = NAN};
	int err;

	for (point.at = CHANGE_POINTS_BACK_MIN; point.at < n; point.at++)
		if (is_beyond(values, n, point.at))
			break;
	if (point.at >= n)
		return 0;
	err = median_of(values, point.at, &point.before);
	if (!err)
		err = median_of(values + point.at, n - point.at, &point.after);
	if (err || fabs(change_points_pct(&point)) < options->min_change_pct)
		return err;
	*points = malloc(sizeof(**points));
	if (!*points)
		return -ENOMEM;
	**points = point;
	*n_points = 1;
	return 0;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

double change_points_pct(const struct change_point *point)
{
	if (point->after == point->before)
		return 0.0;
	return 100.0 * (point->after - point->before) / fabs(point->before);
}

static int describe_all(const struct finder *finder, struct change_point **points, size_t *n_points)
{
	struct change_point *found;
	int err = 0;

	if (!finder->n_candidates)
		return 0;
	found = calloc(finder->n_candidates, sizeof(*found));
	if (!found)
		return -ENOMEM;
	for (size_t i = 0; i < finder->n_candidates && !err; i++)
		err = describe(finder, i, &found[i]);
	if (err) {
		free(found);
		return err;
	}
	*points = found;
	*n_points = finder->n_candidates;
	return 0;
}

int change_points_find(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points)
{
	struct finder finder = {.values = values,
		.n = n,
		.options = options,
		.limit = options->p > 0.0 ? options->p : CHANGE_POINTS_P,
		.test = {.seed = options->seed}};
	int err;

	*points = NULL;
	*n_points = 0;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return -EDOM;
	if (n < CHANGE_POINTS_MIN)
		return look_back(values, n, options, points, n_points);
	finder.test.rng = gsl_rng_alloc(gsl_rng_taus2);
	if (!finder.test.rng)
		return -ENOMEM;
	err = split_all(&finder);
	if (!err) {
		join_neighbours(&finder);
		err = remove_weak(&finder);
	}
	if (!err)
		err = describe_all(&finder, points, n_points);
	if (!err && !*n_points && n < CHANGE_POINTS_SURE)
		err = look_back(values, n, options, points, n_points);
	free(finder.candidates);
	gsl_rng_free(finder.test.rng);
	return err;
}

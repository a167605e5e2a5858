/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_points.c - finds where a series of values changed its level; see change_points.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "analysis/statistics/change_drift.h"
#include "analysis/statistics/change_finder.h"
#include "analysis/statistics/e_divisive.h"

#define SEGMENT CHANGE_POINTS_SEGMENT
#define STEP	(CHANGE_POINTS_WINDOW / 2)

/* ---- candidates ------------------------------------------------------------------------------------------ */

int finder_add(struct finder *finder, size_t at, double q, bool raised)
{
	if (finder->n_candidates == finder->capacity) {
		size_t capacity = finder->capacity ? 2 * finder->capacity : 16;
		struct candidate *candidates = reallocarray(finder->candidates, capacity, sizeof(*candidates));

		if (candidates == NULL)
			return -ENOMEM;
		finder->candidates = candidates;
		finder->capacity = capacity;
	}
	finder->candidates[finder->n_candidates++] = (struct candidate){.at = at, .q = q, .raised = raised};
	return 0;
}

/* Splits the window, then both sides of the split, as long as splits are significant. */
static int split_window(struct finder *finder, size_t first, size_t n)
{
	size_t split, end;
	double q;
	int err;

	if (n < 2 * SEGMENT || !e_divisive_stands_out(&finder->test, finder->values, first, n) ||
		!e_divisive_best(finder->values + first, n, &split, &end, &q))
		return 0;
	err = finder_add(finder, first + split, q, false);
	if (err == 0)
		err = split_window(finder, first, split);
	if (err == 0)
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
	} while (err == 0 && first - STEP + n < finder->n);
	return err;
}

static int by_position(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->q < y->q) - (x->q > y->q);
}

void finder_join(struct finder *finder)
{
	struct candidate *candidates = finder->candidates;
	size_t kept = 0;

	if (!finder->n_candidates)
		return;
	qsort(candidates, finder->n_candidates, sizeof(*candidates), by_position);
	for (size_t i = 1; i < finder->n_candidates; i++) {
		if (candidates[i].at - candidates[kept].at >= SEGMENT)
			candidates[++kept] = candidates[i];
		else if (candidates[i].q > candidates[kept].q) {
			candidates[i].raised |= candidates[kept].raised;
			candidates[kept] = candidates[i];
		} else {
			candidates[kept].raised |= candidates[i].raised;
		}
	}
	finder->n_candidates = kept + 1;
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
	if (found == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < finder->n_candidates && err == 0; i++)
		err = finder_describe(finder, i, &found[i]);
	if (err != 0) {
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
	int err = 0;

	*points = NULL;
	*n_points = 0;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return -EDOM;
	if (n <= CHANGE_POINTS_BACK_MIN)
		return 0;
	finder.test.rng = gsl_rng_alloc(gsl_rng_taus2);
	if (finder.test.rng == NULL)
		return -ENOMEM;
	finder_share_chance(&finder);
	if (n >= CHANGE_POINTS_MIN)
		err = split_all(&finder);
	if (err == 0) {
		finder_join(&finder);
		err = finder_choose(&finder);
	}
	for (size_t i = 0; i < finder.n_candidates; i++)
		finder.candidates[i].sure = true;
	if (err == 0)
		err = finder_look_back(&finder);
	if (err == 0)
		err = finder_remove_weak(&finder);
	if (err == 0)
		err = describe_all(&finder, points, n_points);
	if (err == 0)
		err = change_drift(values, n, options, points, n_points);
	free(finder.candidates);
	gsl_rng_free(finder.test.rng);
	return err;
}

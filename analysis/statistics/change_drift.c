/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_drift.c - decides between steps and drift; see change_drift.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/statistics/change_drift.h"
#include "analysis/statistics/drift.h"

#define LEAST 30   /* values a level needs before a slope is looked for: with fewer, serial correlation looks like one */
#define SHARE 0.25 /* share of a series' error rate: for the slopes of its levels */

struct levels {
	const double *values;
	size_t n;
	const struct change_points_options *options;
	const struct change_point *points; /* as found */
	size_t n_points;
	struct change_point *kept;
	size_t n_kept;
};

static size_t begin_of(const struct levels *levels, size_t level)
{
	return level ? levels->points[level - 1].at : 0;
}

static size_t end_of(const struct levels *levels, size_t level)
{
	return level < levels->n_points ? levels->points[level].at : levels->n;
}

/* Limits a level to its last DRIFT_LONGEST values. */
static size_t shorten(size_t first, size_t end)
{
	return end - first > DRIFT_LONGEST ? end - DRIFT_LONGEST : first;
}

static void keep_drift(struct levels *levels, size_t first, const struct drift *drift)
{
	double percent = 100.0 / fabs(drift->before);

	levels->kept[levels->n_kept++] = (struct change_point){.at = first + drift->from,
		.before = drift->before,
		.after = drift->after,
		.p = drift->p,
		.q = NAN,
		.drift = true,
		.end = first + drift->end,
		.slope_pct = percent * drift->slope,
		.lo_pct = percent * drift->lo,
		.hi_pct = percent * drift->hi};
}

static double limit_of(const struct levels *levels)
{
	return levels->options->p > 0.0 ? levels->options->p : CHANGE_POINTS_P;
}

static bool is_large(const struct levels *levels, const struct drift *drift)
{
	return fabs(drift->after - drift->before) * 100.0 >= levels->options->min_change_pct * fabs(drift->before);
}

static void look_for_slope(struct levels *levels, size_t level)
{
	size_t end = end_of(levels, level), first = shorten(begin_of(levels, level), end);
	struct drift drift, ramp;

	if (end - first < LEAST || !drift_line(levels->values + first, end - first, levels->options->rho, &drift) ||
		drift.p >= limit_of(levels) * SHARE / (double)(levels->n_points + 1) || !is_large(levels, &drift))
		return;
	/* it drifts for sure; the ramp tells since when */
	if (drift_ramp(levels->values + first, end - first, levels->options->rho, &ramp) && ramp.slope * drift.slope > 0.0 && is_large(levels, &ramp))
		drift = ramp;
	keep_drift(levels, first, &drift);
}

/* The residual error around the medians of levels [level, last]. */
static double error_of_levels(const struct levels *levels, size_t first, size_t level, size_t last, double *residuals)
{
	for (size_t l = level; l <= last; l++) {
		double median = l ? levels->points[l - 1].after : levels->points[0].before;
		size_t begin = begin_of(levels, l) > first ? begin_of(levels, l) : first;

		for (size_t i = begin; i < end_of(levels, l); i++)
			residuals[i - first] = levels->values[i] - median;
	}
	return drift_error(residuals, end_of(levels, last) - first);
}

/* Steps [step, last] all go in one direction: whether a ramp describes them better. */
static bool is_drift(struct levels *levels, size_t step, size_t last)
{
	size_t end = end_of(levels, last + 1), first = shorten(begin_of(levels, step), end);
	double residuals[DRIFT_LONGEST];
	struct drift drift;

	/* nothing is known about values before the last DRIFT_LONGEST */
	if (first > levels->points[step].at || !drift_ramp(levels->values + first, end - first, levels->options->rho, &drift) ||
		!is_large(levels, &drift) || drift.slope * (levels->points[last].after - levels->points[step].before) <= 0.0)
		return false;
	if (!drift_is_better(&drift, end - first, last - step + 1, error_of_levels(levels, first, step, last + 1, residuals)))
		return false;
	keep_drift(levels, first, &drift);
	return true;
}

static bool goes_up(const struct change_point *point)
{
	return point->after > point->before;
}

int change_drift(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points)
{
	struct levels levels = {.values = values, .n = n, .options = options, .points = *points, .n_points = *n_points};
	size_t last;

	if (n < DRIFT_LEAST)
		return 0;
	/* at most one per step, and one per level */
	levels.kept = calloc(2 * levels.n_points + 1, sizeof(*levels.kept));
	if (levels.kept == NULL)
		return -ENOMEM;
	look_for_slope(&levels, 0);
	for (size_t step = 0; step < levels.n_points; step = last + 1) {
		for (last = step; last + 1 < levels.n_points && goes_up(&levels.points[last + 1]) == goes_up(&levels.points[step]);)
			last++;
		/* it includes the slope of the level before */
		if (levels.n_kept && levels.kept[levels.n_kept - 1].drift && levels.kept[levels.n_kept - 1].end >= levels.points[step].at &&
			is_drift(&levels, step, last)) {
			levels.kept[levels.n_kept - 2] = levels.kept[levels.n_kept - 1];
			levels.n_kept--;
			continue;
		}
		if (is_drift(&levels, step, last))
			continue;
		for (size_t s = step; s <= last; s++) {
			levels.kept[levels.n_kept++] = levels.points[s];
			look_for_slope(&levels, s + 1);
		}
	}
	free(*points);
	*points = levels.kept;
	*n_points = levels.n_kept;
	if (!levels.n_kept) {
		free(*points);
		*points = NULL;
	}
	return 0;
}

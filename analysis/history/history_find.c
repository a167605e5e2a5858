/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_find.c - finds where a series changed, or whether its last runs are at the level of those before; see history_find.h.
 */
#include "config.h"

#include "analysis/history/history_find.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/history/history_judge.h"
#include "analysis/statistics/level_shift.h"
#include "analysis/statistics/steady.h"

/* At most HISTORY_FALSE of all checks may raise a false alarm: each series has its share of that. */
double history_limit(size_t n_series)
{
	return HISTORY_FALSE / HISTORY_SPARE / (double)n_series;
}

static double limit_of(const struct history *history)
{
	return history_limit(history->n_series);
}

/*
 * The criteria for a series without noise. Under the instruction clock, runs agree within the margin; under other clocks, values are equal, and so
 * are those of the rounds, with few exceptions.
 */
static struct steady_options steady_of(
	const struct history_options *options, const struct index_series *series, const struct history_line *line, bool *may_be)
{
	double margin_pct = history_margin_pct(options, series);
	size_t wide = 0;

	for (size_t i = 0; i < line->n; i++)
		wide += line->hi[i] - line->lo[i] > STEADY_EQUAL * fabs(line->values[i]);
	if (series->better == FS_EXACT || clock_counts_instructions(series->clock)) {
		*may_be = true;
		return (struct steady_options){.spread_pct = series->better == FS_EXACT ? 0.0 : margin_pct, .margin_pct = margin_pct};
	}
	*may_be = wide * STEADY_EVERY <= line->n;
	return (struct steady_options){.margin_pct = margin_pct};
}

/* Finds a level without noise that is followed by one with noise; *points stays NULL if there is none. */
static int find_left(const struct history_line *line, const struct steady_options *how, struct change_point **points, size_t *n)
{
	size_t at = steady_left(line->values, line->n, how);

	if (at == line->n)
		return 0;
	*points = calloc(1, sizeof(**points));
	if (*points == NULL)
		return -ENOMEM;
	*n = 1;
	**points = (struct change_point){.at = at, .before = line->values[at - 1], .p = NAN, .q = NAN, .around = CHANGE_POINTS_AROUND};
	return change_points_level(line->values + at, line->n - at, &(*points)->after);
}

int history_find(struct history *history, const struct history_options *options, const struct index_series *series, const struct history_line *line,
	struct change_point **points, size_t *n)
{
	struct change_points_options how = {
		.seed = HISTORY_SEED, .min_change_pct = history_margin_pct(options, series), .p = limit_of(history), .rho = history->rho};
	bool may_be_steady, steady = false;
	struct steady_options calm = steady_of(options, series, line, &may_be_steady);
	int err = 0;

	*points = NULL;
	*n = 0;
	if (may_be_steady)
		err = steady_find(line->values, line->n, &calm, points, n, &steady);
	if (err != 0 || steady)
		return err;
	if (may_be_steady)
		err = find_left(line, &calm, points, n);
	if (err != 0 || *points != NULL)
		return err;
	history->few += line->n < history->needs;
	return change_points_find(line->values, line->n, &how, points, n);
}

/* ---- new runs -------------------------------------------------------------------------------------------- */

/* The start of the level that the first n values end with. */
static int find_level(const struct history *history, const struct history_options *options, const struct index_series *series,
	const struct history_line *line, size_t n, size_t *first)
{
	struct change_points_options how = {
		.seed = HISTORY_SEED, .min_change_pct = history_margin_pct(options, series), .p = limit_of(history), .rho = history->rho};
	struct change_point *points;
	size_t n_points;
	int err = change_points_find(line->values, n, &how, &points, &n_points);

	*first = n_points ? points[n_points - 1].at : 0;
	/* a drifting series has no level to compare with, only its last values */
	if (n_points && points[n_points - 1].drift && points[n_points - 1].end >= n)
		*first = n > HISTORY_DRIFTING ? n - HISTORY_DRIFTING : 0;
	if (n - *first > LEVEL_SHIFT_LONGEST / 2)
		*first = n - LEVEL_SHIFT_LONGEST / 2;
	free(points);
	return err;
}

/* Compares the new values at the end with the level before them: a single test, as it is known where the change would be. */
int history_find_new(struct history *history, const struct history_options *options, const struct index_series *series,
	const struct history_line *line, size_t n_new, struct change_point **points, size_t *n)
{
	size_t old = line->n - n_new, first;
	double limit = limit_of(history);
	bool may_be_steady, steady = false;
	struct steady_options calm = steady_of(options, series, line, &may_be_steady);
	struct change_point *point;
	struct level_shift shift;
	int err = 0;

	*points = NULL;
	*n = 0;
	if (!n_new || old < STEADY_LEAST) {
		history->few += n_new > 0;
		return 0;
	}
	if (may_be_steady)
		err = steady_find(line->values, old, &calm, points, n, &steady);
	free(*points);
	*points = NULL;
	*n = 0;
	if (err == 0 && !steady)
		err = find_level(history, options, series, line, old, &first);
	else
		first = old - 1;
	point = err != 0 ? NULL : calloc(1, sizeof(*point));
	if (point == NULL)
		return err != 0 ? err : -ENOMEM;
	*point = (struct change_point){.at = old, .p = NAN, .q = NAN};
	err = change_points_level(line->values + first, old - first, &point->before);
	if (err == 0)
		err = change_points_level(line->values + old, n_new, &point->after);
	if (err == 0 && !steady) {
		level_shift_test(line->values + first, line->n - first, old - first, history->rho, &shift);
		point->p = shift.p;
		history->few += level_shift_least(line->n - first, n_new) >= limit;
	}
	if (err != 0 || (!steady && shift.p >= limit) || point->after == point->before ||
		fabs(change_points_pct(point)) < history_margin_pct(options, series)) {
		free(point);
		return err;
	}
	*points = point;
	*n = 1;
	return 0;
}

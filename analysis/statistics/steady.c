/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steady.c - series without noise; see steady.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/statistics/steady.h"

struct level {
	double least, most;
};

/* Adds a value to the level. */
static struct level widen(const struct level *level, double value)
{
	return (struct level){fmin(level->least, value), fmax(level->most, value)};
}

static double scale_of(const struct level *level)
{
	return fmax(fabs(level->least), fabs(level->most));
}

/* Whether all its values form one level. */
static bool is_one(const struct level *level, double spread_pct)
{
	return level->most - level->least <= scale_of(level) * fmax(spread_pct / 100.0, STEADY_EQUAL);
}

/* Whether a value is beyond the margin from all of the level: -1 below, 1 above, else 0. */
static int is_beyond(const struct level *level, double value, double margin_pct)
{
	double margin = scale_of(level) * fmax(margin_pct / 100.0, STEADY_EQUAL);

	return (value > level->most + margin) - (value < level->least - margin);
}

int steady_find(const double *values, size_t n, const struct steady_options *options, struct change_point **points, size_t *n_points, bool *steady)
{
	struct change_point *found = calloc(n + 1, sizeof(*found));
	struct level level = {0};
	size_t first = 0, n_found = 0;

	*points = NULL;
	*n_points = 0;
	*steady = found != NULL && n >= STEADY_LEAST;
	if (found == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n && *steady; i++) {
		struct level wider = widen(&level, values[i]);

		if (!i) {
			level = (struct level){values[0], values[0]};
		} else if (is_one(&wider, options->spread_pct)) {
			level = wider;
		} else if (is_beyond(&level, values[i], options->margin_pct)) {
			found[n_found++] = (struct change_point){.at = i, .before = values[first], .after = values[i], .p = NAN, .q = NAN};
			first = i;
			level = (struct level){values[i], values[i]};
		} else {
			*steady = false;
		}
	}
	*steady &= n_found * STEADY_EVERY <= n;
	if (*steady && n_found) {
		*points = found;
		*n_points = n_found;
	} else {
		free(found);
	}
	return 0;
}

size_t steady_left(const double *values, size_t n, const struct steady_options *options)
{
	size_t at = n, first;
	struct level level;
	int side;

	/* back over the values that lie on one side of those before */
	for (first = 0; first + STEADY_LEAST <= n; first++) {
		level = (struct level){values[first], values[first]};
		for (at = first; at < n; at++) {
			struct level wider = widen(&level, values[at]);

			if (!is_one(&wider, options->spread_pct))
				break;
			level = wider;
		}
		if (at - first >= STEADY_LEAST)
			break;
	}
	side = at < n ? is_beyond(&level, values[at], options->margin_pct) : 0;
	if (!side || at - first < STEADY_LEAST)
		return n;
	for (size_t i = at; i < n; i++)
		if (is_beyond(&level, values[i], options->margin_pct) != side)
			return n;
	return at;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_around.c - how many values early or late a change may be: two, and more where noise is large beside the step
 * (analysis/statistics/change_judge.c).
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/statistics/change_points.h"
#include "tests/tap.h"

#define HALF	  40
#define MAD_SIGMA 1.4826

/* A step from 100 to 100 + step in the middle; values are that far above or below their level in turns, so that its median deviation is known. */
static double around_of(double step, double off, struct change_point *point)
{
	const struct change_points_options options = {.seed = 1};
	struct change_point *points = NULL;
	double values[2 * HALF];
	size_t n = 0;

	for (size_t i = 0; i < 2 * HALF; i++)
		values[i] = 100 + (i < HALF ? 0 : step) + (i / 2 % 2 == 0 ? off : -off);
	is_int(change_points_find(values, 2 * HALF, &options, &points, &n), 0, "a step of %g in values that are %g off their level", step, off);
	is_int((long long)n, 1, "is one change");
	*point = n > 0 ? points[0] : (struct change_point){0};
	free(points);
	return point->around;
}

int main(void)
{
	struct change_point point;

	is_near(around_of(10, 0, &point), 2, 1e-12, "which without noise is at most two values off");
	is_int((long long)point.at, HALF, "at the first value of the new level");
	is_near(point.before, 100, 1e-12, "from the level before it");
	is_near(point.after, 110, 1e-12, "to that after it");
	is_near(around_of(10, 3, &point), 2 + 8 * pow(MAD_SIGMA * 3 / 10, 2), 1e-9, "and with noise by the square of what that is of the step");
	is_near(around_of(-10, 4, &point), 2 + 8 * pow(MAD_SIGMA * 4 / 10, 2), 1e-9, "whichever way the step goes");
	done_testing();
	return exit_status();
}

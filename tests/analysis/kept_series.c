/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kept_series.c - what is said of many made-up series, figure by figure: the changes of each, how sure they are, where the latest values left their
 * level, the line and the ramp through each, the test of a shift at each split. The figures are kept in tests/kept/series.txt: other tests check by
 * simulation and against values computed elsewhere that they are right, this one that none of them changes unseen.
 *
 * Where a change is wanted: KEEP=yes tests/analysis/kept_series, and look at each line that git diff then shows.
 */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/statistics/change_points.h"
#include "analysis/statistics/drift.h"
#include "analysis/statistics/e_divisive.h"
#include "analysis/statistics/level_shift.h"
#include "analysis/statistics/steady.h"
#include "analysis/statistics/two_sample.h"
#include "tests/tap.h"

#define MOST LEVEL_SHIFT_LONGEST

/* A generator of the test's own: the same values wherever it runs. From -1 to 1, in 2^20 steps, so that sums are exact. */
static double draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return (double)(*state >> 11) / (1 << 20) - 1.0;
}

/* n values about 100: noise, how far its neighbours are alike, a step at a place, a slope from a place on, outliers. */
struct shape {
	const char *name;
	double noise, alike, step, slope, outlier;
	size_t at, back; /* at, back: of the step, from the beginning and to where it goes back (0: never) */
	double lattice;	 /* values are multiples of that; 0: any */
};

static void fill(const struct shape *shape, uint32_t seed, double *values, size_t n)
{
	uint32_t state = seed;
	double last = 0;

	for (size_t i = 0; i < n; i++) {
		double value = 100;

		last = shape->alike * last + draw(&state) * shape->noise;
		value += last;
		if (i >= shape->at && (shape->back == 0 || i < shape->back))
			value += shape->step + shape->slope * (double)(i - shape->at);
		if (shape->outlier != 0 && i % 11 == 7)
			value += shape->outlier;
		values[i] = shape->lattice > 0 ? shape->lattice * round(value / shape->lattice) : value;
	}
}

static void put_points(FILE *out, const char *what, const double *values, size_t n, const struct change_points_options *options)
{
	struct change_point *points = NULL;
	size_t found = 0;
	int err = change_points_find(values, n, options, &points, &found);

	fprintf(out, "  %s: %d, %zu\n", what, err, found);
	for (size_t i = 0; i < found; i++) {
		const struct change_point *point = &points[i];

		fprintf(out, "    %zu: %.6g -> %.6g p=%.4g q=%.5g around %.4g", point->at, point->before, point->after, point->p, point->q,
			point->around);
		if (point->drift)
			fprintf(out, " drift to %zu by %.4g [%.4g, %.4g]", point->end, point->slope_pct, point->lo_pct, point->hi_pct);
		fputc('\n', out);
	}
	free(points);
}

static void put_drift(FILE *out, const char *what, bool is, const struct drift *drift)
{
	fprintf(out, "  %s: %s %zu..%zu %.6g -> %.6g slope %.5g [%.5g, %.5g] p=%.4g error %.5g\n", what, is ? "yes" : "no", drift->from, drift->end,
		drift->before, drift->after, drift->slope, drift->lo, drift->hi, drift->p, drift->error);
}

static void put_drifts(FILE *out, const double *values, size_t n)
{
	struct drift line = {0}, ramp = {0};
	bool is_line = drift_line(values, n, 0, &line), is_ramp = drift_ramp(values, n, 0.3, &ramp);

	put_drift(out, "line", is_line, &line);
	put_drift(out, "ramp", is_ramp, &ramp);
	fprintf(out, "  ramp against levels of error %.5g: %d %d\n", line.error, drift_is_better(&ramp, n, 1, line.error),
		drift_is_better(&ramp, n, 4, line.error * 1.05));
}

static void put_shifts(FILE *out, const double *values, size_t n)
{
	static const size_t after[] = {1, 2, 3, 4, 5, 9, 12, 30};

	for (size_t i = 0; i < sizeof(after) / sizeof(*after) && after[i] < n; i++) {
		struct level_shift shift, alike;

		level_shift_test(values, n, n - after[i], 0, &shift);
		level_shift_test(values, n, n - after[i], 0.4, &alike);
		fprintf(out, "  shift of %zu: %s p=%.5g rho=%.4g; %.5g %.4g\n", after[i], shift.up ? "up" : "down", shift.p, shift.rho, alike.p,
			alike.rho);
	}
	fprintf(out, "  correlation %.5g\n", level_shift_correlation(values, n));
}

static void put_groups(FILE *out, const double *values, size_t n)
{
	size_t half = n / 2 < 40 ? n / 2 : 40, split = 0;
	double q = e_divisive_split(values, n < E_DIVISIVE_LONGEST ? n : E_DIVISIVE_LONGEST, &split), p = -1, delta = -1;
	struct two_sample_shift shift = {0};

	fprintf(out, "  split at %zu, q=%.5g\n", split, fabs(q) > 1e-9 ? q : 0); /* a 0 that is rounded differently elsewhere */
	two_sample_shift(values, half, values + half, half, &shift);
	two_sample_p(values, half, values + half, half, &p);
	two_sample_delta(values, half, values + half, half, &delta);
	fprintf(out, "  halves: %.5g [%.5g, %.5g] %d p=%.5g delta=%.5g\n", shift.shift, shift.lo, shift.hi, shift.has_interval, p, delta);
}

static void put_steady(FILE *out, const double *values, size_t n)
{
	static const struct steady_options options[] = {{0, 0}, {0.5, 1}, {3, 4}};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		struct change_point *points = NULL;
		size_t found = 0;
		bool steady = false;

		steady_find(values, n, &options[i], &points, &found, &steady);
		fprintf(out, "  steady within %g: %d, %zu, left at %zu\n", options[i].spread_pct, steady, found, steady_left(values, n, &options[i]));
		for (size_t k = 0; k < found; k++)
			fprintf(out, "    %zu: %.6g -> %.6g\n", points[k].at, points[k].before, points[k].after);
		free(points);
	}
}

static void put_series(FILE *out, const struct shape *shape, size_t n, uint32_t seed)
{
	static const struct change_points_options plain = {.seed = 1}, strict = {.seed = 2, .p = 0.0005, .min_change_pct = 2, .rho = 0.3};
	double values[MOST];

	fill(shape, seed, values, n);
	fprintf(out, "%s, %zu values\n", shape->name, n);
	put_points(out, "changes", values, n, &plain);
	put_points(out, "sure ones", values, n, &strict);
	put_drifts(out, values, n);
	put_shifts(out, values, n);
	put_groups(out, values, n);
	put_steady(out, values, n);
}

static char *tell(void)
{
	static const struct shape shapes[] = {
		{.name = "noise", .noise = 1},
		{.name = "a step late", .noise = 1, .step = 4, .at = 9},
		{.name = "a step in the middle", .noise = 1, .step = -3, .at = 20},
		{.name = "a small step", .noise = 1, .step = 1, .at = 30},
		{.name = "there and back", .noise = 1, .step = 5, .at = 14, .back = 26},
		{.name = "a slope", .noise = 1, .slope = 0.1},
		{.name = "a slope from a place on", .noise = 1, .slope = -0.12, .at = 25},
		{.name = "neighbours alike", .noise = 1, .alike = 0.7},
		{.name = "neighbours alike and a step", .noise = 1, .alike = 0.5, .step = 6, .at = 22},
		{.name = "neighbours opposed", .noise = 1, .alike = -0.6, .step = 2, .at = 12},
		{.name = "outliers", .noise = 1, .outlier = 25},
		{.name = "outliers and a step", .noise = 1, .outlier = -25, .step = 4, .at = 18},
		{.name = "whole numbers", .noise = 1.5, .step = 2, .at = 16, .lattice = 1},
		{.name = "steady", .noise = 0.2, .lattice = 1},
		{.name = "steady with steps", .noise = 0.2, .step = 2, .at = 8, .back = 16, .lattice = 1},
		{.name = "a wandering value", .noise = 0.5, .alike = 1},
	};
	static const size_t sizes[] = {10, 13, 17, 26, 41, 75, 160, MOST};
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (size_t s = 0; s < sizeof(shapes) / sizeof(*shapes); s++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
			put_series(out, &shapes[s], sizes[i], (uint32_t)(1000 * s + i));
	for (double p = 0.1; p > 1e-7; p /= 7)
		fprintf(out, "p=%.3g needs %zu values\n", p, change_points_needs(p));
	for (size_t n = 1; n < 600; n = n * 5 / 3 + 1) {
		double correlations[] = {0.9, -0.2, 0.5, 0.4, 0.7};

		fprintf(out, "%zu values: cautious %.5g %.5g %.5g, of many %.5g\n", n, level_shift_cautious(-0.3, n), level_shift_cautious(0.2, n),
			level_shift_cautious(0.9, n), change_points_rho(correlations, 5, n));
	}
	fclose(out);
	return text;
}

/* The first line that differs, and how many do. */
static void compare(const char *now, const char *then)
{
	size_t line = 1, differ = 0;

	while (*now != '\0' || *then != '\0') {
		size_t a = strcspn(now, "\n"), b = strcspn(then, "\n");

		if ((a != b || memcmp(now, then, a) != 0) && differ++ < 5)
			diag("line %zu: %.*s\nkept: %.*s", line, (int)a, now, (int)b, then);
		now += a + (now[a] != '\0');
		then += b + (then[b] != '\0');
		line++;
	}
	is_int((long long)differ, 0, "each of %zu lines is as it was kept", line);
}

int main(void)
{
	const char *source = getenv("srcdir");
	char path[TAP_PATH], *now = tell(), *then = NULL;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/kept/series.txt", source != NULL ? source : ".");
	if (now != NULL && getenv("KEEP") != NULL && (file = fopen(path, "w")) != NULL) {
		fputs(now, file);
		fclose(file);
	}
	file = fopen(path, "r");
	if (ok(now != NULL && file != NULL && getdelim(&then, &room, '\0', file) > 0, "%s is there", path))
		compare(now, then);
	if (file != NULL)
		fclose(file);
	free(now);
	free(then);
	done_testing();
	return exit_status();
}

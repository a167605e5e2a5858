/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chance.c - how often a whole check of a history fails for nothing, and how soon it finds something: the shipped search for changes over made-up
 * series, at lengths of 6 to 400 runs, for 1 to 500 series, with noise that is normal, skewed, has outliers, or is correlated from run to run.
 *
 * Without arguments a short one, a test. `tests/analysis/chance SERIES` makes so many series for each line, and prints the tables of docs/method.md.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "analysis/history/history.h"
#include "analysis/statistics/level_shift.h"
#include "tests/tap.h"

#define SHORT	    400 /* series for each line of the test */
#define SERIES_MOST 500
#define RUNS_MOST   440
#define NIGHTS	    6
#define SIGMA	    0.01
#define STEP	    1.03
#define MARGIN_PCT  1.0
#define GONE	    3.0

enum shape { NORMAL, SKEWED, OUTLIERS, CORRELATED, SHAPES };
static const char *const shapes[SHAPES] = {
	[NORMAL] = "normal", [SKEWED] = "skewed (exponential)", [OUTLIERS] = "10 % outliers of 10 sigma", [CORRELATED] = "AR(1) of 0.5"};

static void fill(gsl_rng *rng, enum shape shape, double *values, size_t n)
{
	double off = gsl_ran_gaussian(rng, 1);

	for (size_t i = 0; i < n; i++) {
		if (shape == CORRELATED)
			off = 0.5 * off + sqrt(0.75) * gsl_ran_gaussian(rng, 1);
		else if (shape == SKEWED)
			off = gsl_ran_exponential(rng, 1) - 1;
		else
			off = gsl_ran_gaussian(rng, 1) + (shape == OUTLIERS && gsl_rng_uniform(rng) < 0.1 ? 10 : 0);
		values[i] = 4000 * (1 + SIGMA * off);
	}
}

/* As history.c looks at each of its series; whether one of the first `series` is found to be worse, a lower value being better. */
static size_t count_alarms(const double (*values)[RUNS_MOST], size_t n, size_t series, size_t all, size_t from)
{
	double correlations[SERIES_MOST];
	struct change_points_options how = {.seed = HISTORY_SEED, .min_change_pct = MARGIN_PCT, .p = history_limit(all)};
	size_t alarms = 0;

	for (size_t s = 0; s < series; s++)
		correlations[s] = level_shift_correlation(values[s], n);
	how.rho = change_points_rho(correlations, series, series * n);
	for (size_t s = 0; s < series; s++) {
		struct change_point *points;
		size_t n_points;
		bool worse = false;

		if (change_points_find(values[s], n, &how, &points, &n_points))
			continue;
		for (size_t i = 0; i < n_points; i++)
			worse |= points[i].after > points[i].before && points[i].at >= from;
		alarms += worse;
		free(points);
	}
	return alarms;
}

static double values[SERIES_MOST][RUNS_MOST];

/* In percent of all checks. */
static double false_checks(gsl_rng *rng, enum shape shape, size_t n, size_t series, size_t wanted, size_t *alarms, size_t *made)
{
	*alarms = *made = 0;
	while (*made < wanted) {
		for (size_t s = 0; s < series; s++)
			fill(rng, shape, values[s], n);
		*alarms += count_alarms(values, n, series, series, 0);
		*made += series;
	}
	return 100.0 * (1.0 - pow(1.0 - (double)*alarms / (double)*made, (double)series));
}

static void print_false(gsl_rng *rng, size_t wanted, bool all)
{
	static const size_t lengths[] = {6, 8, 12, 16, 20, 23, 24, 30, 50, 100, 200, 400}, few[] = {6, 23, 24, 60};
	static const size_t families[] = {1, 10, 57, 500}, one[] = {1, 57};
	const size_t *n = all ? lengths : few, *series = all ? families : one;
	size_t n_lengths = all ? FS_ARRAY_SIZE(lengths) : FS_ARRAY_SIZE(few), n_families = all ? FS_ARRAY_SIZE(families) : FS_ARRAY_SIZE(one);

	for (enum shape shape = 0; shape < SHAPES; shape++)
		for (size_t f = 0; f < n_families; f++) {
			size_t alarms, made, total = 0, total_made = 0;
			double most = 0.0;
			char line[512] = "";

			for (size_t l = 0; l < n_lengths; l++) {
				double percent = false_checks(rng, shape, n[l], series[f], wanted, &alarms, &made);
				size_t used = strlen(line);

				most = fmax(most, percent);
				total += alarms;
				total_made += made;
				snprintf(line + used, sizeof(line) - used, " %zu: %.2f", n[l], percent);
			}
			diag("%s, %zu series; %% of checks that fail for nothing, by runs:%s", shapes[shape], series[f], line);
			/* over all lengths, where the number is large enough to tell; three deviations */
			most = HISTORY_FALSE / (double)series[f] * (double)total_made;
			ok((double)total <= most + 3.0 * sqrt(most) + 1.0, "%s noise, %zu series: at most %g %% of whole checks fail for nothing",
				shapes[shape], series[f], 100 * HISTORY_FALSE);
		}
}

/* By night after a step, in percent of the series; gone: of the nights after the first at which it was found, those at which it was not. */
static void find_step(gsl_rng *rng, size_t n, size_t series, size_t wanted, double *found, double *gone)
{
	size_t after = 0, without = 0;

	memset(found, 0, NIGHTS * sizeof(*found));
	for (size_t s = 0; s < wanted; s++) {
		bool seen = false;

		fill(rng, NORMAL, values[0], n + NIGHTS);
		for (size_t i = n; i < n + NIGHTS; i++)
			values[0][i] *= STEP;
		for (size_t night = 0; night < NIGHTS; night++) {
			bool now = count_alarms(values, n + night + 1, 1, series, n - 3) > 0;

			after += seen;
			without += seen && !now;
			seen |= now;
			found[night] += 100.0 * seen / (double)wanted;
		}
	}
	*gone = after ? 100.0 * (double)without / (double)after : 0.0;
}

static void print_found(gsl_rng *rng, size_t wanted, bool all)
{
	static const size_t lengths[] = {30, 60, 100, 200, 400}, few[] = {120};
	static const size_t families[] = {1, 10, 57, 500};
	size_t n_lengths = all ? FS_ARRAY_SIZE(lengths) : FS_ARRAY_SIZE(few);

	for (size_t l = 0; l < n_lengths; l++)
		for (size_t f = 0; f < FS_ARRAY_SIZE(families); f++) {
			size_t n = all ? lengths[l] : few[l];
			double found[NIGHTS], gone;

			find_step(rng, n, families[f], wanted / 2, found, &gone);
			diag("a step of 3 %% with 1 %% noise after %zu runs, %zu series; %% found by night: 1: %.0f 2: %.0f 3: %.0f 4: %.0f 5: %.0f "
			     "6: %.0f; gone again: %.1f",
				n, families[f], found[0], found[1], found[2], found[3], found[4], found[5], gone);
			ok(gone <= GONE, "and an alarm about it is gone in at most %.0f %% of the nights that follow", GONE);
			if (!all)
				ok(found[4] >= (families[f] > 57 ? 60 : 85),
					"a step of 3 %% among %zu series with 1 %% noise is found within 5 nights", families[f]);
		}
}

int main(int argc, char **argv)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	size_t wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : SHORT;

	gsl_rng_set(rng, 13);
	print_false(rng, wanted, argc > 1);
	print_found(rng, argc > 1 ? wanted / 10 : SHORT / 3, argc > 1);
	gsl_rng_free(rng);
	done_testing();
	return exit_status();
}

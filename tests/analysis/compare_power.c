/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_power.c - how often compare is wrong, and how often it finds what is there: simulated pairs of runs with known changes.
 *
 * Printed as diagnostics, and asserted with a fixed seed: of same-against-same pairs at most 1 % may end as FASTER or SLOWER, whatever the
 * noise; a change of 3 % under 1 % noise with 10 rounds each has to be found in 90 %.
 * By hand: tests/analysis/compare_power [SEED].
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "analysis/compare/compare.h"
#include "tests/fake/runs.h"
#include "tests/tap.h"

#define ROUNDS	  100 /* of each cell of a large run */
#define LARGE	  10000
#define PAIRS	  1000
#define BASE_NS	  4000.0
#define SEED	  20170612
#define MANY	  50 /* cells of a family */
#define FAMILIES  500
#define OUTLIER_P 0.1

/* A run of cells with one metric each, as summary_make() leaves it. */
enum shape { NORMAL, OUTLIERS, SKEWED, SHAPES };
static const char *const shape_names[SHAPES] = {"normal", "every tenth round 10 times as far", "exponential above a floor"};

/* A round's value; noise is a fraction of it. */
static double draw(gsl_rng *rng, enum shape shape, double noise, double factor)
{
	double scale = shape == OUTLIERS && gsl_rng_uniform(rng) < OUTLIER_P ? 10.0 * noise : noise;
	double deviation = shape == SKEWED ? gsl_ran_exponential(rng, noise) : gsl_ran_gaussian(rng, scale);

	return BASE_NS * factor * exp(deviation);
}

static void fill(gsl_rng *rng, struct fake_run *fake, enum shape shape, double noise, double factor)
{
	for (size_t c = 0; c < fake->summary.n; c++) {
		struct summary_row *row = &fake->summary.rows[c];

		for (size_t r = 0; r < row->n_values; r++)
			row->values[r] = draw(rng, shape, noise, factor);
		statistics_median(row->values, row->n_values, &row->interval);
	}
}

/* Percent of the cells of so many pairs with each verdict. False without memory. */
static bool simulate(gsl_rng *rng, size_t pairs, size_t cells, size_t rounds, enum shape shape, double noise, double factor, double margin_pct,
	double rates[COMPARE_VERDICTS])
{
	struct fake_run base, new;
	struct comparison comparison;
	bool made = fake_run_make(&base, cells, rounds), made_too = fake_run_make(&new, cells, rounds), fine = made && made_too;

	memset(rates, 0, COMPARE_VERDICTS * sizeof(*rates));
	for (size_t i = 0; i < pairs && fine; i++) {
		fill(rng, &base, shape, noise, 1.0);
		fill(rng, &new, shape, noise, factor);
		fine = !compare_make(&base.summary, &new.summary, margin_pct, &comparison);
		for (int v = 0; v < COMPARE_VERDICTS; v++)
			rates[v] += 100.0 * (double)comparison.verdicts[v] / (double)(pairs * cells);
		compare_free(&comparison);
	}
	fake_run_free(&base);
	fake_run_free(&new);
	return fine;
}

static void print_rates(const char *what, const double rates[COMPARE_VERDICTS])
{
	diag("%s: SLOWER %.2f %%, FASTER %.2f %%, SAME %.2f %%, SUSPECT %.2f %%, UNDECIDED %.2f %%", what, rates[COMPARE_SLOWER],
		rates[COMPARE_FASTER], rates[COMPARE_SAME], rates[COMPARE_SUSPECT], rates[COMPARE_UNDECIDED]);
}

static void test_same(gsl_rng *rng)
{
	static const double noises[] = {0.005, 0.01, 0.02, 0.05, 0.1, 0.3};
	double rates[COMPARE_VERDICTS];
	char what[128];

	for (int shape = 0; shape < SHAPES; shape++)
		for (size_t i = 0; i < FS_ARRAY_SIZE(noises); i++) {
			bool fine = simulate(rng, PAIRS, 1, 10, shape, noises[i], 1.0, 0.0, rates);

			snprintf(what, sizeof(what), "%d pairs the same, noise %.1f %% (%s)", PAIRS, noises[i] * 100.0, shape_names[shape]);
			print_rates(what, rates);
			ok(fine && rates[COMPARE_SLOWER] + rates[COMPARE_FASTER] <= 1.0, "%s: at most 1 %% false verdicts", what);
		}
}

/*
 * Whole comparisons of many cells: how many have a false verdict in any of them, which fails a gate, and how many have something SUSPECT for the
 * worse, which does not pass it. The first is held to 1 %, whatever the noise; the second says that a machine is too noisy for so many rounds.
 */
static void test_families(gsl_rng *rng)
{
	static const double noises[] = {0.01, 0.02, 0.05, 0.1};
	struct fake_run base, new;
	struct comparison comparison;
	bool made = fake_run_make(&base, MANY, 10), made_too = fake_run_make(&new, MANY, 10), fine = made && made_too;

	for (size_t n = 0; n < FS_ARRAY_SIZE(noises) && fine; n++) {
		unsigned wrong = 0, doubtful = 0;

		for (unsigned i = 0; i < FAMILIES && fine; i++) {
			fill(rng, &base, NORMAL, noises[n], 1.0);
			fill(rng, &new, NORMAL, noises[n], 1.0);
			fine = !compare_make(&base.summary, &new.summary, 0.0, &comparison);
			wrong += comparison.verdicts[COMPARE_SLOWER] + comparison.verdicts[COMPARE_FASTER] != 0;
			doubtful += compare_doubtful(&comparison) != 0;
			compare_free(&comparison);
		}
		diag("%d comparisons of %d cells that are the same, noise %.0f %%, 10 rounds: a false verdict in %.1f %%, something SUSPECT for the "
		     "worse in %.0f %%",
			FAMILIES, MANY, noises[n] * 100.0, 100.0 * wrong / FAMILIES, 100.0 * doubtful / FAMILIES);
		ok(fine && wrong * 100 <= FAMILIES, "%d cells, noise %.0f %%: at most 1 %% of comparisons have a false verdict", MANY,
			noises[n] * 100.0);
	}
	fake_run_free(&base);
	fake_run_free(&new);
}

static void test_found(gsl_rng *rng)
{
	static const struct {
		double factor, noise, margin_pct;
		size_t rounds;
		enum compare_verdict wanted;
		double least_pct;
	} cases[] = {
		{1.03, 0.01, 0.0, 10, COMPARE_SLOWER, 90.0},
		{0.97, 0.01, 0.0, 10, COMPARE_FASTER, 90.0},
		{1.03, 0.01, 2.0, 10, COMPARE_SLOWER, 40.0},
		{1.03, 0.01, 2.0, 30, COMPARE_SLOWER, 90.0},
		{1.10, 0.02, 0.0, 10, COMPARE_SLOWER, 90.0},
		{1.00, 0.01, 2.0, 10, COMPARE_SAME, 90.0},
		{1.00, 0.01, 0.0, 10, COMPARE_SAME, 10.0},
		{1.00, 0.01, 0.0, 30, COMPARE_SAME, 90.0},
	};
	double rates[COMPARE_VERDICTS];
	char what[128];

	for (size_t i = 0; i < FS_ARRAY_SIZE(cases); i++) {
		bool fine = simulate(rng, PAIRS, 1, cases[i].rounds, NORMAL, cases[i].noise, cases[i].factor, cases[i].margin_pct, rates);

		snprintf(what, sizeof(what), "a change of %+.0f %%, noise %.0f %%, %zu rounds, margin %.0f %%", (cases[i].factor - 1.0) * 100.0,
			cases[i].noise * 100.0, cases[i].rounds, cases[i].margin_pct > 0.0 ? cases[i].margin_pct : COMPARE_MARGIN_PCT);
		print_rates(what, rates);
		ok(fine && rates[cases[i].wanted] >= cases[i].least_pct, "%s: %s in at least %.0f %%", what, compare_verdict_names[cases[i].wanted],
			cases[i].least_pct);
	}
}

/* Size, not time, is checked: every cell has its verdict. The time is for the reader. */
static void test_large(gsl_rng *rng)
{
	struct fake_run base, new;
	struct comparison comparison = {0};
	struct timespec from, to;
	bool made = fake_run_make(&base, LARGE, ROUNDS), made_too = fake_run_make(&new, LARGE, ROUNDS), fine = made && made_too;

	if (fine) {
		fill(rng, &base, NORMAL, 0.01, 1.0);
		fill(rng, &new, NORMAL, 0.01, 1.0);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		fine = !compare_make(&base.summary, &new.summary, 0.0, &comparison);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		diag("%d cells of %d rounds compared in %.2f s of CPU time", LARGE, ROUNDS,
			(double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	}
	ok(fine && comparison.n == LARGE && comparison.tested == LARGE, "%d cells have a verdict each", LARGE);
	compare_free(&comparison);
	fake_run_free(&base);
	fake_run_free(&new);
}

int main(int argc, char **argv)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	if (rng == NULL)
		return 99;
	gsl_rng_set(rng, argc > 1 ? strtoul(argv[1], NULL, 10) : SEED);
	test_same(rng);
	test_families(rng);
	test_found(rng);
	test_large(rng);
	gsl_rng_free(rng);
	done_testing();
	return exit_status();
}

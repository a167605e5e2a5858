/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_points.c - changes of level: Q against its definition, planted changes found where they are, and none where there are none.
 *
 * The best splits were computed in Python with exact fractions (fractions.Fraction), Q by its definition as means over all pairs
 * (itertools.combinations), the maximum by trying every split and end with 3 values on each side. It prints how often a planted
 * change is found, how often one is seen where there is none, and how long a million values take.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gsl/gsl_randist.h>

#include "analysis/statistics/change_points.h"
#include "analysis/statistics/level_shift.h"
#include "analysis/statistics/steady.h"
#include "tests/tap.h"

#define SERIES	200 /* simulated histories of each kind */
#define FAMILY	1000
#define RUNS	200	      /* in each */
#define MANY	1000000	      /* values of the long one */
#define LIMIT	(SERIES / 50) /* of series with a point too many: 2 % */
#define CHANCES 20000
#define DRIFTS	20

static const double levels[] = {310, 305, 299, 312, 308, 301, 296, 330, 341, 335, 338, 329, 344, 333, 260, 265, 258, 270, 262, 255};
static const struct change_points_options any = {.seed = 1};

static void is_best(const double *values, size_t n, size_t want_split, size_t want_end, double want_q)
{
	size_t split = 0, end = 0;
	double q = 0.0;

	ok(e_divisive_best(values, n, &split, &end, &q), "%zu values have a best split", n);
	is_int((long long)split, (long long)want_split, "it begins the new level");
	is_int((long long)end, (long long)want_end, "which goes to the end");
	is_near(q, want_q, 1e-9 * want_q, "with that Q");
}

static void test_q(void)
{
	size_t split, end;
	double q;

	is_best(levels, 20, 14, 20, 123062.0 / 325.0);
	is_best(levels, 14, 7, 14, 508.0 / 3.0);
	is_best(levels + 6, 14, 8, 14, 97912.0 / 245.0);
	ok(!e_divisive_best(levels, 5, &split, &end, &q), "5 values have no room for two levels");
	ok(!e_divisive_best(levels, CHANGE_POINTS_WINDOW + 1, &split, &end, &q), "and a window no room for more than it holds");
}

/* Finds them, and frees them: how many, and the first ones copied out. */
static size_t find(const double *values, size_t n, const struct change_points_options *options, struct change_point found[8])
{
	struct change_point *points;
	size_t n_points;
	int err = change_points_find(values, n, options, &points, &n_points);

	if (!ok(!err, "%zu values are checked", n))
		return SIZE_MAX;
	for (size_t i = 0; i < n_points && i < 8; i++)
		found[i] = points[i];
	free(points);
	return n_points;
}

static void test_steps(void)
{
	struct change_point found[8];
	double values[60];

	for (size_t i = 0; i < 60; i++)
		values[i] = levels[i % 7 + i / 20 * 7 - (i / 20 == 2 && i % 7 == 6)];
	is_int((long long)find(values, 60, &any, found), 2, "two changes in 60 values");
	is_int((long long)found[0].at, 20, "the first begins at the 21st");
	is_near(found[0].before, 305, 0, "the level before is the median of all values from the start");
	is_near(found[0].after, 335, 0, "the level after of all up to the next change");
	is_near(change_points_pct(&found[0]), 100.0 * 30 / 305, 1e-9, "in percent of the level before");
	ok(found[0].p < CHANGE_POINTS_P && found[0].p > 0, "p is below the limit, and never 0: %g", found[0].p);
	is_int((long long)found[1].at, 40, "the second begins at the 41st");
	is_near(found[1].after, 260, 0, "and lasts to the end");

	for (size_t i = 0; i < 60; i++)
		values[i] = 7215;
	is_int((long long)find(values, 60, &any, found), 0, "equal values do not change");
	for (size_t i = 40; i < 60; i++)
		values[i] = 7222;
	is_int((long long)find(values, 60, &any, found), 1, "0.1 %% more of what never varies is a change");
	is_int((long long)found[0].at, 40, "where it is");
	is_int((long long)find(values, 60, &(struct change_points_options){.seed = 1, .min_change_pct = 0.2}, found), 0,
		"unless less than 0.2 %% is none");
	for (size_t i = 40; i < 60; i++)
		values[i] = i == 50 ? 9000 : 7215;
	is_int((long long)find(values, 60, &any, found), 0, "an outlier is no change");
	values[51] = 9000;
	is_int((long long)find(values, 60, &any, found), 0, "nor are two");
	for (size_t i = 0; i < 60; i++)
		values[i] = i < 30 ? 0 : 5;
	is_int((long long)find(values, 60, &any, found), 1, "from 0");
	ok(isinf(change_points_pct(&found[0])), "there is no percentage");
}

static void test_few(void)
{
	static const double up[] = {100, 101, 99, 100.5, 99.5, 100.2, 99.9, 101, 99.4, 100, 100.3, 99.8, 110, 111, 110.5, 110.2};
	static const double outlier[] = {100, 101, 99, 100.5, 99.5, 100.2, 99.9, 101, 99.4, 100, 100.3, 99.8, 110, 111, 100.1, 110.2};
	struct change_point found[8];

	is_int((long long)find(up, 16, &any, found), 1, "4 of 16 far above");
	is_int((long long)found[0].at, 12, "begin at the 13th");
	ok(found[0].p < CHANGE_POINTS_P && found[0].p > 1.0 / 1820,
		"which chance does in 1 of 1820 orders, at one of the splits that could show it: %g", found[0].p);
	is_near(found[0].before, 100, 1e-9, "the level before");
	is_near(found[0].after, 110.35, 1e-9, "the level after");
	is_int((long long)find(up, 16, &(struct change_points_options){.seed = 1, .min_change_pct = 20}, found), 0, "10 %% is less than 20 %%");
	is_int((long long)find(up, 16, &(struct change_points_options){.seed = 1, .p = 0.0005}, found), 0, "and 1 in 1820 no less than 0.0005");
	is_int((long long)find(up, 14, &any, found), 0, "2 of 14 chance puts at the end too often");
	is_int((long long)find(outlier, 16, &any, found), 0, "one of them that comes back makes it too likely");
	is_int((long long)find(up, 12, &any, found), 0, "12 values of one level");
	is_int((long long)find(up, 0, &any, found), 0, "nothing can be said of nothing");
	ok(change_points_needs(0.01) <= 16 && change_points_needs(0.0001) > 16, "how many are needed grows with how sure it is to be: %zu and %zu",
		change_points_needs(0.01), change_points_needs(0.0001));
}

/* Q in its place, p by counting all orders: level_shift_test() against its definition. */
static void test_shift(void)
{
	static const double values[] = {3, 1, 4, 1.5, 9, 2.6, 5, 3.5, 8.9, 7.9, 9.3, 2.3, 8.4, 6.2};
	struct level_shift shift;
	unsigned as_far = 0, all = 0;
	double sum = 8.4 + 6.2 + 2.3;

	for (int i = 0; i < 14; i++)
		for (int j = i + 1; j < 14; j++)
			for (int k = j + 1; k < 14; k++, all++)
				as_far += values[i] + values[j] + values[k] >= sum - 1e-9;
	level_shift_test(values, 14, 11, 0, &shift);
	ok(shift.up, "the last 3 of 14 lie above");
	is_int(all, 364, "there are 364 ways to choose 3 of 14");
	diag("3 of 14: p %.4f, of all choices %.4f, correlation %.2f", shift.p, as_far / 364.0, shift.rho);
	ok(shift.p >= as_far / 364.0, "serial correlation that 14 values cannot exclude makes it no surer");
	is_near(level_shift_least(14, 3), 1.0 / 364, 1e-12, "nothing is surer than one of all choices");
}

/* How often p is at most so much where nothing changes: of 4 and of 20 last values of 100, by the saddlepoint. */
static void test_saddlepoint(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned as_sure[2] = {0};
	double values[100];

	gsl_rng_set(rng, 11);
	for (int s = 0; s < CHANCES; s++)
		for (int kind = 0; kind < 2; kind++) {
			struct level_shift shift;

			for (size_t i = 0; i < 100; i++)
				values[i] = kind ? gsl_ran_exponential(rng, 1) : gsl_ran_gaussian(rng, 1) + (gsl_rng_uniform(rng) < 0.1 ? 10 : 0);
			level_shift_test(values, 100, kind ? 80 : 96, 0, &shift);
			as_sure[kind] += shift.up && shift.p <= 0.002;
		}
	diag("p <= 0.002 upwards in %u of %d series with outliers, in %u with skewed noise", as_sure[0], CHANCES, as_sure[1]);
	for (int kind = 0; kind < 2; kind++)
		ok(as_sure[kind] <= 0.002 * CHANCES + 3 * sqrt(0.002 * CHANCES) && as_sure[kind] >= 0.0005 * CHANCES,
			"p is what it says, for noise of kind %d", kind);
	gsl_rng_free(rng);
}

static void fill_drift(gsl_rng *rng, double *values, size_t n, size_t onset, double slope)
{
	for (size_t i = 0; i < n; i++)
		values[i] = 4000 * (1 + 0.01 * gsl_ran_gaussian(rng, 1) + (i > onset ? slope * (double)(i - onset) : 0.0));
}

/* 0.1 % a run from the 100th on is said to be that, and not some steps; a step is not said to be a drift. */
static void test_drift(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned drifts = 0, covered = 0, steps = 0;
	double values[RUNS];

	gsl_rng_set(rng, 5);
	for (int s = 0; s < DRIFTS; s++) {
		struct change_point found[8];
		size_t n;

		fill_drift(rng, values, RUNS, RUNS / 2, 0.001);
		n = find(values, RUNS, &(struct change_points_options){.seed = 1, .min_change_pct = 1}, found);
		drifts += n == 1 && found[0].drift && found[0].at + 20 >= RUNS / 2 && found[0].at <= RUNS / 2 + 20;
		covered += n == 1 && found[0].drift && found[0].lo_pct <= 0.11 && found[0].hi_pct >= 0.09;
		fill_drift(rng, values, RUNS, RUNS, 0);
		for (size_t i = RUNS / 2; i < RUNS; i++)
			values[i] *= 1.03;
		n = find(values, RUNS, &(struct change_points_options){.seed = 1, .min_change_pct = 1}, found);
		steps += n == 1 && !found[0].drift;
	}
	diag("of %d series with a drift of 0.1 %% a run %u are said to drift from there, %u within 0.09 to 0.11; of as many with a step %u are a "
	     "step",
		DRIFTS, drifts, covered, steps);
	ok(drifts >= DRIFTS * 9 / 10, "a drift is one, and begins where it does");
	ok(covered >= DRIFTS * 9 / 10, "with its slope");
	ok(steps >= DRIFTS - 1, "a step is none");
	gsl_rng_free(rng);
}

/* Where there is no noise, one value is enough; where there was none, too. */
static void test_steady(void)
{
	static const double step[] = {7, 7, 7, 7, 7, 7, 9}, noisy[] = {7, 7, 7, 7, 7, 7, 9, 9.4, 9.1, 9.3},
			    back[] = {7, 7, 7, 7, 7, 7, 9, 9.4, 7.01, 9.3};
	static const double agree[] = {1000, 1000.4, 999.8, 1000.1, 1000.3, 1003};
	const struct steady_options equal = {.margin_pct = 1}, near = {.spread_pct = 0.2, .margin_pct = 0.2};
	struct change_point *points;
	size_t n;
	bool steady;

	ok(!steady_find(step, 7, &equal, &points, &n, &steady) && steady, "six equal values and another are steady");
	ok(n == 1 && points[0].at == 6 && points[0].before == 7 && points[0].after == 9, "and change at the last");
	free(points);
	ok(!steady_find(agree, 6, &near, &points, &n, &steady) && steady && n == 1, "values that agree within 0.2 %% and one 0.3 %% off");
	free(points);
	ok(!steady_find(levels, 20, &equal, &points, &n, &steady) && !steady && !n, "values that vary are not steady");
	free(points);
	ok(!steady_find(noisy, 10, &equal, &points, &n, &steady) && !steady, "nor are those that vary at last");
	free(points);
	is_int((long long)steady_left(noisy, 10, &equal), 6, "but they have left a level that was");
	is_int((long long)steady_left(back, 10, &equal), 10, "unless one comes back to it");
	is_int((long long)steady_left(levels, 20, &equal), 20, "and there was one");
}

/* What wanders has no levels. */
static void test_wandering(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct change_point *points;
	unsigned changes = 0;
	double values[RUNS];
	size_t n;

	gsl_rng_set(rng, 9);
	for (int s = 0; s < DRIFTS; s++) {
		double off = 0.0;

		for (size_t i = 0; i < RUNS; i++) {
			off = 0.98 * off + gsl_ran_gaussian(rng, 1);
			values[i] = 4000 * (1 + 0.01 * off);
		}
		change_points_find(values, RUNS, &any, &points, &n);
		changes += (unsigned)n;
		free(points);
	}
	diag("%u changes in %d series that wander (AR(1), 0.98)", changes, DRIFTS);
	ok(changes <= DRIFTS / 2, "there is not one in every other series that wanders");
	gsl_rng_free(rng);
}

static void test_bad(void)
{
	double values[20];
	struct change_point *points;
	size_t n;

	memcpy(values, levels, sizeof(values));
	values[19] = NAN;
	is_int(change_points_find(values, 20, &any, &points, &n), -EDOM, "what is no number is refused");
	ok(!points && !n, "and nothing is found");
}

static bool is_within(const struct change_point *points, size_t n, const size_t *planted, size_t n_planted)
{
	bool all = n == n_planted;

	for (size_t i = 0; all && i < n; i++)
		all = points[i].at + 2 >= planted[i] && points[i].at <= planted[i] + 2;
	return all;
}

/* 1 % noise; a quarter of the series has tails, as one run of fifty is twice as slow. */
static void fill_noise(gsl_rng *rng, double *values, size_t n, bool tails)
{
	for (size_t i = 0; i < n; i++) {
		values[i] = 4000 * (1 + 0.01 * gsl_ran_gaussian(rng, 1));
		if (tails && gsl_rng_uniform(rng) < 0.02)
			values[i] *= 2;
	}
}

static void test_planted(void)
{
	static const size_t planted[] = {60, 110, 160};
	static const double factor[] = {1.0, 1.05, 0.97, 1.02};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double values[RUNS];
	unsigned right = 0;

	gsl_rng_set(rng, 20170622);
	for (int s = 0; s < SERIES; s++) {
		struct change_point *points;
		size_t n;

		fill_noise(rng, values, RUNS, s % 4 == 0);
		for (size_t i = 0; i < RUNS; i++)
			values[i] *= factor[(i >= planted[0]) + (i >= planted[1]) + (i >= planted[2])];
		if (change_points_find(values, RUNS, &any, &points, &n))
			break;
		right += is_within(points, n, planted, 3);
		free(points);
	}
	diag("%d series of %d runs, noise 1 %%, changes of +5, -8 and +5 %%: in %u all three within 2 points, and no other", SERIES, RUNS, right);
	ok(right >= SERIES - LIMIT, "three planted changes are found within 2 points, and no other, in %d %% of the series at least",
		100 - 100 * LIMIT / SERIES);
	gsl_rng_free(rng);
}

static void test_nothing(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double values[RUNS];
	unsigned wrong = 0, wrong_large = 0;

	gsl_rng_set(rng, 42);
	for (int s = 0; s < SERIES; s++) {
		struct change_point *points;
		size_t n;

		fill_noise(rng, values, RUNS, s % 4 == 0);
		change_points_find(values, RUNS, &any, &points, &n);
		wrong += n > 0;
		free(points);
		change_points_find(values, RUNS, &(struct change_points_options){.seed = 1, .min_change_pct = 2}, &points, &n);
		wrong_large += n > 0;
		free(points);
	}
	diag("%d series of %d runs without a change: one is seen in %u, one of 2 %% at least in %u", SERIES, RUNS, wrong, wrong_large);
	ok(wrong <= LIMIT, "where nothing changes nothing is found, but for 2 %% of the series at most");
	ok(wrong_large <= wrong, "and less where small changes are none");
	gsl_rng_free(rng);
}

/* Of a thousand series that are checked together each change has to be surer (history.h), and is found all the same. */
static void test_family(void)
{
	const struct change_points_options sure = {.seed = 1, .p = CHANGE_POINTS_P / 100};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double values[RUNS];
	unsigned wrong = 0, wrong_sure = 0, found = 0;

	gsl_rng_set(rng, 7);
	for (int s = 0; s < FAMILY; s++) {
		struct change_point *points;
		size_t n;

		fill_noise(rng, values, RUNS, false);
		change_points_find(values, RUNS, &any, &points, &n);
		wrong += n > 0;
		free(points);
		change_points_find(values, RUNS, &sure, &points, &n);
		wrong_sure += n > 0;
		free(points);
		if (s % 50)
			continue;
		for (size_t i = RUNS / 2; i < RUNS; i++)
			values[i] *= 1.03;
		change_points_find(values, RUNS, &sure, &points, &n);
		found += n == 1 && points[0].p < sure.p;
		free(points);
	}
	diag("%d series without a change: one is seen in %u at p < %g, in %u at p < %g, at which 3 %% is found in %u of %u", FAMILY, wrong,
		CHANGE_POINTS_P, wrong_sure, sure.p, found, FAMILY / 50);
	ok(wrong_sure <= 1 && wrong_sure <= wrong, "a smaller p leaves at most one false change among %d series", FAMILY);
	ok(found >= FAMILY / 50 - 1, "and those that are there");
	gsl_rng_free(rng);
}

/* The same gives the same; and new values at the end leave alone what was found far before. */
static void test_determinism(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct change_point once[8], again[8];
	double values[400];
	size_t n;

	fill_noise(rng, values, 400, true);
	for (size_t i = 130; i < 400; i++)
		values[i] *= 1.04;
	memset(once, 0, sizeof(once));
	memset(again, 0, sizeof(again));
	n = find(values, 300, &any, once);
	ok(n >= 1 && n <= 8, "there is a change: %zu", n);
	is_int((long long)find(values, 300, &any, again), (long long)n, "a second look finds as many");
	ok(!memcmp(once, again, sizeof(once)), "and the very same");
	find(values, 400, &any, again);
	is_int((long long)again[0].at, (long long)once[0].at, "100 values later it is where it was");
	gsl_rng_free(rng);
}

static void test_many(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double *values = malloc(MANY * sizeof(*values));
	struct timespec begun, done;
	struct change_point found[8];
	bool seen = false;
	size_t n;

	fill_noise(rng, values, MANY, false);
	for (size_t i = MANY / 2; i < MANY; i++)
		values[i] *= 1.03;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
	n = find(values, MANY, &(struct change_points_options){.seed = 1, .min_change_pct = 2}, found);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &done);
	for (size_t i = 0; i < n && i < 8; i++)
		seen |= found[i].at + 5 >= MANY / 2 && found[i].at <= MANY / 2 + 5;
	ok(seen, "one change of 3 %% among a million values is found");
	diag("a million values: %.2f s of CPU time", (double)(done.tv_sec - begun.tv_sec) + 1e-9 * (double)(done.tv_nsec - begun.tv_nsec));
	free(values);
	gsl_rng_free(rng);
}

int main(void)
{
	test_q();
	is_int((long long)change_points_needs(1.0), CHANGE_POINTS_BACK_MIN + 1, "where all counts, the look-back's values and one more will do");
	test_steps();
	test_few();
	test_shift();
	test_saddlepoint();
	test_drift();
	test_steady();
	test_wandering();
	test_bad();
	test_planted();
	test_nothing();
	test_family();
	test_determinism();
	test_many();
	done_testing();
	return exit_status();
}

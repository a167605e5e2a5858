/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * e_divisive.c - Q and its permutation test; see e_divisive.h.
 *
 * In sums over pairs, with N = n + m values of which T(N) is the sum of all |a - b|, Q is
 *
 *	2/N T(N) - 2(N-1)/N (T(n) / (n-1) + S / (m-1))
 *
 * where S is that sum over the pairs of Y. T and S of one split follow from those of the next by additions, so a window costs one addition, one
 * absolute difference and one Q for each pair of its values.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "analysis/statistics/e_divisive.h"

#define LONGEST	  E_DIVISIVE_LONGEST
#define LANES	  4	 /* permutations at once */
#define FIRST	  99	 /* permutations of a candidate, with the values themselves a multiple of LANES: p is 0.01 at least */
#define MAD_SIGMA 1.4826 /* sigma of a normal distribution, in its median absolute deviation */
#define NO_SPLIT  (-INFINITY)

/* 16 bytes: every machine's vectors have at least that, and compilers generate good code for it. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t masks __attribute__((vector_size(LANES * sizeof(int32_t))));

/* ---- outliers -------------------------------------------------------------------------------------------- */

/*
 * Clips values beyond that many sigma from the median: Q consists of means, and one disturbed run must not weigh as
 * much as a window of others. If there are two levels, neither is an outlier, as the deviation is then that between them.
 */
static void clamp(const double *values, size_t n, double *clamped)
{
	double work[LONGEST], median, reach;

	memcpy(work, values, n * sizeof(*work));
	median = gsl_stats_median(work, 1, n);
	for (size_t i = 0; i < n; i++)
		work[i] = fabs(values[i] - median);
	reach = E_DIVISIVE_SIGMA * MAD_SIGMA * gsl_stats_median(work, 1, n);
	for (size_t i = 0; i < n; i++)
		clamped[i] = reach > 0.0 ? fmin(fmax(values[i], median - reach), median + reach) : values[i];
}

/* ---- Q --------------------------------------------------------------------------------------------------- */

/* What Q needs for each length: 1 / (length - 1), and both factors; computed once. */
struct factors {
	double inverse[LONGEST + 1], two_by[LONGEST + 1], within[LONGEST + 1];
	lanes lanes_inverse[LONGEST + 1], lanes_two_by[LONGEST + 1], lanes_within[LONGEST + 1];
};

static lanes all_lanes(double value)
{
	float lane = (float)value;

	return (lanes){lane, lane, lane, lane};
}

static const struct factors *get_factors(void)
{
	static struct factors factors;

	/* Every caller writes the same values: a second one changes nothing. */
	if (factors.two_by[LONGEST] == 0.0)
		for (size_t n = 2; n <= LONGEST; n++) {
			factors.inverse[n] = 1.0 / (double)(n - 1);
			factors.within[n] = 2.0 * (double)(n - 1) / (double)n;
			factors.two_by[n] = 2.0 / (double)n;
			factors.lanes_inverse[n] = all_lanes(factors.inverse[n]);
			factors.lanes_within[n] = all_lanes(factors.within[n]);
			factors.lanes_two_by[n] = all_lanes(factors.two_by[n]);
		}
	return &factors;
}

/* back[k]: the sum of |values[i] - values[k]| over all i < k; total[k]: over all pairs before k. */
static void sum_pairs(const double *values, size_t n, double *back, double *total)
{
	memset(back, 0, n * sizeof(*back));
	for (size_t i = 0; i + 1 < n; i++)
		for (size_t k = i + 1; k < n; k++)
			back[k] += fabs(values[i] - values[k]);
	total[0] = 0.0;
	for (size_t k = 0; k < n; k++)
		total[k + 1] = total[k] + back[k];
}

/* The largest Q over all splits and ends, of values long enough for two segments. */
static double scan_ends(const double *values, size_t n, size_t *split, size_t *end)
{
	const struct factors *factors = get_factors();
	double back[E_DIVISIVE_WINDOW], total[E_DIVISIVE_WINDOW + 1], rows[E_DIVISIVE_WINDOW] = {0};
	double best = NO_SPLIT;

	sum_pairs(values, n, back, total);
	for (size_t s = n - 1; s >= E_DIVISIVE_SEGMENT; s--) {
		double before = total[s] * factors->inverse[s], after = 0.0;

		for (size_t k = s + 1; k < n; k++) {
			size_t e = k + 1;
			double q;

			rows[k] += fabs(values[s] - values[k]);
			after += rows[k];
			q = factors->two_by[e] * total[e] - factors->within[e] * (before + after * factors->inverse[e - s]);
			if (e - s < E_DIVISIVE_SEGMENT || q <= best)
				continue;
			best = q;
			*split = s;
			*end = e;
		}
	}
	return best;
}

/* sum_pairs of several permutations at once, one per lane. */
static void sum_lanes(const lanes *values, size_t n, lanes *back, lanes *total)
{
	const masks no_sign = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX};

	memset(back, 0, n * sizeof(*back));
	memset(total, 0, sizeof(*total));
	for (size_t i = 0; i + 1 < n; i++)
		for (size_t k = i + 1; k < n; k++)
			back[k] += (lanes)((masks)(values[i] - values[k]) & no_sign);
	for (size_t k = 0; k < n; k++)
		total[k + 1] = total[k] + back[k];
}

static lanes larger(lanes a, lanes b)
{
	masks more = a > b;

	return (lanes)((more & (masks)a) | (~more & (masks)b));
}

/*
 * scan_ends of several permutations at once, without the position. This is where the time goes: each addition of scan_ends depends on the one
 * before, and here each is several independent ones. Values are within [0, 1], where a float is precise enough.
 */
static lanes scan_lanes_ends(const lanes *values, size_t n)
{
	const struct factors *factors = get_factors();
	const masks no_sign = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX};
	lanes total[E_DIVISIVE_WINDOW + 1], all[E_DIVISIVE_WINDOW + 1], rows[E_DIVISIVE_WINDOW], best = {0};

	sum_lanes(values, n, rows, total);
	for (size_t e = 2; e <= n; e++)
		all[e] = factors->lanes_two_by[e] * total[e];
	memset(rows, 0, sizeof(rows));
	for (size_t s = n - 1; s >= E_DIVISIVE_SEGMENT; s--) {
		lanes before = total[s] * factors->lanes_inverse[s], after = {0};

		for (size_t e = s + 2; e <= n; e++) {
			rows[e - 1] += (lanes)((masks)(values[s] - values[e - 1]) & no_sign);
			after += rows[e - 1];
			if (e - s >= E_DIVISIVE_SEGMENT)
				best = larger(all[e] - factors->lanes_within[e] * (before + after * factors->lanes_inverse[e - s]), best);
		}
	}
	return best;
}

/* The split with the largest Q, the end being that of the values. */
double e_divisive_split(const double *values, size_t n, size_t *split)
{
	const struct factors *factors = get_factors();
	double clamped[LONGEST], back[LONGEST], total[LONGEST + 1];
	double best = NO_SPLIT, after = 0.0;

	if (n < 2 * E_DIVISIVE_SEGMENT)
		return best;
	clamp(values, n, clamped);
	sum_pairs(clamped, n, back, total);
	for (size_t s = n - 1; s >= E_DIVISIVE_SEGMENT; s--) {
		double q;

		for (size_t k = s; k < n; k++)
			after += fabs(clamped[s] - clamped[k]);
		if (n - s < E_DIVISIVE_SEGMENT)
			continue;
		q = factors->two_by[n] * total[n] - factors->within[n] * (total[s] * factors->inverse[s] + after * factors->inverse[n - s]);
		if (q <= best)
			continue;
		best = q;
		*split = s;
	}
	return best;
}

bool e_divisive_best(const double *values, size_t n, size_t *split, size_t *end, double *q)
{
	double clamped[E_DIVISIVE_WINDOW];

	if (n > E_DIVISIVE_WINDOW || n < 2 * E_DIVISIVE_SEGMENT)
		return false;
	clamp(values, n, clamped);
	*q = scan_ends(clamped, n, split, end);
	return true;
}

/* ---- permutations ---------------------------------------------------------------------------------------- */

/* A random index below n. 32 random bits are plenty for so few. */
static size_t draw(gsl_rng *rng, size_t n)
{
	return (size_t)(((uint64_t)gsl_rng_get(rng) * n) >> 32);
}

static void shuffle_lane(gsl_rng *rng, lanes *values, int lane, size_t n)
{
	/* as floats: indexing a vector by a variable lane is slow */
	float *of = (float *)values + lane;

	for (size_t i = (n - 1) * LANES; i > 0; i -= LANES) {
		size_t j = draw(rng, i / LANES + 1) * LANES;
		float value = of[i];

		of[i] = of[j];
		of[j] = value;
	}
}

/* Permutations are reseeded at each position of the series, so that the result there depends on nothing else. */
static void seed_at(const struct e_divisive *test, size_t first, size_t n)
{
	uint64_t mixed = test->seed;

	mixed = (mixed ^ (first + 1)) * UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ (mixed >> 29) ^ (n + 1)) * UINT64_C(0xbf58476d1ce4e5b9);
	gsl_rng_set(test->rng, (unsigned long)(mixed >> 32));
}

/* Sums in another order differ in the last digits: permutations that only mirror the values must count as equal. */
static float nearly(float q)
{
	return q * (1.0f - 1e-5f);
}

/* Clips and scales values to [0, 1], the same in each lane. False if all are equal. */
static bool fill_lanes(const double *from, size_t n, lanes *values)
{
	double clamped[LONGEST], least, most;

	clamp(from, n, clamped);
	gsl_stats_minmax(&least, &most, clamped, 1, n);
	for (size_t i = 0; i < n; i++)
		values[i] = all_lanes((clamped[i] - least) / (most - least));
	return most > least;
}

static int count_as_good(lanes best, float q, int first_lane)
{
	int n = 0;

	for (int lane = first_lane; lane < LANES; lane++)
		n += best[lane] >= q;
	return n;
}

/*
 * Whether none of FIRST permutations has as good a split and end as the values themselves, which are the first lane of the first batch: as soon
 * as one does, the others do not matter.
 */
bool e_divisive_stands_out(const struct e_divisive *test, const double *series, size_t first, size_t n)
{
	lanes values[E_DIVISIVE_WINDOW], best;
	float q = 0.0f;

	if (!fill_lanes(series + first, n, values))
		return false;
	seed_at(test, first, n);
	for (int done = 0; done <= FIRST; done += LANES) {
		for (int lane = !done; lane < LANES; lane++)
			shuffle_lane(test->rng, values, lane, n);
		best = scan_lanes_ends(values, n);
		if (!done)
			q = nearly(best[0]);
		if (count_as_good(best, q, !done))
			return false;
	}
	return true;
}

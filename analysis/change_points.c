/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_points.c - where a series of values changed its level; see change_points.h.
 *
 * Written out in sums over pairs, with N = n + m values of which T(N) is the sum of all |a - b|, Q is
 *
 *	2/N T(N) - 2(N-1)/N (T(n) / (n-1) + S / (m-1))
 *
 * where S is that sum over the pairs of Y. All of T and S follow from one another by additions, so that a window costs one addition, one
 * absolute difference and one Q for each pair of its values.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/change_points.h"

#define SEGMENT	  CHANGE_POINTS_SEGMENT
#define REACH	  CHANGE_POINTS_WINDOW	     /* values on each side that the last test looks at */
#define LONGEST	  (2 * CHANGE_POINTS_WINDOW) /* values that any test looks at */
#define STEP	  (CHANGE_POINTS_WINDOW / 2)
#define LANES	  4	 /* permutations at once */
#define FIRST	  99	 /* permutations of a candidate, with the values themselves a multiple of LANES: p is 0.01 at least */
#define LAST	  1003	 /* of the last test, likewise: p is 1/1004 at least */
#define MAD_SIGMA 1.4826 /* sigma of a normal distribution, in its median absolute deviation */
#define NO_SPLIT  (-INFINITY)

/* 16 bytes: what every machine's vectors have at least, and compilers make good code of. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t masks __attribute__((vector_size(LANES * sizeof(int32_t))));

struct candidate {
	size_t at;
	double q, p;
	double size_pct;
	bool tested, sized; /* q and p, size_pct are those of the neighbours that it has now */
};

struct finder {
	const double *values;
	size_t n;
	const struct change_points_options *options;
	gsl_rng *rng;
	struct candidate *candidates;
	size_t n_candidates, room;
};

/* ---- outliers -------------------------------------------------------------------------------------------- */

/*
 * What is further than so many sigma from the middle is put there: Q is made of means, and one run that was disturbed must not weigh as
 * much as a window of others. Of two levels neither is an outlier, as the deviation is then that between them.
 */
static void clamp(const double *values, size_t n, double *clamped)
{
	double work[LONGEST], median, reach;

	memcpy(work, values, n * sizeof(*work));
	median = gsl_stats_median(work, 1, n);
	for (size_t i = 0; i < n; i++)
		work[i] = fabs(values[i] - median);
	reach = CHANGE_POINTS_SIGMA * MAD_SIGMA * gsl_stats_median(work, 1, n);
	for (size_t i = 0; i < n; i++)
		clamped[i] = reach > 0.0 ? fmin(fmax(values[i], median - reach), median + reach) : values[i];
}

/* ---- Q --------------------------------------------------------------------------------------------------- */

/* What Q needs of each length: 1 / (length - 1), and both factors; made once. */
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

	/* Every caller writes the same values: whoever is second changes nothing. */
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

/* The largest Q over all splits and ends, of values that have room for two segments. */
static double scan_ends(const double *values, size_t n, size_t *split, size_t *end)
{
	const struct factors *factors = get_factors();
	double back[CHANGE_POINTS_WINDOW], total[CHANGE_POINTS_WINDOW + 1], rows[CHANGE_POINTS_WINDOW] = {0};
	double best = NO_SPLIT;

	sum_pairs(values, n, back, total);
	for (size_t s = n - 1; s >= SEGMENT; s--) {
		double before = total[s] * factors->inverse[s], after = 0.0;

		for (size_t k = s + 1; k < n; k++) {
			size_t e = k + 1;
			double q;

			rows[k] += fabs(values[s] - values[k]);
			after += rows[k];
			q = factors->two_by[e] * total[e] - factors->within[e] * (before + after * factors->inverse[e - s]);
			if (e - s < SEGMENT || q <= best)
				continue;
			best = q;
			*split = s;
			*end = e;
		}
	}
	return best;
}

/* sum_pairs of several permutations at once, one a lane. */
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
 * scan_ends of several permutations at once, without the place. This is where the time goes: what scan_ends adds up one after the other
 * has to wait for itself, and here each addition is several that do not. Values are within [0, 1], where a float is enough.
 */
static lanes scan_lanes_ends(const lanes *values, size_t n)
{
	const struct factors *factors = get_factors();
	const masks no_sign = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX};
	lanes total[CHANGE_POINTS_WINDOW + 1], all[CHANGE_POINTS_WINDOW + 1], rows[CHANGE_POINTS_WINDOW], best = {0};

	sum_lanes(values, n, rows, total);
	for (size_t e = 2; e <= n; e++)
		all[e] = factors->lanes_two_by[e] * total[e];
	memset(rows, 0, sizeof(rows));
	for (size_t s = n - 1; s >= SEGMENT; s--) {
		lanes before = total[s] * factors->lanes_inverse[s], after = {0};

		for (size_t e = s + 2; e <= n; e++) {
			rows[e - 1] += (lanes)((masks)(values[s] - values[e - 1]) & no_sign);
			after += rows[e - 1];
			if (e - s >= SEGMENT)
				best = larger(all[e] - factors->lanes_within[e] * (before + after * factors->lanes_inverse[e - s]), best);
		}
	}
	return best;
}

/* The largest Q over all splits, the end being that of the values. full[i] is the sum of |values[i] - b| over all b. */
static lanes scan_lanes_splits(const lanes *values, const lanes *full, size_t n)
{
	const struct factors *factors = get_factors();
	lanes back[LONGEST], total[LONGEST + 1], after = {0}, best = {0};

	sum_lanes(values, n, back, total);
	for (size_t s = n - 1; s >= SEGMENT; s--) {
		after += full[s] - back[s];
		if (n - s >= SEGMENT)
			best = larger(factors->lanes_two_by[n] * total[n] - factors->lanes_within[n] * (total[s] * factors->lanes_inverse[s] +
													       after * factors->lanes_inverse[n - s]),
				best);
	}
	return best;
}

/* The split with the largest Q, the end being that of the values. */
static double scan_splits(const double *values, size_t n, size_t *split)
{
	const struct factors *factors = get_factors();
	double clamped[LONGEST], back[LONGEST], total[LONGEST + 1];
	double best = NO_SPLIT, after = 0.0;

	if (n < 2 * SEGMENT)
		return best;
	clamp(values, n, clamped);
	sum_pairs(clamped, n, back, total);
	for (size_t s = n - 1; s >= SEGMENT; s--) {
		double q;

		for (size_t k = s; k < n; k++)
			after += fabs(clamped[s] - clamped[k]);
		if (n - s < SEGMENT)
			continue;
		q = factors->two_by[n] * total[n] - factors->within[n] * (total[s] * factors->inverse[s] + after * factors->inverse[n - s]);
		if (q <= best)
			continue;
		best = q;
		*split = s;
	}
	return best;
}

bool change_points_best(const double *values, size_t n, size_t *split, size_t *end, double *q)
{
	double clamped[CHANGE_POINTS_WINDOW];

	if (n > CHANGE_POINTS_WINDOW || n < 2 * SEGMENT)
		return false;
	clamp(values, n, clamped);
	*q = scan_ends(clamped, n, split, end);
	return true;
}

/* ---- permutations ---------------------------------------------------------------------------------------- */

/* A place among n. 32 random bits are plenty for so few. */
static size_t draw(gsl_rng *rng, size_t n)
{
	return (size_t)(((uint64_t)gsl_rng_get(rng) * n) >> 32);
}

/* One lane in another order: its values and, where given, what belongs to each. */
static void shuffle_lane(gsl_rng *rng, lanes *values, lanes *full, int lane, size_t n)
{
	/* as floats: a lane that is not known beforehand is slow to get at in a vector */
	float *of = (float *)values + lane, *belonging = full ? (float *)full + lane : NULL;

	for (size_t i = (n - 1) * LANES; i > 0; i -= LANES) {
		size_t j = draw(rng, i / LANES + 1) * LANES;
		float value = of[i];

		of[i] = of[j];
		of[j] = value;
		if (!full)
			continue;
		value = belonging[i];
		belonging[i] = belonging[j];
		belonging[j] = value;
	}
}

/* Permutations begin anew at each place of the series: what is found there depends on nothing else. */
static void seed_at(struct finder *finder, size_t first, size_t n)
{
	uint64_t mixed = finder->options->seed;

	mixed = (mixed ^ (first + 1)) * UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ (mixed >> 29) ^ (n + 1)) * UINT64_C(0xbf58476d1ce4e5b9);
	gsl_rng_set(finder->rng, (unsigned long)(mixed >> 32));
}

/* Sums in another order end in other last digits: permutations that only mirror the values must count as equal. */
static float nearly(float q)
{
	return q * (1.0f - 1e-5f);
}

/* Clamped and into [0, 1], the same in each lane. False where all are equal. */
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
 * Whether no permutation of FIRST has as good a split and end as the values themselves, which are the first lane of the first lot: as soon
 * as one has, the others do not matter.
 */
static bool stands_out(struct finder *finder, size_t first, size_t n)
{
	lanes values[CHANGE_POINTS_WINDOW], best;
	float q = 0.0f;

	if (!fill_lanes(finder->values + first, n, values))
		return false;
	seed_at(finder, first, n);
	for (int done = 0; done <= FIRST; done += LANES) {
		for (int lane = !done; lane < LANES; lane++)
			shuffle_lane(finder->rng, values, NULL, lane, n);
		best = scan_lanes_ends(values, n);
		if (!done)
			q = nearly(best[0]);
		if (count_as_good(best, q, !done))
			return false;
	}
	return true;
}

/* p of the best split of n values; one that is not below CHANGE_POINTS_P is only known to be that. */
static double last_p(struct finder *finder, size_t first, size_t n)
{
	lanes values[LONGEST], full[LONGEST], best;
	float q = 0.0f;
	int as_good = 0;

	if (n < 2 * SEGMENT || !fill_lanes(finder->values + first, n, values))
		return 1.0;
	memset(full, 0, sizeof(full));
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			full[a] += larger(values[a] - values[b], values[b] - values[a]);
	seed_at(finder, first, n);
	for (int done = 0; done <= LAST; done += LANES) {
		for (int lane = !done; lane < LANES; lane++)
			shuffle_lane(finder->rng, values, full, lane, n);
		best = scan_lanes_splits(values, full, n);
		if (!done)
			q = nearly(best[0]);
		as_good += count_as_good(best, q, !done);
		/* p can only grow from here */
		if ((as_good + 1.0) / (LAST + 1.0) >= CHANGE_POINTS_P)
			return (as_good + 1.0) / (done + LANES);
	}
	return (as_good + 1.0) / (LAST + 1.0);
}

/* ---- candidates ------------------------------------------------------------------------------------------ */

static int add_candidate(struct finder *finder, size_t at, double q)
{
	if (finder->n_candidates == finder->room) {
		size_t room = finder->room ? 2 * finder->room : 16;
		struct candidate *candidates = reallocarray(finder->candidates, room, sizeof(*candidates));

		if (!candidates)
			return -ENOMEM;
		finder->candidates = candidates;
		finder->room = room;
	}
	finder->candidates[finder->n_candidates++] = (struct candidate){.at = at, .q = q};
	return 0;
}

/* Splits the window, then what is on both sides, as long as it stands out. */
static int split_window(struct finder *finder, size_t first, size_t n)
{
	size_t split, end;
	double q;
	int err;

	if (n < 2 * SEGMENT || !stands_out(finder, first, n) || !change_points_best(finder->values + first, n, &split, &end, &q))
		return 0;
	err = add_candidate(finder, first + split, q);
	if (!err)
		err = split_window(finder, first, split);
	if (!err)
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
	} while (!err && first - STEP + n < finder->n);
	return err;
}

static int by_place(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->q < y->q) - (x->q > y->q);
}

/* Two windows see one change, and may put it a little apart: of candidates closer than a segment the better one stays. */
static void join_neighbours(struct finder *finder)
{
	struct candidate *candidates = finder->candidates;
	size_t kept = 0;

	if (!finder->n_candidates)
		return;
	qsort(candidates, finder->n_candidates, sizeof(*candidates), by_place);
	for (size_t i = 1; i < finder->n_candidates; i++) {
		if (candidates[i].at - candidates[kept].at >= SEGMENT)
			candidates[++kept] = candidates[i];
		else if (candidates[i].q > candidates[kept].q)
			candidates[kept] = candidates[i];
	}
	finder->n_candidates = kept + 1;
}

/* ---- the last test --------------------------------------------------------------------------------------- */

/* Where the values around a candidate begin and end: at its neighbours. */
static size_t begin_of(const struct finder *finder, size_t i)
{
	return i ? finder->candidates[i - 1].at : 0;
}

static size_t end_of(const struct finder *finder, size_t i)
{
	return i + 1 < finder->n_candidates ? finder->candidates[i + 1].at : finder->n;
}

/* The best split of what lies between the neighbours, up to REACH on each side: that is where the change is, and how sure. */
static void test_candidate(struct finder *finder, size_t i)
{
	struct candidate *candidate = &finder->candidates[i];
	size_t first = begin_of(finder, i), end = end_of(finder, i), split = 0;

	if (candidate->at - first > REACH)
		first = candidate->at - REACH;
	if (end - candidate->at > REACH)
		end = candidate->at + REACH;
	candidate->q = scan_splits(finder->values + first, end - first, &split);
	candidate->p = last_p(finder, first, end - first);
	candidate->tested = true;
	if (split)
		candidate->at = first + split;
}

/* Levels may be long: the middle is selected, not sorted for. */
static int median_of(const double *values, size_t n, double *median)
{
	double *copy = malloc(n * sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, values, n * sizeof(*copy));
	*median = gsl_stats_median(copy, 1, n);
	free(copy);
	return 0;
}

static int describe(const struct finder *finder, size_t i, struct change_point *point)
{
	const struct candidate *candidate = &finder->candidates[i];
	size_t first = begin_of(finder, i);
	int err = median_of(finder->values + first, candidate->at - first, &point->before);

	point->at = candidate->at;
	point->p = candidate->p;
	point->q = candidate->q;
	return err ? err : median_of(finder->values + candidate->at, end_of(finder, i) - candidate->at, &point->after);
}

/* Neither its place nor that of a neighbour is what it was. */
static void place_changed(struct finder *finder, size_t i)
{
	for (size_t c = i ? i - 1 : 0; c <= i + 1 && c < finder->n_candidates; c++)
		finder->candidates[c].sized = false;
}

/* The largest p that is not small enough; n_candidates where all are. */
static size_t find_unsure(struct finder *finder)
{
	size_t unsure = finder->n_candidates;
	double p = 0.0;

	for (size_t i = 0; i < finder->n_candidates; i++) {
		if (!finder->candidates[i].tested) {
			test_candidate(finder, i);
			place_changed(finder, i);
		}
		if (finder->candidates[i].p < CHANGE_POINTS_P || finder->candidates[i].p <= p)
			continue;
		p = finder->candidates[i].p;
		unsure = i;
	}
	return unsure;
}

/* The smallest change that is not large enough; n_candidates where all are. */
static int find_small(struct finder *finder, size_t *small)
{
	double size_pct = finder->options->min_change_pct;
	int err = 0;

	*small = finder->n_candidates;
	for (size_t i = 0; i < finder->n_candidates && !err; i++) {
		struct candidate *candidate = &finder->candidates[i];
		struct change_point point;

		if (!candidate->sized) {
			err = describe(finder, i, &point);
			candidate->size_pct = fabs(change_points_pct(&point));
			candidate->sized = true;
		}
		if (candidate->size_pct >= size_pct)
			continue;
		size_pct = candidate->size_pct;
		*small = i;
	}
	return err;
}

/* What is left of a series of many candidates takes as many tests as there are candidates, and two more for each that goes. */
static int remove_weak(struct finder *finder)
{
	for (;;) {
		size_t weakest = find_unsure(finder);
		int err = 0;

		if (weakest == finder->n_candidates)
			err = find_small(finder, &weakest);
		if (err || weakest == finder->n_candidates)
			return err;
		finder->n_candidates--;
		memmove(&finder->candidates[weakest], &finder->candidates[weakest + 1],
			(finder->n_candidates - weakest) * sizeof(*finder->candidates));
		if (weakest)
			finder->candidates[weakest - 1].tested = false;
		if (weakest < finder->n_candidates)
			finder->candidates[weakest].tested = false;
		place_changed(finder, weakest);
	}
}

/* ---- a few values ---------------------------------------------------------------------------------------- */

/* All of values[at..] beyond so many sigma of those before, on one side. */
static bool is_beyond(const double *values, size_t n, size_t at)
{
	double mean = 0.0, variance = 0.0, reach;
	bool above = true, below = true;

	for (size_t i = 0; i < at; i++)
		mean += values[i] / (double)at;
	for (size_t i = 0; i < at; i++)
		variance += (values[i] - mean) * (values[i] - mean) / (double)(at - 1);
	reach = CHANGE_POINTS_SIGMA * sqrt(variance);
	for (size_t i = at; i < n; i++) {
		above &= values[i] > mean + reach;
		below &= values[i] < mean - reach;
	}
	return above || below;
}

static int look_back(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points)
{
	struct change_point point = {.p = NAN, .q = NAN};
	int err;

	for (point.at = CHANGE_POINTS_BACK_MIN; point.at < n; point.at++)
		if (is_beyond(values, n, point.at))
			break;
	if (point.at >= n)
		return 0;
	err = median_of(values, point.at, &point.before);
	if (!err)
		err = median_of(values + point.at, n - point.at, &point.after);
	if (err || fabs(change_points_pct(&point)) < options->min_change_pct)
		return err;
	*points = malloc(sizeof(**points));
	if (!*points)
		return -ENOMEM;
	**points = point;
	*n_points = 1;
	return 0;
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
	if (!found)
		return -ENOMEM;
	for (size_t i = 0; i < finder->n_candidates && !err; i++)
		err = describe(finder, i, &found[i]);
	if (err) {
		free(found);
		return err;
	}
	*points = found;
	*n_points = finder->n_candidates;
	return 0;
}

int change_points_find(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points)
{
	struct finder finder = {.values = values, .n = n, .options = options};
	int err;

	*points = NULL;
	*n_points = 0;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return -EDOM;
	if (n < CHANGE_POINTS_MIN)
		return look_back(values, n, options, points, n_points);
	finder.rng = gsl_rng_alloc(gsl_rng_taus2);
	if (!finder.rng)
		return -ENOMEM;
	err = split_all(&finder);
	if (!err) {
		join_neighbours(&finder);
		err = remove_weak(&finder);
	}
	if (!err)
		err = describe_all(&finder, points, n_points);
	if (!err && !*n_points && n < CHANGE_POINTS_SURE)
		err = look_back(values, n, options, points, n_points);
	free(finder.candidates);
	gsl_rng_free(finder.rng);
	return err;
}

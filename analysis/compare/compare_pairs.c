/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_pairs.c - estimates how much one metric changed from rounds in pairs; see compare_change.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/compare/compare_change.h"
#include "analysis/statistics/paired.h"

/* The values of rounds with the same number, if both have one. */
struct pairs {
	double *base, *new, *differences;
	size_t n;
};

static void pairs_free(struct pairs *pairs)
{
	free(pairs->base);
	free(pairs->new);
	free(pairs->differences);
}

/* The index of the round's value, searched from *at on and then from the beginning. */
static bool find_round(const struct summary_row *row, unsigned round, size_t *at)
{
	for (size_t i = 0; i < row->n_values; i++) {
		size_t place = (*at + i) % row->n_values;

		if (row->rounds[place] != round)
			continue;
		*at = place;
		return true;
	}
	return false;
}

static int pairs_make(const struct summary_row *base, const struct summary_row *new, struct pairs *pairs)
{
	size_t room = base->n_values + 1, at = 0;

	*pairs = (struct pairs){
		.base = calloc(room, sizeof(double)), .new = calloc(room, sizeof(double)), .differences = calloc(room, sizeof(double))};
	if (pairs->base == NULL || pairs->new == NULL || pairs->differences == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < base->n_values; i++) {
		/* in both runs rounds are mostly in ascending order: the search for the partner starts at the last one's */
		if (!find_round(new, base->rounds[i], &at))
			continue;
		pairs->base[pairs->n] = base->values[i];
		pairs->new[pairs->n++] = new->values[at];
	}
	return 0;
}

/* Differences of logarithms; of values, in percent of the base's median, if one is 0 or negative; or of plain values if that median is 0, too. */
enum scale { LOGARITHMS, PERCENT, PLAIN };

static enum scale take_differences(const struct compare_row *row, struct pairs *pairs)
{
	double unit = fabs(row->base->interval.median) / 100.0;
	enum scale scale = LOGARITHMS;

	for (size_t i = 0; i < pairs->n; i++)
		if (!(pairs->base[i] > 0.0 && pairs->new[i] > 0.0))
			scale = unit == 0.0 ? PLAIN : PERCENT;
	for (size_t i = 0; i < pairs->n; i++) {
		double difference = pairs->new[i] - pairs->base[i];

		pairs->differences[i] = scale == LOGARITHMS ? log(pairs->new[i] / pairs->base[i]) : scale == PERCENT ? difference / unit : difference;
	}
	return scale;
}

static double percent(double shift, enum scale scale)
{
	return scale == LOGARITHMS ? expm1(shift) * 100.0 : shift;
}

/* The smallest and the largest change of any pair. */
static void take_range(struct compare_row *row, const struct pairs *pairs, enum scale scale)
{
	double least = pairs->differences[0], most = least;

	for (size_t i = 1; i < pairs->n; i++) {
		least = fmin(least, pairs->differences[i]);
		most = fmax(most, pairs->differences[i]);
	}
	row->least_pct = percent(least, scale);
	row->most_pct = percent(most, scale);
}

/* With a base of 0 there is no percentage, but if no round differs the change is 0. */
static void take_change(struct compare_row *row, const struct two_sample_shift *shift, enum scale scale)
{
	bool differs = row->least_pct != 0.0 || row->most_pct != 0.0;

	if (scale == PLAIN && differs) {
		row->from_zero = shift->has_interval ? (shift->lo > 0.0) - (shift->hi < 0.0) : (row->least_pct > 0.0) - (row->most_pct < 0.0);
		return;
	}
	row->has_change = true;
	row->has_interval = shift->has_interval;
	row->change_pct = percent(shift->shift, scale);
	row->lo_pct = percent(shift->lo, scale);
	row->hi_pct = percent(shift->hi, scale);
}

/* Drift within a run is in both rounds of a pair and cancels in their difference: no guard against it is needed. */
int compare_measure_pairs(struct compare_row *row, const struct compare_limits *limits)
{
	struct two_sample_shift shift;
	struct pairs pairs;
	enum scale scale;
	int err = pairs_make(row->base, row->new, &pairs);

	row->pairs = pairs.n;
	if (err != 0 || !pairs.n)
		goto out;
	scale = take_differences(row, &pairs);
	take_range(row, &pairs, scale);
	err = paired_shift(pairs.differences, pairs.n, limits->confidence, &shift);
	if (err == 0)
		err = paired_p(pairs.differences, pairs.n, &row->p);
	if (err != 0)
		goto out;
	take_change(row, &shift, scale);
out:
	pairs_free(&pairs);
	return err;
}

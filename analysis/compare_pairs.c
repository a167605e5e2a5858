/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_pairs.c - how much one metric changed, of rounds that were taken in pairs; see compare_change.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/compare_change.h"
#include "analysis/paired.h"

/* The values of rounds of one number, where both have one. */
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

/* The place of the round's value, looked for from *at on, around the end. */
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
	if (!pairs->base || !pairs->new || !pairs->differences)
		return -ENOMEM;
	for (size_t i = 0; i < base->n_values; i++) {
		/* in both runs rounds ascend, mostly: the partner is looked for from the last one's on */
		if (!find_round(new, base->rounds[i], &at))
			continue;
		pairs->base[pairs->n] = base->values[i];
		pairs->new[pairs->n++] = new->values[at];
	}
	return 0;
}

/* Differences of logarithms; where a value is 0 or below, in percent of the base's median. False where that is 0. */
static bool take_differences(const struct compare_row *row, struct pairs *pairs, bool *logarithmic)
{
	double scale = fabs(row->base->interval.median) / 100.0;

	*logarithmic = true;
	for (size_t i = 0; i < pairs->n; i++)
		*logarithmic = *logarithmic && pairs->base[i] > 0.0 && pairs->new[i] > 0.0;
	if (!*logarithmic && scale == 0.0)
		return false;
	for (size_t i = 0; i < pairs->n; i++)
		pairs->differences[i] = *logarithmic ? log(pairs->new[i] / pairs->base[i]) : (pairs->new[i] - pairs->base[i]) / scale;
	return true;
}

static double percent(double shift, bool logarithmic)
{
	return logarithmic ? expm1(shift) * 100.0 : shift;
}

/* What a run drifts by itself is in both of a pair, and gone from their difference: no guard against it is needed. */
int compare_measure_pairs(struct compare_row *row, const struct compare_limits *limits)
{
	struct two_sample_shift shift;
	struct pairs pairs;
	bool logarithmic;
	int err = pairs_make(row->base, row->new, &pairs);

	row->pairs = pairs.n;
	if (err || !pairs.n || !take_differences(row, &pairs, &logarithmic))
		goto out;
	err = paired_shift(pairs.differences, pairs.n, limits->confidence, &shift);
	if (!err)
		err = paired_p(pairs.differences, pairs.n, &row->p);
	if (err)
		goto out;
	row->has_change = true;
	row->has_interval = shift.has_interval;
	row->change_pct = percent(shift.shift, logarithmic);
	row->lo_pct = percent(shift.lo, logarithmic);
	row->hi_pct = percent(shift.hi, logarithmic);
out:
	pairs_free(&pairs);
	return err;
}

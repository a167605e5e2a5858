/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_change.c - estimates how much one metric of one cell changed; see compare_change.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare_change.h"
#include "analysis/statistics/two_sample.h"

static bool all_equal(const double *values, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (values[i] != values[0])
			return false;
	return true;
}

bool compare_all_positive(const struct summary_row *row)
{
	for (size_t i = 0; i < row->n_values; i++)
		if (!(row->values[i] > 0.0))
			return false;
	return true;
}

static double *logarithms(const struct summary_row *row)
{
	double *logs = malloc(row->n_values * sizeof(*logs));

	for (size_t i = 0; logs != NULL && i < row->n_values; i++)
		logs[i] = log(row->values[i]);
	return logs;
}

static double percent_of_log(double shift)
{
	return expm1(shift) * 100.0;
}

/* The change as a ratio, from differences of logarithms. */
static int measure_ratio(struct compare_row *row)
{
	double *base = logarithms(row->base), *new = logarithms(row->new);
	struct two_sample_shift shift;
	int err = -ENOMEM;

	if (base != NULL && new != NULL)
		err = two_sample_shift(base, row->base->n_values, new, row->new->n_values, &shift);
	if (err == 0) {
		row->has_change = true;
		row->change_pct = percent_of_log(shift.shift);
		row->has_interval = shift.has_interval;
		row->lo_pct = percent_of_log(shift.lo);
		row->hi_pct = percent_of_log(shift.hi);
	}
	free(base);
	free(new);
	return err;
}

/*
 * Values that may be 0 or negative have no logarithm: the change is the difference in percent of the base's median. If that is 0 there is no
 * percentage, but it is known whether the difference can be 0.
 */
static int measure_difference(struct compare_row *row)
{
	double scale = fabs(row->base->interval.median) / 100.0;
	struct two_sample_shift shift;
	int err = two_sample_shift(row->base->values, row->base->n_values, row->new->values, row->new->n_values, &shift);

	if (err != 0)
		return err;
	if (scale == 0.0 && !(shift.has_interval && shift.lo == 0.0 && shift.hi == 0.0)) {
		row->from_zero = shift.has_interval ? (shift.lo > 0.0) - (shift.hi < 0.0) : 0;
		return 0;
	}
	if (scale == 0.0)
		scale = 1.0;
	row->has_change = true;
	row->change_pct = shift.shift / scale;
	row->has_interval = shift.has_interval;
	row->lo_pct = shift.lo / scale;
	row->hi_pct = shift.hi / scale;
	return 0;
}

/* The drift from a run's first half to its second, in percent: how much results change on this machine without a cause. */
static int measure_drift(const struct summary_row *row, double *drift_pct)
{
	size_t half = row->n_values / 2;
	struct two_sample_shift shift;
	double *logs;
	int err;

	*drift_pct = 0.0;
	if (!half || !compare_all_positive(row))
		return 0;
	logs = logarithms(row);
	if (logs == NULL)
		return -ENOMEM;
	err = two_sample_shift(logs, half, logs + row->n_values - half, half, &shift);
	*drift_pct = fabs(percent_of_log(shift.shift));
	free(logs);
	return err;
}

static int measure_drifts(struct compare_row *row)
{
	double base, new;
	int err = measure_drift(row->base, &base);

	if (err == 0)
		err = measure_drift(row->new, &new);
	if (err == 0)
		row->drift_pct = fmax(base, new);
	return err;
}

/* Counts that are the same in every round of a run are equal or not. Returns true if that decides the verdict. */
static bool judge_exact(struct compare_row *row)
{
	const struct summary_row *base = row->base, *new = row->new;

	if (base->better != FS_EXACT || !all_equal(base->values, base->n_values) || !all_equal(new->values, new->n_values))
		return false;
	row->has_change = base->values[0] != 0.0 || new->values[0] == 0.0;
	row->change_pct = base->values[0] != 0.0 ? (new->values[0] - base->values[0]) / fabs(base->values[0]) * 100.0 : 0.0;
	row->delta = (new->values[0] > base->values[0]) - (new->values[0] < base->values[0]);
	row->cause = row->delta == 0.0 ? COMPARE_EQUAL : COMPARE_DIFFERENT;
	row->verdict = row->delta == 0.0 ? COMPARE_SAME : COMPARE_CHANGED;
	return true;
}

static int measure_groups(struct compare_row *row)
{
	const struct summary_row *base = row->base, *new = row->new;
	int err = compare_all_positive(base) && compare_all_positive(new) ? measure_ratio(row) : measure_difference(row);

	if (err == 0)
		err = two_sample_p(base->values, base->n_values, new->values, new->n_values, &row->p);
	return err != 0 ? err : measure_drifts(row);
}

/* Ten pairs can never reach a p below 0.002, ten rounds against ten can: the smaller p of both tests, doubled because there are two. */
static int same_seed_p(struct compare_row *row)
{
	double p = NAN;
	int err = two_sample_p(row->base->values, row->base->n_values, row->new->values, row->new->n_values, &p);

	row->p = fmin(1.0, 2.0 * fmin(row->p, p));
	return err;
}

/* Instructions, and values that do not vary from round to round: further rounds would give the same. */
static bool is_flat(const struct compare_row *row)
{
	const struct summary_row *base = row->base, *new = row->new;

	return clock_counts_instructions(base->run->clock) && base->n_values > 1 && new->n_values > 1 && all_equal(base->values, base->n_values) &&
	       all_equal(new->values, new->n_values);
}

/* A change that does not vary is both the smallest and the largest. */
static void measure_flat(struct compare_row *row)
{
	double before = row->base->values[0], now = row->new->values[0];

	row->least_pct = row->most_pct = row->change_pct;
	if (row->has_change)
		return;
	row->from_zero = (now > before) - (now < before);
	row->has_change = !row->from_zero;
}

int compare_measure(struct compare_row *row, const struct compare_limits *limits)
{
	const struct summary_row *base = row->base, *new = row->new;
	int err;

	row->verdict = COMPARE_UNDECIDED;
	row->p = row->q = NAN;
	if (judge_exact(row))
		return 0;
	err = row->paired ? compare_measure_pairs(row, limits) : measure_groups(row);
	if (err == 0 && row->same_seed)
		err = same_seed_p(row);
	if (err == 0)
		err = two_sample_delta(base->values, base->n_values, new->values, new->n_values, &row->delta);
	if (err != 0)
		return err;
	row->deterministic = row->same_seed ? row->pairs > 0 : is_flat(row);
	if (row->deterministic && !row->same_seed)
		measure_flat(row);
	if (row->deterministic && compare_judge_facts(row))
		return 0;
	row->cause = !row->has_change && compare_rounds_of(row) ? COMPARE_NO_SCALE : COMPARE_FEW;
	row->tested = ((row->has_change && row->has_interval) || row->from_zero) && compare_rounds_of(row) >= COMPARE_ROUNDS;
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_change.c - one metric of one cell: how much it changed, the verdict, and why in words; see compare_change.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "analysis/compare_change.h"
#include "analysis/format.h"
#include "analysis/resample.h"
#include "analysis/two_sample.h"

#define MANY_ROUNDS 1000 /* more than that is no advice */

/* ---- how much -------------------------------------------------------------------------------------------- */

static bool all_equal(const double *values, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (values[i] != values[0])
			return false;
	return true;
}

static bool all_positive(const struct summary_row *row)
{
	for (size_t i = 0; i < row->n_values; i++)
		if (!(row->values[i] > 0.0))
			return false;
	return true;
}

static double *logarithms(const struct summary_row *row)
{
	double *logs = malloc(row->n_values * sizeof(*logs));

	for (size_t i = 0; logs && i < row->n_values; i++)
		logs[i] = log(row->values[i]);
	return logs;
}

static double percent_of_log(double shift)
{
	return expm1(shift) * 100.0;
}

/* The change as a ratio: differences of logarithms. */
static int measure_ratio(struct compare_row *row)
{
	double *base = logarithms(row->base), *new = logarithms(row->new);
	struct two_sample_shift shift;
	int err = -ENOMEM;

	if (base && new)
		err = two_sample_shift(base, row->base->n_values, new, row->new->n_values, &shift);
	if (!err) {
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

/* What may be 0 or below has no logarithm: the difference in percent of the base's median. */
static int measure_difference(struct compare_row *row)
{
	double scale = fabs(row->base->interval.median) / 100.0;
	struct two_sample_shift shift;
	int err = two_sample_shift(row->base->values, row->base->n_values, row->new->values, row->new->n_values, &shift);

	if (err)
		return err;
	if (scale == 0.0 && !(shift.has_interval && shift.lo == 0.0 && shift.hi == 0.0))
		return 0;
	if (scale == 0.0)
		scale = 1.0;
	row->has_change = true;
	row->change_pct = shift.shift / scale;
	row->has_interval = shift.has_interval;
	row->lo_pct = shift.lo / scale;
	row->hi_pct = shift.hi / scale;
	return 0;
}

/* How far a run's second half is from its first, in percent: how much this machine changes when nothing does. */
static int measure_drift(const struct summary_row *row, double *drift_pct)
{
	size_t half = row->n_values / 2;
	struct two_sample_shift shift;
	double *logs;
	int err;

	*drift_pct = 0.0;
	if (!half || !all_positive(row))
		return 0;
	logs = logarithms(row);
	if (!logs)
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

	if (!err)
		err = measure_drift(row->new, &new);
	if (!err)
		row->drift_pct = fmax(base, new);
	return err;
}

/* Counts that are the same in every round are the same or not; true where that settles it. */
static bool judge_exact(struct compare_row *row)
{
	const struct summary_row *base = row->base, *new = row->new;

	if (base->better != RUN_EXACT || !all_equal(base->values, base->n_values) || !all_equal(new->values, new->n_values))
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
	int err = all_positive(base) && all_positive(new) ? measure_ratio(row) : measure_difference(row);

	if (!err)
		err = two_sample_p(base->values, base->n_values, new->values, new->n_values, &row->p);
	return err ? err : measure_drifts(row);
}

/* Ten pairs can never be more certain than 0.002, ten rounds against ten can: the better of the two, for the price of having asked twice. */
static int twins_p(struct compare_row *row)
{
	double p = NAN;
	int err = two_sample_p(row->base->values, row->base->n_values, row->new->values, row->new->n_values, &p);

	row->p = fmin(1.0, 2.0 * fmin(row->p, p));
	return err;
}

/* What a verdict rests on. */
static size_t rounds_of(const struct compare_row *row)
{
	if (row->paired)
		return row->pairs;
	return row->base->n_values < row->new->n_values ? row->base->n_values : row->new->n_values;
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
	if (!err && row->twins)
		err = twins_p(row);
	if (!err)
		err = two_sample_delta(base->values, base->n_values, new->values, new->n_values, &row->delta);
	row->cause = !row->has_change && rounds_of(row) ? COMPARE_NO_SCALE : COMPARE_FEW;
	row->tested = row->has_change && row->has_interval && rounds_of(row) >= COMPARE_ROUNDS;
	return err;
}

/* ---- verdicts -------------------------------------------------------------------------------------------- */

static enum compare_verdict verdict_beyond(const struct compare_row *row)
{
	bool up = row->change_pct > 0.0;

	if (row->base->better == RUN_EXACT)
		return COMPARE_CHANGED;
	return up == (row->base->better == RUN_HIGHER) ? COMPARE_FASTER : COMPARE_SLOWER;
}

/*
 * Widths shrink with the root of the rounds; the interval has to fit between the change and the margin. A change that looks to be right
 * at the margin is there by chance more often than not: half the margin is room enough to ask for.
 */
static double rounds_across(const struct compare_row *row)
{
	double half = (row->hi_pct - row->lo_pct) / 2.0;
	double room = fmax(fabs(fabs(row->change_pct) - row->margin_pct), row->margin_pct / 2.0);
	double rounds = (double)rounds_of(row), more = rounds * (half * half / (room * room) - 1.0);

	return more > MANY_ROUNDS || !isfinite(more) ? INFINITY : fmax(1.0, ceil(more));
}

/* The test's deviate grows with the root of the rounds; it has to reach what the limits ask for. */
static double rounds_chance(const struct compare_row *row, const struct compare_limits *limits)
{
	double p = fmin(row->p / row->q * limits->q, limits->p);
	double now = gsl_cdf_ugaussian_Qinv(row->p / 2.0), wanted = gsl_cdf_ugaussian_Qinv(p / 2.0);
	double rounds = (double)rounds_of(row), more = rounds * (wanted * wanted / (now * now) - 1.0);

	return more > MANY_ROUNDS || !isfinite(more) ? INFINITY : fmax(1.0, ceil(more));
}

static bool is_beyond(const struct compare_row *row, double limit_pct)
{
	return row->lo_pct > limit_pct || row->hi_pct < -limit_pct;
}

static void judge_tested(struct compare_row *row, const struct compare_limits *limits)
{
	if (row->lo_pct >= -row->margin_pct && row->hi_pct <= row->margin_pct) {
		row->cause = COMPARE_INSIDE;
		row->verdict = COMPARE_SAME;
	} else if (!is_beyond(row, row->margin_pct)) {
		row->cause = COMPARE_ACROSS;
		row->more_rounds = rounds_across(row);
	} else if (row->q > limits->q || row->p > limits->p) {
		row->cause = COMPARE_CHANCE;
		row->more_rounds = rounds_chance(row, limits);
	} else if (!is_beyond(row, row->drift_pct)) {
		row->cause = COMPARE_DRIFT;
		row->more_rounds = INFINITY;
	} else {
		row->cause = COMPARE_BEYOND;
		row->verdict = verdict_beyond(row);
	}
}

static void judge_untested(struct compare_row *row)
{
	if (row->cause == COMPARE_FEW && rounds_of(row) < COMPARE_ROUNDS)
		row->more_rounds = (double)(COMPARE_ROUNDS - rounds_of(row));
	else if (row->cause == COMPARE_NO_SCALE)
		row->more_rounds = INFINITY;
}

void compare_judge(struct compare_row *row, const struct compare_limits *limits)
{
	if (row->tested)
		judge_tested(row, limits);
	else
		judge_untested(row);
}

/* ---- in words -------------------------------------------------------------------------------------------- */

void compare_rounds(const struct compare_row *row, char *text, size_t bytes)
{
	*text = '\0';
	if (row->verdict != COMPARE_UNDECIDED)
		return;
	if (row->cause == COMPARE_NO_SCALE)
		snprintf(text, bytes, "the base is 0: there is no percentage");
	else if (row->cause == COMPARE_DRIFT)
		snprintf(text, bytes, "a run drifts by %.0f %% itself: measure on a quieter machine", row->drift_pct);
	else if (isinf(row->more_rounds))
		snprintf(text, bytes, "more than %d more rounds would be needed", MANY_ROUNDS);
	else
		snprintf(text, bytes, "%s %.0f more round%s would tell", row->cause == COMPARE_FEW ? "at least" : "about", row->more_rounds,
			row->more_rounds == 1.0 ? "" : "s");
}

/* "12 rounds against 12", "12 pairs of rounds" */
static void rest_text(const struct compare_row *row, char *text, size_t bytes)
{
	if (row->paired)
		snprintf(text, bytes, "%zu pairs of rounds", row->pairs);
	else
		snprintf(text, bytes, "%zu rounds against %zu", row->base->n_values, row->new->n_values);
}

/* Two methods that rest on other ideas, as a second opinion: they decide nothing. Pairs have no place in them. */
static void second_opinion(const struct compare_row *row, char *text, size_t bytes)
{
	const struct summary_row *base = row->base, *new = row->new;
	struct statistics_interval ratio;
	double p;

	*text = '\0';
	if (row->paired || !all_positive(base) || !all_positive(new))
		return;
	if (resample_ratio(base->values, base->n_values, new->values, new->n_values, resample_median, RESAMPLE_DRAWS, 1, &ratio) ||
		resample_p(base->values, base->n_values, new->values, new->n_values, resample_median, RESAMPLE_DRAWS, 1, &p) || !ratio.has_interval)
		return;
	snprintf(
		text, bytes, "; of the medians: bootstrap [%+.2f, %+.2f], permutation p=%.2g", (ratio.lo - 1.0) * 100.0, (ratio.hi - 1.0) * 100.0, p);
}

void compare_explain(const struct comparison *comparison, const struct compare_row *row, char *text, size_t bytes)
{
	char rounds[96], rest[64], opinion[128], values[2][FORMAT_VALUE];
	int used = 0;

	compare_rounds(row, rounds, sizeof(rounds));
	rest_text(row, rest, sizeof(rest));
	format_value(row->base->interval.median, row->base->unit, values[0]);
	format_value(row->new->interval.median, row->new->unit, values[1]);
	switch (row->cause) {
	case COMPARE_EQUAL:
		snprintf(text, bytes, "an exact count: %s in every round of both", values[0]);
		return;
	case COMPARE_DIFFERENT:
		snprintf(text, bytes, "an exact count: %s in every round of the base, %s in every round now", values[0], values[1]);
		return;
	case COMPARE_NO_SCALE:
		snprintf(text, bytes, "%s", rounds);
		return;
	case COMPARE_FEW:
		snprintf(text, bytes, "%s; a verdict needs %d of each: %s", rest, COMPARE_ROUNDS, rounds);
		return;
	case COMPARE_INSIDE:
	case COMPARE_BEYOND:
	case COMPARE_ACROSS:
	case COMPARE_CHANCE:
	case COMPARE_DRIFT:
		break;
	}
	second_opinion(row, opinion, sizeof(opinion));
	used = snprintf(text, bytes, "%s: the 95 %% interval [%+.2f, %+.2f] %s %+.1f ... %+.1f %%; p=%.2g, q=%.2g over %zu metrics%s", rest,
		row->lo_pct, row->hi_pct,
		row->cause == COMPARE_INSIDE   ? "lies within"
		: row->cause == COMPARE_ACROSS ? "reaches across an end of"
					       : "lies wholly beyond",
		-row->margin_pct, row->margin_pct, row->p, row->q, comparison->tested, opinion);
	if (*rounds && used > 0 && (size_t)used < bytes)
		snprintf(text + used, bytes - (size_t)used, "%s: %s", row->cause == COMPARE_CHANCE ? ", could be chance" : "", rounds);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_judge.c - decides the verdict on one metric: by margin and significance, or by facts if no chance is involved; see
 * compare_change.h.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "analysis/compare/compare_change.h"

size_t compare_rounds_of(const struct compare_row *row)
{
	if (row->paired)
		return row->pairs;
	return row->base->n_values < row->new->n_values ? row->base->n_values : row->new->n_values;
}

enum compare_verdict compare_leaning(const struct compare_row *row)
{
	bool up = row->has_change ? row->change_pct > 0.0 : row->from_zero > 0;

	if (row->base->better == FS_EXACT)
		return COMPARE_CHANGED;
	return up == (row->base->better == FS_HIGHER) ? COMPARE_FASTER : COMPARE_SLOWER;
}

/* ---- how many rounds would decide ------------------------------------------------------------------------ */

static double advice(double more)
{
	return more > COMPARE_MANY_ROUNDS || !isfinite(more) ? INFINITY : fmax(1.0, ceil(more));
}

/*
 * Widths shrink with the square root of the number of rounds; the interval has to fit between the change and the margin. A change that appears to
 * equal the margin does so by chance more often than not: half the margin is enough distance to require.
 */
static double rounds_across(const struct compare_row *row)
{
	double half = (row->hi_pct - row->lo_pct) / 2.0;
	double room = fmax(fabs(fabs(row->change_pct) - row->margin_pct), row->margin_pct / 2.0);

	return advice((double)compare_rounds_of(row) * (half * half / (room * room) - 1.0));
}

/*
 * The test's deviate grows with the square root of the number of rounds; it has to reach the limits. Of n pairs no p is below 2 / 2^n (a same-seed
 * pair doubles it): if all of them agree, only their number is too small.
 */
static double rounds_chance(const struct compare_row *row, const struct compare_limits *limits)
{
	double p = fmin(row->p / row->q * limits->q, limits->p), rounds = (double)compare_rounds_of(row);
	double now = gsl_cdf_ugaussian_Qinv(row->p / 2.0), wanted = gsl_cdf_ugaussian_Qinv(p / 2.0);
	double more = rounds * (wanted * wanted / (now * now) - 1.0);

	double doubled = row->same_seed ? 2.0 : 1.0;
	bool agreed = row->paired && row->p <= exp2(doubled - rounds) * (1.0 + 1e-9);

	if (row->paired)
		more = agreed ? doubled - log2(p) - rounds : fmax(more, doubled - log2(p) - rounds);
	return advice(more);
}

/* ---- verdicts -------------------------------------------------------------------------------------------- */

static bool is_beyond(const struct compare_row *row, double limit_pct)
{
	return row->lo_pct > limit_pct || row->hi_pct < -limit_pct;
}

static void settle(struct compare_row *row, enum compare_cause cause, enum compare_verdict verdict)
{
	row->cause = cause;
	row->verdict = verdict;
}

/* No test is made if all rounds agree: two runs of the same are equal to the last instruction, so any difference is a fact. */
bool compare_judge_facts(struct compare_row *row)
{
	double margin = row->margin_pct;
	bool settled = true;

	if (row->has_change && row->least_pct == 0.0 && row->most_pct == 0.0)
		settle(row, COMPARE_EQUAL, COMPARE_SAME);
	else if (row->has_change && row->least_pct >= -margin && row->most_pct <= margin)
		settle(row, COMPARE_INSIDE, COMPARE_SAME);
	else if (row->has_change && (row->least_pct > margin || row->most_pct < -margin))
		settle(row, COMPARE_BEYOND, compare_leaning(row));
	else if (!row->has_change && row->from_zero && (row->same_seed ? row->least_pct > 0.0 || row->most_pct < 0.0 : true))
		settle(row, COMPARE_FROM_ZERO, compare_leaning(row));
	else
		settled = false;
	if (settled && row->has_change) {
		row->has_interval = true;
		row->lo_pct = row->least_pct;
		row->hi_pct = row->most_pct;
	}
	return settled;
}

static void judge_tested(struct compare_row *row, const struct compare_limits *limits)
{
	bool chance = row->q > limits->q || row->p > limits->p;

	if (row->has_change && row->lo_pct >= -row->margin_pct && row->hi_pct <= row->margin_pct) {
		settle(row, COMPARE_INSIDE, COMPARE_SAME);
	} else if (row->has_change && !is_beyond(row, row->margin_pct)) {
		row->cause = COMPARE_ACROSS;
		row->more_rounds = rounds_across(row);
	} else if (chance) {
		settle(row, COMPARE_CHANCE, COMPARE_SUSPECT);
		row->more_rounds = rounds_chance(row, limits);
	} else if (!row->has_change) {
		settle(row, COMPARE_FROM_ZERO, compare_leaning(row));
	} else if (!is_beyond(row, row->drift_pct)) {
		settle(row, COMPARE_DRIFT, COMPARE_SUSPECT);
		row->more_rounds = INFINITY;
	} else {
		settle(row, COMPARE_BEYOND, compare_leaning(row));
	}
}

/* Too few rounds for a verdict, but what they show is not ignored. */
static void judge_few(struct compare_row *row)
{
	size_t rounds = compare_rounds_of(row);

	if (rounds < COMPARE_ROUNDS)
		row->more_rounds = (double)(COMPARE_ROUNDS - rounds);
	if ((row->has_change && row->has_interval && is_beyond(row, row->margin_pct)) || row->from_zero)
		settle(row, COMPARE_FEW, COMPARE_SUSPECT);
}

void compare_judge(struct compare_row *row, const struct compare_limits *limits)
{
	if (row->tested)
		judge_tested(row, limits);
	else if (row->verdict == COMPARE_UNDECIDED && (row->cause == COMPARE_FEW || row->from_zero))
		judge_few(row);
	else if (row->verdict == COMPARE_UNDECIDED)
		row->more_rounds = INFINITY;
}

/* Counts do not grow by waiting; anything else is a time, or derived from times. */
static bool is_count(const struct summary_row *row)
{
	static const char *const units[] = {"faults", "pages", "bytes", "events"};
	bool count = row->better == FS_EXACT;

	for (size_t i = 0; i < FS_ARRAY_SIZE(units); i++)
		count |= strcmp(row->unit, units[i]) == 0;
	return count;
}

void compare_judge_disturbed(struct compare_row *row)
{
	bool few = row->verdict == COMPARE_UNDECIDED && row->cause == COMPARE_FEW;

	if (row->verdict == COMPARE_SAME || few || row->paired || is_count(row->base))
		return;
	settle(row, COMPARE_BUSY, COMPARE_DISTURBED);
	row->more_rounds = 0.0;
}

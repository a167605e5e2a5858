/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_words.c - explains a verdict and what would decide it, in words; see compare.h.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/compare/compare_change.h"
#include "analysis/summary/format.h"
#include "analysis/statistics/resample.h"
#include "base/text.h"

void compare_advice(const struct compare_row *row, struct text *text)
{
	if (row->verdict == COMPARE_DISTURBED)
		text_add(text, "the machine was too busy");
	else if (row->verdict != COMPARE_UNDECIDED && row->verdict != COMPARE_SUSPECT)
		return;
	else if (row->cause == COMPARE_NO_SCALE)
		text_add(text, "the base is 0: there is no percentage");
	else if (row->cause == COMPARE_DRIFT)
		text_add(text, "a run itself drifts by %.0f %%: measure in turns (fivestep ab), or on a quieter machine", row->drift_pct);
	else if (isinf(row->more_rounds))
		text_add(text, "more than %d more rounds would be needed", COMPARE_MANY_ROUNDS);
	else
		text_add(text, "%s %.0f more round%s would decide", row->cause == COMPARE_FEW ? "at least" : "about", row->more_rounds,
			row->more_rounds == 1.0 ? "" : "s");
}

/* "12 rounds against 12", "12 pairs of rounds" */
static void rest_text(const struct compare_row *row, char *text, size_t bytes)
{
	if (row->paired)
		snprintf(text, bytes, "%zu pair%s of rounds", row->pairs, row->pairs == 1 ? "" : "s");
	else
		snprintf(text, bytes, "%zu rounds against %zu", row->base->n_values, row->new->n_values);
}

/* Two methods with other principles, as a second opinion that decides nothing. They do not apply to pairs. */
static void second_opinion(const struct compare_row *row, struct text *text)
{
	const struct summary_row *base = row->base, *new = row->new;
	struct statistics_interval ratio;
	double p;

	if (row->paired || !compare_all_positive(base) || !compare_all_positive(new))
		return;
	if (resample_ratio(base->values, base->n_values, new->values, new->n_values, resample_median, RESAMPLE_DRAWS, 1, &ratio) ||
		resample_p(base->values, base->n_values, new->values, new->n_values, resample_median, RESAMPLE_DRAWS, 1, &p) || !ratio.has_interval)
		return;
	text_add(text, "; of the medians: bootstrap [%+.2f, %+.2f], permutation p=%.2g", (ratio.lo - 1.0) * 100.0, (ratio.hi - 1.0) * 100.0, p);
}

/* Where the interval, or the range of the rounds, lies. */
static const char *where_text(const struct compare_row *row)
{
	if (row->lo_pct >= -row->margin_pct && row->hi_pct <= row->margin_pct)
		return "lies within";
	return row->lo_pct > row->margin_pct || row->hi_pct < -row->margin_pct ? "lies wholly beyond" : "crosses a limit of";
}

static void explain_interval(const struct comparison *comparison, const struct compare_row *row, const char *rest, bool opinion, struct text *text)
{
	text_add(text, "%s: the 95 %% interval [%+.2f, %+.2f] %s %+.1f ... %+.1f %%; p=%.2g, q=%.2g over %zu metrics", rest, row->lo_pct, row->hi_pct,
		where_text(row), -row->margin_pct, row->margin_pct, row->p, row->q, comparison->tested);
	if (opinion)
		second_opinion(row, text);
}

static void explain_facts(const struct compare_row *row, const char *rest, const char *base, const char *new, struct text *text)
{
	if (row->cause == COMPARE_EQUAL)
		text_add(text, "instructions, %s: the same count in both runs", rest);
	else if (row->cause == COMPARE_FROM_ZERO)
		text_add(text, "instructions, %s: from %s to %s in every one", rest, base, new);
	else
		text_add(text, "instructions, %s: every change, %+.2f ... %+.2f %%, %s %+.1f ... %+.1f %%", rest, row->least_pct, row->most_pct,
			where_text(row), -row->margin_pct, row->margin_pct);
}

static void explain_cause(const struct comparison *comparison, const struct compare_row *row, bool opinion, struct text *text)
{
	char rest[64], base[FORMAT_VALUE], new[FORMAT_VALUE];

	rest_text(row, rest, sizeof(rest));
	format_value(row->base->interval.median, row->base->unit, base);
	format_value(row->new->interval.median, row->new->unit, new);
	if (row->deterministic && !row->tested && row->cause != COMPARE_FEW && row->cause != COMPARE_NO_SCALE)
		explain_facts(row, rest, base, new, text);
	else if (row->cause == COMPARE_EQUAL)
		text_add(text, "an exact count: %s in every round of both", base);
	else if (row->cause == COMPARE_DIFFERENT)
		text_add(text, "an exact count: %s in every round of the base, %s in every round of the new run", base, new);
	else if (row->cause == COMPARE_NO_SCALE || (row->cause == COMPARE_BUSY && !row->has_interval))
		text_add(text, "%s", rest);
	else if (row->cause == COMPARE_FEW)
		text_add(text, "%s; a verdict needs %d of each", rest, COMPARE_ROUNDS);
	else if (!row->has_change)
		text_add(text, "%s: the base is %s, and the whole interval of the difference lies on one side of it; p=%.2g, q=%.2g over %zu metrics",
			rest, base, row->p, row->q, comparison->tested);
	else
		explain_interval(comparison, row, rest, opinion, text);
}

void compare_explain(const struct comparison *comparison, const struct compare_row *row, bool opinion, struct text *text)
{
	struct text advice = {0};

	compare_advice(row, &advice);
	explain_cause(comparison, row, opinion, text);
	if (advice.len != 0)
		text_add(text, "%s: %s", row->cause == COMPARE_CHANCE ? ", could be chance" : "", text_string(&advice));
	text_clear(&advice);
}

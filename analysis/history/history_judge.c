/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_judge.c - classifies a change: better, expected, recovered, older, or worse; see history_judge.h.
 */
#include "config.h"

#include "analysis/history/history_judge.h"

#include <fnmatch.h>
#include <math.h>

#include "analysis/compare/compare.h"

double history_margin_pct(const struct history_options *options, const struct index_series *series)
{
	double margin_pct = options->margin_pct;

	if (series->better == FS_EXACT)
		return 0.0;
	if (margin_pct <= 0.0)
		margin_pct = !clock_counts_instructions(series->clock) ? COMPARE_MARGIN_PCT : COMPARE_MARGIN_INSTRUCTIONS_PCT;
	return series->histogram ? fmax(margin_pct, COMPARE_MARGIN_HISTOGRAM_PCT) : margin_pct;
}

static bool is_worse(const struct index_series *series, double before, double after)
{
	return series->better == FS_HIGHER ? after < before : after > before;
}

static size_t last_of(const struct history *history, const struct history_change *change, const struct history_line *line)
{
	return change->point.drift ? history->rank[line->runs[change->point.end - 1]] : history->rank[change->at];
}

static size_t around_of(const struct history_change *change)
{
	return (size_t)fmax(change->point.around, HISTORY_AROUND);
}

/* A note applies to a change at its run or near it, and to a drift that spans it. */
static const struct index_note *find_note(const struct history *history, const struct history_change *change, const struct history_line *line)
{
	size_t at = history->rank[change->at], last = last_of(history, change, line), around = around_of(change);

	for (size_t i = 0; i < history->n_notes; i++) {
		const struct index_note *note = &history->notes[i];
		size_t noted;

		if (note->glob == NULL || note->run < 0 || fnmatch(note->glob, history->series[change->series].name, 0))
			continue;
		noted = history->rank[note->run];
		if (at <= noted + around && noted <= last + around)
			return note;
	}
	return NULL;
}

static double change_pct(double from, double to)
{
	return change_points_pct(&(struct change_point){.before = from, .after = to});
}

/* The value of the run of --since, or of the last one before it; NaN if there is none. */
static double value_at(const struct history *history, const struct history_line *line, size_t rank)
{
	double value = NAN;

	for (size_t i = 0; i < line->n && history->rank[line->runs[i]] <= rank; i++)
		value = line->values[i];
	return value;
}

/* How much a drift has moved the level since that run, in percent. */
static double drift_since(const struct history *history, const struct history_change *change, const struct history_line *line, size_t since)
{
	size_t at = history->rank[change->at], last = last_of(history, change, line);
	double share = last <= since ? 0.0 : at >= since ? 1.0 : (double)(last - since) / (double)(last - at);

	return share * fabs(change_points_pct(&change->point));
}

/*
 * Whether a change is older than the run of --since. The level of a baseline is accepted: a change that leads to it is older, even if
 * it is located a little late; of a drift, only the part since then is new.
 */
static bool is_older(
	const struct history *history, const struct history_options *options, const struct history_change *change, const struct history_line *line)
{
	size_t at = history->rank[change->at], since = options->since ? history->rank[options->since] : 0;
	const struct change_point *point = &change->point;
	double accepted;

	if (!options->since)
		return false;
	if (point->drift)
		return drift_since(history, change, line, since) < history_margin_pct(options, &history->series[change->series]);
	if (at < since || !options->accepted)
		return at < since;
	accepted = value_at(history, line, since);
	return at == since || (at - since <= around_of(change) && fabs(accepted - point->after) < fabs(accepted - point->before));
}

/* first and last: the level at which the series started, and its current one. */
enum history_state history_judge(const struct history *history, const struct history_options *options, const struct history_change *change,
	const struct history_line *line, double first, double last, const char **why)
{
	const struct index_series *series = &history->series[change->series];
	const struct index_note *note = find_note(history, change, line);
	double back_pct = fabs(change_pct(change->point.before, last));

	if (note != NULL) {
		*why = note->why;
		return HISTORY_EXPECTED;
	}
	if (series->better != FS_EXACT && !is_worse(series, change->point.before, change->point.after))
		return HISTORY_BETTER;
	if (last == change->point.before || (series->better == FS_EXACT && last == first) || back_pct < history_margin_pct(options, series) ||
		(series->better != FS_EXACT && !is_worse(series, change->point.before, last)))
		return HISTORY_RECOVERED;
	if (is_older(history, options, change, line))
		return HISTORY_OLDER;
	return series->better == FS_EXACT ? HISTORY_CHANGED : HISTORY_WORSE;
}

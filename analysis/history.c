/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history.c - where series changed, and what that means; see history.h.
 */
#include "config.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare.h"
#include "analysis/history.h"

const char *const history_state_names[HISTORY_STATES] = {"BETTER", "EXPECTED", "RECOVERED", "OLDER", "CHANGED", "WORSE"};

static int no_memory(struct fs_reason *why)
{
	return fs_because(why, -ENOMEM, "", "out of memory");
}

/* ---- series ---------------------------------------------------------------------------------------------- */

static int rank_runs(struct history *history)
{
	int64_t most = 0;

	for (size_t i = 0; i < history->n_runs; i++)
		most = history->runs[i] > most ? history->runs[i] : most;
	history->rank = calloc((size_t)most + 1, sizeof(*history->rank));
	for (size_t i = 0; history->rank && i < history->n_runs; i++)
		history->rank[history->runs[i]] = i;
	return history->rank ? 0 : -ENOMEM;
}

struct ranked {
	size_t rank;
	const struct index_point *point;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Points come by the runs' ids, which are in the order of time but where a run was added late. */
static int fill_line(const struct history *history, const struct index_point *points, size_t n, struct history_line *line)
{
	struct ranked *order = calloc(n + 1, sizeof(*order));
	bool sorted = true;

	line->runs = calloc(n + 1, sizeof(*line->runs));
	line->values = calloc(3 * n + 1, sizeof(*line->values));
	if (!order || !line->runs || !line->values) {
		free(order);
		return -ENOMEM;
	}
	line->n = n;
	line->lo = line->values + n;
	line->hi = line->lo + n;
	for (size_t i = 0; i < n; i++) {
		order[i] = (struct ranked){history->rank[points[i].run], &points[i]};
		sorted &= !i || order[i - 1].rank < order[i].rank;
	}
	if (!sorted)
		qsort(order, n, sizeof(*order), by_rank);
	for (size_t i = 0; i < n; i++) {
		line->runs[i] = order[i].point->run;
		line->values[i] = order[i].point->value;
		line->lo[i] = order[i].point->lo;
		line->hi[i] = order[i].point->hi;
	}
	free(order);
	return 0;
}

int history_read_line(const struct history *history, const struct index *index, size_t series, struct history_line *line, struct fs_reason *why)
{
	struct index_point *points;
	size_t n;
	int err;

	memset(line, 0, sizeof(*line));
	err = index_list_points(index, history->series[series].id, &points, &n, why);
	if (!err && fill_line(history, points, n, line))
		err = no_memory(why);
	free(points);
	return err;
}

void history_line_free(struct history_line *line)
{
	free(line->runs);
	free(line->values);
	memset(line, 0, sizeof(*line));
}

/* ---- what a change means --------------------------------------------------------------------------------- */

static double margin_of(const struct history_options *options, const struct index_series *series)
{
	double margin_pct = options->margin_pct;

	if (series->better == RUN_EXACT)
		return 0.0;
	if (margin_pct <= 0.0)
		margin_pct = strcmp(series->clock, "instructions") ? COMPARE_MARGIN_PCT : COMPARE_MARGIN_INSTRUCTIONS_PCT;
	return series->histogram ? fmax(margin_pct, COMPARE_MARGIN_HISTOGRAM_PCT) : margin_pct;
}

static bool is_worse(const struct index_series *series, double before, double after)
{
	return series->better == RUN_HIGHER ? after < before : after > before;
}

static const struct index_note *find_note(const struct history *history, const struct history_change *change)
{
	size_t at = history->rank[change->at];

	for (size_t i = 0; i < history->n_notes; i++) {
		const struct index_note *note = &history->notes[i];
		size_t noted;

		if (!note->glob || note->run < 0 || fnmatch(note->glob, history->series[change->series].name, 0))
			continue;
		noted = history->rank[note->run];
		if (at + HISTORY_AROUND >= noted && at <= noted + HISTORY_AROUND)
			return note;
	}
	return NULL;
}

/* first and last: the level that the series began with, and the one that it has now. */
static enum history_state judge(const struct history *history, const struct history_options *options, const struct history_change *change,
	double first, double last, const char **why)
{
	const struct index_series *series = &history->series[change->series];
	const struct index_note *note = find_note(history, change);
	double back_pct = 100.0 * fabs(last - change->point.before) / fabs(change->point.before);

	if (note) {
		*why = note->why;
		return HISTORY_EXPECTED;
	}
	if (series->better != RUN_EXACT && !is_worse(series, change->point.before, change->point.after))
		return HISTORY_BETTER;
	if (last == change->point.before || (series->better == RUN_EXACT && last == first) || back_pct < margin_of(options, series) ||
		(series->better != RUN_EXACT && !is_worse(series, change->point.before, last)))
		return HISTORY_RECOVERED;
	if (options->since && history->rank[change->at] < history->rank[options->since])
		return HISTORY_OLDER;
	return series->better == RUN_EXACT ? HISTORY_CHANGED : HISTORY_WORSE;
}

/* ---- changes --------------------------------------------------------------------------------------------- */

/*
 * Counts that are to be exact change from one run to the next. One that varies all the time, in more than every fifth run, is not steady, and
 * is looked at as any other series.
 */
static int find_exact(const double *values, size_t n, struct change_point **points, size_t *n_points, bool *steady)
{
	size_t flips = 0, first = 0;
	struct change_point *found;

	for (size_t i = 1; i < n; i++)
		flips += values[i] != values[i - 1];
	*steady = flips * 5 <= n;
	*points = NULL;
	*n_points = 0;
	if (!*steady || !flips)
		return 0;
	found = calloc(flips, sizeof(*found));
	if (!found)
		return -ENOMEM;
	for (size_t i = 1; i < n; i++) {
		if (values[i] == values[i - 1])
			continue;
		found[(*n_points)++] = (struct change_point){.at = i, .before = values[first], .after = values[i], .p = NAN, .q = NAN};
		first = i;
	}
	*points = found;
	return 0;
}

/* The more series are looked at, the surer each change has to be: over all of them, chance shall show no more than over HISTORY_FAMILY. */
static double limit_of(const struct history *history)
{
	return CHANGE_POINTS_P * (history->n_series > HISTORY_FAMILY ? (double)HISTORY_FAMILY / (double)history->n_series : 1.0);
}

static int find_points(const struct history_options *options, const struct index_series *series, const struct history_line *line, double limit,
	struct change_point **points, size_t *n)
{
	struct change_points_options how = {.seed = HISTORY_SEED, .min_change_pct = margin_of(options, series), .p = limit};
	bool steady = false;
	int err = 0;

	if (series->better == RUN_EXACT)
		err = find_exact(line->values, line->n, points, n, &steady);
	return err || steady ? err : change_points_find(line->values, line->n, &how, points, n);
}

static int add_changes(struct history *history, const struct history_options *options, size_t series, const struct history_line *line)
{
	struct change_point *points = NULL;
	struct history_change *changes;
	size_t n = 0;
	int err = find_points(options, &history->series[series], line, limit_of(history), &points, &n);

	if (err || !n)
		return err;
	changes = reallocarray(history->changes, history->n_changes + n, sizeof(*changes));
	if (!changes) {
		free(points);
		return -ENOMEM;
	}
	history->changes = changes;
	for (size_t i = 0; i < n; i++) {
		struct history_change *change = &changes[history->n_changes++];

		*change = (struct history_change){
			.series = series, .point = points[i], .before = line->runs[points[i].at - 1], .at = line->runs[points[i].at], .why = ""};
		change->state = judge(history, options, change, points[0].before, points[n - 1].after, &change->why);
		history->states[change->state]++;
	}
	free(points);
	return 0;
}

static int look_at(struct history *history, const struct index *index, const struct history_options *options, size_t series, struct fs_reason *why)
{
	struct history_line line;
	int err = history_read_line(history, index, series, &line, why);

	if (!err && line.n < HISTORY_MIN)
		history->few++;
	else if (!err && (err = add_changes(history, options, series, &line)))
		err = fs_because(why, err, "", "%s: %s", history->series[series].name, strerror(-err));
	history_line_free(&line);
	return err;
}

int history_make(const struct index *index, const struct history_options *options, struct history *history, struct fs_reason *why)
{
	int err;

	memset(history, 0, sizeof(*history));
	err = index_list_runs(index, &history->runs, &history->n_runs, why);
	if (!err && rank_runs(history))
		err = no_memory(why);
	if (!err)
		err = index_list_notes(index, &history->notes, &history->n_notes, why);
	if (!err)
		err = index_list_series(index, options->globs, options->n_globs, &history->series, &history->n_series, why);
	for (size_t s = 0; s < history->n_series && !err; s++)
		err = look_at(history, index, options, s, why);
	return err;
}

void history_free(struct history *history)
{
	index_series_free(history->series, history->n_series);
	index_notes_free(history->notes, history->n_notes);
	free(history->runs);
	free(history->rank);
	free(history->changes);
	memset(history, 0, sizeof(*history));
}

/* ---- what differed --------------------------------------------------------------------------------------- */

int history_unlike(const struct index *index, int64_t before, int64_t at, struct unlike *unlike, struct fs_reason *why)
{
	struct index_run runs[2] = {{0}};
	int err;

	memset(unlike, 0, sizeof(*unlike));
	err = index_get_run(index, before, &runs[0], why);
	if (!err)
		err = index_get_run(index, at, &runs[1], why);
	if (!err) {
		struct runfile files[2] = {{.header = runs[0].header}, {.header = runs[1].header}};

		err = unlike_find(&files[0], &files[1], unlike) ? no_memory(why) : 0;
	}
	index_run_free(&runs[0]);
	index_run_free(&runs[1]);
	return err;
}

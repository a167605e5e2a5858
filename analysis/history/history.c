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

#include "analysis/compare/compare.h"
#include "analysis/history/history.h"
#include "analysis/statistics/level_shift.h"
#include "analysis/statistics/steady.h"

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

/* A note is of a change at its run, or about there; and of a drift that goes on over it. */
static const struct index_note *find_note(const struct history *history, const struct history_change *change, const struct history_line *line)
{
	size_t at = history->rank[change->at], last = last_of(history, change, line), around = around_of(change);

	for (size_t i = 0; i < history->n_notes; i++) {
		const struct index_note *note = &history->notes[i];
		size_t noted;

		if (!note->glob || note->run < 0 || fnmatch(note->glob, history->series[change->series].name, 0))
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

/* The value of the run that is asked about, or of the last one before it; NaN without. */
static double value_at(const struct history *history, const struct history_line *line, size_t rank)
{
	double value = NAN;

	for (size_t i = 0; i < line->n && history->rank[line->runs[i]] <= rank; i++)
		value = line->values[i];
	return value;
}

/* By how much a drift has moved the level since that run, in percent. */
static double drift_since(const struct history *history, const struct history_change *change, const struct history_line *line, size_t since)
{
	size_t at = history->rank[change->at], last = last_of(history, change, line);
	double share = last <= since ? 0.0 : at >= since ? 1.0 : (double)(last - since) / (double)(last - at);

	return share * fabs(change_points_pct(&change->point));
}

/*
 * Whether a change was there before the run that is asked about. What a baseline is at is accepted: a change that leads to it is older, even if
 * it is found a little late; of a drift only what came since is new.
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
		return drift_since(history, change, line, since) < margin_of(options, &history->series[change->series]);
	if (at < since || !options->accepted)
		return at < since;
	accepted = value_at(history, line, since);
	return at == since || (at - since <= around_of(change) && fabs(accepted - point->after) < fabs(accepted - point->before));
}

/* first and last: the level that the series began with, and the one that it has now. */
static enum history_state judge(const struct history *history, const struct history_options *options, const struct history_change *change,
	const struct history_line *line, double first, double last, const char **why)
{
	const struct index_series *series = &history->series[change->series];
	const struct index_note *note = find_note(history, change, line);
	double back_pct = fabs(change_pct(change->point.before, last));

	if (note) {
		*why = note->why;
		return HISTORY_EXPECTED;
	}
	if (series->better != FS_EXACT && !is_worse(series, change->point.before, change->point.after))
		return HISTORY_BETTER;
	if (last == change->point.before || (series->better == FS_EXACT && last == first) || back_pct < margin_of(options, series) ||
		(series->better != FS_EXACT && !is_worse(series, change->point.before, last)))
		return HISTORY_RECOVERED;
	if (is_older(history, options, change, line))
		return HISTORY_OLDER;
	return series->better == FS_EXACT ? HISTORY_CHANGED : HISTORY_WORSE;
}

/* ---- changes --------------------------------------------------------------------------------------------- */

/* Chance shall fail at most HISTORY_FALSE of all checks: each of the series has its part of that. */
double history_limit(size_t n_series)
{
	return HISTORY_FALSE / HISTORY_SPARE / (double)n_series;
}

static double limit_of(const struct history *history)
{
	return history_limit(history->n_series);
}

/*
 * What a series without noise looks like: under the instruction clock runs agree within the margin; elsewhere values are equal, and so are those of
 * the rounds, but for few runs.
 */
static struct steady_options steady_of(
	const struct history_options *options, const struct index_series *series, const struct history_line *line, bool *may_be)
{
	double margin_pct = margin_of(options, series);
	size_t wide = 0;

	for (size_t i = 0; i < line->n; i++)
		wide += line->hi[i] - line->lo[i] > STEADY_EQUAL * fabs(line->values[i]);
	if (series->better == FS_EXACT || clock_counts_instructions(series->clock)) {
		*may_be = true;
		return (struct steady_options){.spread_pct = series->better == FS_EXACT ? 0.0 : margin_pct, .margin_pct = margin_pct};
	}
	*may_be = wide * STEADY_EVERY <= line->n;
	return (struct steady_options){.margin_pct = margin_pct};
}

/* Of a level without noise that is left for one with noise; *points stays NULL where there is none. */
static int find_left(const struct history_line *line, const struct steady_options *how, struct change_point **points, size_t *n)
{
	size_t at = steady_left(line->values, line->n, how);

	if (at == line->n)
		return 0;
	*points = calloc(1, sizeof(**points));
	if (!*points)
		return -ENOMEM;
	*n = 1;
	**points = (struct change_point){.at = at, .before = line->values[at - 1], .p = NAN, .q = NAN, .around = CHANGE_POINTS_AROUND};
	return change_points_level(line->values + at, line->n - at, &(*points)->after);
}

static int find_points(struct history *history, const struct history_options *options, const struct index_series *series,
	const struct history_line *line, struct change_point **points, size_t *n)
{
	struct change_points_options how = {
		.seed = HISTORY_SEED, .min_change_pct = margin_of(options, series), .p = limit_of(history), .rho = history->rho};
	bool may_be_steady, steady = false;
	struct steady_options calm = steady_of(options, series, line, &may_be_steady);
	int err = 0;

	*points = NULL;
	*n = 0;
	if (may_be_steady)
		err = steady_find(line->values, line->n, &calm, points, n, &steady);
	if (err || steady)
		return err;
	if (may_be_steady)
		err = find_left(line, &calm, points, n);
	if (err || *points)
		return err;
	history->few += line->n < history->needs;
	return change_points_find(line->values, line->n, &how, points, n);
}

/* ---- new runs -------------------------------------------------------------------------------------------- */

/* Of the level that the first n values end with. */
static int find_level(const struct history *history, const struct history_options *options, const struct index_series *series,
	const struct history_line *line, size_t n, size_t *first)
{
	struct change_points_options how = {
		.seed = HISTORY_SEED, .min_change_pct = margin_of(options, series), .p = limit_of(history), .rho = history->rho};
	struct change_point *points;
	size_t n_points;
	int err = change_points_find(line->values, n, &how, &points, &n_points);

	*first = n_points ? points[n_points - 1].at : 0;
	/* what drifts has no level to be held against, but for its last values */
	if (n_points && points[n_points - 1].drift && points[n_points - 1].end >= n)
		*first = n > HISTORY_DRIFTING ? n - HISTORY_DRIFTING : 0;
	if (n - *first > LEVEL_SHIFT_LONGEST / 2)
		*first = n - LEVEL_SHIFT_LONGEST / 2;
	free(points);
	return err;
}

/* Those values at the end that are new against the level before them: one test, as it is known where the change would be. */
static int find_new(struct history *history, const struct history_options *options, const struct index_series *series,
	const struct history_line *line, size_t n_new, struct change_point **points, size_t *n)
{
	size_t old = line->n - n_new, first;
	double limit = limit_of(history);
	bool may_be_steady, steady = false;
	struct steady_options calm = steady_of(options, series, line, &may_be_steady);
	struct change_point *point;
	struct level_shift shift;
	int err = 0;

	*points = NULL;
	*n = 0;
	if (!n_new || old < STEADY_LEAST) {
		history->few += n_new > 0;
		return 0;
	}
	if (may_be_steady)
		err = steady_find(line->values, old, &calm, points, n, &steady);
	free(*points);
	*points = NULL;
	*n = 0;
	if (!err && !steady)
		err = find_level(history, options, series, line, old, &first);
	else
		first = old - 1;
	point = err ? NULL : calloc(1, sizeof(*point));
	if (!point)
		return err ? err : -ENOMEM;
	*point = (struct change_point){.at = old, .p = NAN, .q = NAN};
	err = change_points_level(line->values + first, old - first, &point->before);
	if (!err)
		err = change_points_level(line->values + old, n_new, &point->after);
	if (!err && !steady) {
		level_shift_test(line->values + first, line->n - first, old - first, history->rho, &shift);
		point->p = shift.p;
		history->few += level_shift_least(line->n - first, n_new) >= limit;
	}
	if (err || (!steady && shift.p >= limit) || point->after == point->before || fabs(change_points_pct(point)) < margin_of(options, series)) {
		free(point);
		return err;
	}
	*points = point;
	*n = 1;
	return 0;
}

static size_t count_new(const struct history *history, const struct history_options *options, const struct history_line *line)
{
	size_t n = 0;

	for (size_t i = 0; i < line->n; i++)
		n += history->rank[line->runs[i]] + options->n_new >= history->n_runs;
	return n;
}

/* ---- all of a series ------------------------------------------------------------------------------------- */

static int add_changes(struct history *history, const struct history_options *options, size_t series, const struct history_line *line)
{
	struct change_point *points = NULL;
	struct history_change *changes;
	size_t n = 0;
	int err = options->n_new ? find_new(history, options, &history->series[series], line, count_new(history, options, line), &points, &n)
				 : find_points(history, options, &history->series[series], line, &points, &n);

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
		change->state = judge(history, options, change, line, points[0].before, points[n - 1].after, &change->why);
		history->states[change->state]++;
	}
	free(points);
	return 0;
}

static int look_at(struct history *history, const struct index *index, const struct history_options *options, size_t series, struct fs_reason *why)
{
	struct history_line line;
	int err = history_read_line(history, index, series, &line, why);

	if (!err && line.n < HISTORY_MIN && !options->n_new)
		history->few++;
	else if (!err && (err = add_changes(history, options, series, &line)))
		err = fs_because(why, err, "", "%s: %s", history->series[series].name, strerror(-err));
	history_line_free(&line);
	return err;
}

/*
 * How correlated neighbours are in these series: what makes runs that follow each other alike is the machine, so all series say it together what one
 * cannot tell. The median over them, less what it is unsure by.
 */
static int find_correlation(struct history *history, const struct index *index, struct fs_reason *why)
{
	double *all = calloc(history->n_series + 1, sizeof(*all));
	size_t n = 0, points = 0;
	int err = all ? 0 : fs_because(why, -ENOMEM, "", "out of memory");

	for (size_t s = 0; s < history->n_series && !err; s++) {
		struct history_line line;

		err = history_read_line(history, index, s, &line, why);
		if (!err && line.n >= HISTORY_MIN && history->series[s].better != FS_EXACT) {
			all[n++] = level_shift_correlation(line.values, line.n);
			points += line.n;
		}
		history_line_free(&line);
	}
	if (!err && n)
		history->rho = change_points_rho(all, n, points);
	free(all);
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
	if (!err)
		err = find_correlation(history, index, why);
	history->needs = history->n_series ? change_points_needs(limit_of(history)) : 0;
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

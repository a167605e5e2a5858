/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history.c - finds where series changed, and judges the changes; see history.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history/history.h"
#include "analysis/history/history_find.h"
#include "analysis/history/history_judge.h"
#include "analysis/statistics/level_shift.h"
#include "base/array.h"

const char *const history_state_names[HISTORY_STATES] = {"BETTER", "EXPECTED", "RECOVERED", "OLDER", "CHANGED", "WORSE"};

/* ---- series ---------------------------------------------------------------------------------------------- */

static int rank_runs(struct history *history)
{
	int64_t most = 0;

	for (size_t i = 0; i < history->n_runs; i++)
		most = history->runs[i] > most ? history->runs[i] : most;
	history->rank = calloc((size_t)most + 1, sizeof(*history->rank));
	for (size_t i = 0; history->rank != NULL && i < history->n_runs; i++)
		history->rank[history->runs[i]] = i;
	return history->rank != NULL ? 0 : -ENOMEM;
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

/* Points are read in the order of the runs' ids, which is that of time unless a run was added late. */
static int fill_line(const struct history *history, const struct index_point *points, size_t n, struct history_line *line)
{
	struct ranked *order = calloc(n + 1, sizeof(*order));
	bool sorted = true;

	line->runs = calloc(n + 1, sizeof(*line->runs));
	line->values = calloc(3 * n + 1, sizeof(*line->values));
	if (order == NULL || line->runs == NULL || line->values == NULL) {
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
	if (err == 0 && fill_line(history, points, n, line))
		err = fs_no_memory(why);
	free(points);
	return err;
}

void history_line_free(struct history_line *line)
{
	free(line->runs);
	free(line->values);
	memset(line, 0, sizeof(*line));
}

/* ---- all of a series ------------------------------------------------------------------------------------- */

static size_t count_new(const struct history *history, const struct history_options *options, const struct history_line *line)
{
	size_t n = 0;

	for (size_t i = 0; i < line->n; i++)
		n += history->rank[line->runs[i]] + options->n_new >= history->n_runs;
	return n;
}

static int add_changes(struct history *history, const struct history_options *options, size_t series, const struct history_line *line)
{
	struct change_point *points = NULL;
	size_t n = 0;
	int err = options->n_new ? history_find_new(history, options, &history->series[series], line, count_new(history, options, line), &points, &n)
				 : history_find(history, options, &history->series[series], line, &points, &n);

	if (err != 0 || !n)
		return err;
	err = array_grow(&history->changes, history->n_changes, n, sizeof(*history->changes), ARRAY_MANY, "changes", NULL);
	if (err != 0) {
		free(points);
		return err;
	}
	for (size_t i = 0; i < n; i++) {
		struct history_change *change = &history->changes[history->n_changes++];

		*change = (struct history_change){
			.series = series, .point = points[i], .before = line->runs[points[i].at - 1], .at = line->runs[points[i].at], .why = ""};
		change->state = history_judge(history, options, change, line, points[0].before, points[n - 1].after, &change->why);
		history->states[change->state]++;
	}
	free(points);
	return 0;
}

static int look_at(struct history *history, const struct index *index, const struct history_options *options, size_t series, struct fs_reason *why)
{
	struct history_line line;
	int err = history_read_line(history, index, series, &line, why);

	if (err == 0 && line.n < HISTORY_MIN && !options->n_new)
		history->few++;
	else if (err == 0 && (err = add_changes(history, options, series, &line)))
		err = fs_because(why, err, "", "%s: %s", history->series[series].name, strerror(-err));
	history_line_free(&line);
	return err;
}

/*
 * The correlation of neighbours in these series. The machine makes consecutive runs alike, so all series together show what a single one
 * cannot. This is the median over them, minus its uncertainty.
 */
static int find_correlation(struct history *history, const struct index *index, struct fs_reason *why)
{
	double *all = calloc(history->n_series + 1, sizeof(*all));
	size_t n = 0, points = 0;
	int err = all != NULL ? 0 : fs_no_memory(why);

	for (size_t s = 0; s < history->n_series && err == 0; s++) {
		struct history_line line;

		err = history_read_line(history, index, s, &line, why);
		if (err == 0 && line.n >= HISTORY_MIN && history->series[s].better != FS_EXACT) {
			all[n++] = level_shift_correlation(line.values, line.n);
			points += line.n;
		}
		history_line_free(&line);
	}
	if (err == 0 && n)
		history->rho = change_points_rho(all, n, points);
	free(all);
	return err;
}

int history_make(const struct index *index, const struct history_options *options, struct history *history, struct fs_reason *why)
{
	int err;

	memset(history, 0, sizeof(*history));
	err = index_list_runs(index, &history->runs, &history->n_runs, why);
	if (err == 0 && rank_runs(history))
		err = fs_no_memory(why);
	if (err == 0)
		err = index_list_notes(index, &history->notes, &history->n_notes, why);
	if (err == 0)
		err = index_list_series(index, options->globs, options->n_globs, &history->series, &history->n_series, why);
	if (err == 0)
		err = find_correlation(history, index, why);
	history->needs = history->n_series ? change_points_needs(history_limit(history->n_series)) : 0;
	for (size_t s = 0; s < history->n_series && err == 0; s++)
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
	if (err == 0)
		err = index_get_run(index, at, &runs[1], why);
	if (err == 0) {
		struct runfile files[2] = {{.header = runs[0].header}, {.header = runs[1].header}};

		err = unlike_find(&files[0], &files[1], unlike) ? fs_no_memory(why) : 0;
	}
	index_run_free(&runs[0]);
	index_run_free(&runs[1]);
	return err;
}

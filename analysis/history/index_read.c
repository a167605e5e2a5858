/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_read.c - reads the index of many runs; see index.h.
 */
#include "config.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/history/index_sql.h"
#include "base/array.h"
#include "base/stamp.h"

static int no_memory(const struct index *index, struct fs_reason *why)
{
	return fs_because(why, -ENOMEM, "", "%s: out of memory", index->path);
}

/* The array with room for one more item of size bytes; NULL if it cannot grow. */
static void *grow(void *array, size_t n, size_t size)
{
	return array_grow(&array, n, 1, size, ARRAY_MANY, "rows", NULL) == 0 ? array : NULL;
}

/* ---- times ----------------------------------------------------------------------------------------------- */

/* Runs are sorted by these texts, so another notation would break the order. */
bool index_is_time(const char *text, enum index_time least)
{
	static const char form[] = STAMP_UTC;
	const char *form_end = form + (strchr(text, 'T') != NULL || least == INDEX_TIME ? strlen(form) : strlen("%Y-%m-%d"));
	char wanted[sizeof(form)], again[32];
	struct tm time = {0};
	const char *rest;

	snprintf(wanted, sizeof(wanted), "%.*s", (int)(form_end - form), form);
	rest = strptime(text, wanted, &time);
	if (rest == NULL || *rest)
		return false;
	/* strptime accepts 2025-1-16, and the 31st of any month: formatting the time must give the same text */
	return timegm(&time) != -1 && strftime(again, sizeof(again), wanted, &time) && strcmp(again, text) == 0;
}

/* ---- runs ------------------------------------------------------------------------------------------------ */

void index_run_free(struct index_run *run)
{
	free(run->run_id);
	free(run->digest);
	free(run->started);
	free(run->clock);
	free(run->fingerprint);
	free(run->plan);
	free(run->path);
	free(run->label);
	json_decref(run->header);
	memset(run, 0, sizeof(*run));
}

int index_list_runs(const struct index *index, int64_t **ids, size_t *n, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, "SELECT id FROM run ORDER BY started, id", "");

	*ids = NULL;
	*n = 0;
	while (err == 0 && (err = index_next(index, &statement, why)) > 0) {
		int64_t *more = grow(*ids, *n, sizeof(*more));

		err = 0;
		if (more == NULL) {
			sqlite3_finalize(statement);
			err = no_memory(index, why);
			break;
		}
		*ids = more;
		more[(*n)++] = sqlite3_column_int64(statement, 0);
	}
	if (err != 0) {
		free(*ids);
		*ids = NULL;
	}
	return err;
}

static char *full_path(const struct index *index, const char *place)
{
	char *path = NULL;

	if (*place == '/')
		return strdup(place);
	return asprintf(&path, "%s/%s", index->folder, place) < 0 ? NULL : path;
}

int index_get_run(const struct index *index, int64_t id, struct index_run *run, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why,
		"SELECT run_id, digest, started, clock, fingerprint, plan, header, path, metrics, bad FROM run WHERE id = ?", "i", id);
	char label[INDEX_LABEL + 1];
	const char *header;

	memset(run, 0, sizeof(*run));
	if (err == 0)
		err = index_next(index, &statement, why);
	if (err <= 0)
		return err != 0 ? err : fs_because(why, -ENOENT, "", "%s: no run %lld", index->path, (long long)id);
	run->id = id;
	run->run_id = index_text(statement, 0);
	run->digest = index_text(statement, 1);
	run->started = index_text(statement, 2);
	run->clock = index_text(statement, 3);
	run->fingerprint = index_text(statement, 4);
	run->plan = index_text(statement, 5);
	header = (const char *)sqlite3_column_text(statement, 6);
	run->header = json_loads(header != NULL ? header : "{}", 0, NULL);
	run->path = full_path(index, (const char *)sqlite3_column_text(statement, 7));
	run->metrics = sqlite3_column_int64(statement, 8);
	run->bad = sqlite3_column_int64(statement, 9);
	sqlite3_finalize(statement);
	if (run->run_id != NULL && run->digest != NULL && index_label(index, run->run_id, run->digest, label, why) == 0)
		run->label = strdup(label);
	if (run->run_id != NULL && run->digest != NULL && run->started != NULL && run->clock != NULL && run->fingerprint != NULL &&
		run->plan != NULL && run->header != NULL && run->path != NULL && run->label != NULL)
		return 0;
	index_run_free(run);
	return no_memory(index, why);
}

/* The single run that the statement returns. */
static int only_one(const struct index *index, sqlite3_stmt *statement, const char *name, int64_t *id, struct fs_reason *why)
{
	int err, n = 0;

	while ((err = index_next(index, &statement, why)) > 0) {
		*id = sqlite3_column_int64(statement, 0);
		n++;
	}
	if (err == 0 && n > 1)
		err = fs_because(why, -ENOTUNIQ, "give more of the id", "%s: the ids of %d runs start with %s", index->path, n, name);
	if (err == 0 && !n)
		err = fs_because(why, -ENOENT, "fivestep history log lists the runs", "%s: no run %s", index->path, name);
	return err;
}

int index_find_run(const struct index *index, const char *name, int64_t *id, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	char *full = realpath(name, NULL);
	size_t len = strlen(index->folder);
	int err;

	if (strcmp(name, "latest") == 0)
		err = index_ask(index, &statement, why, "SELECT id FROM run ORDER BY started DESC, id DESC LIMIT 1", "");
	else if (full != NULL)
		err = index_ask(index, &statement, why, "SELECT id FROM run WHERE path = ? OR path = ?", "tt", full,
			strncmp(full, index->folder, len) == 0 && full[len] == '/' ? full + len + 1 : full);
	else if (strlen(name) < INDEX_ID_LENGTH)
		err = fs_because(why, -ENOENT, "a run is named by its file, \"latest\", or at least 4 characters of its id", "no run %s", name);
	else
		err = index_ask(index, &statement, why, "SELECT id FROM run WHERE substr(run_id, 1, length(?1)) = ?1", "t", name);
	free(full);
	return err != 0 ? err : only_one(index, statement, name, id, why);
}

int index_check_file(const struct index_run *run, struct fs_reason *why)
{
	struct fs_reason said = {0};
	char *digest = index_digest(run->path, &said);
	bool same = digest != NULL && strcmp(digest, run->digest) == 0;

	free(digest);
	if (same)
		return 0;
	if (digest == NULL)
		return fs_because(why, -ESTALE, "add it from where it is now: fivestep history add --db FILE RUN",
			"%s; the run %s was added from there", said.what, run->run_id);
	return fs_because(why, -ESTALE, "add it again: fivestep history add --db FILE RUN", "%s has changed since the run %s was added", run->path,
		run->run_id);
}

/* ---- series ---------------------------------------------------------------------------------------------- */

void index_series_free(struct index_series *series, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(series[i].cell);
		free(series[i].metric);
		free(series[i].unit);
		free(series[i].clock);
		free(series[i].fingerprint);
		free(series[i].name);
	}
	free(series);
}

static bool matches(const char *name, const char *const *globs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!fnmatch(globs[i], name, 0))
			return true;
	return !n;
}

/* False if out of memory; what was allocated is in the series in any case. */
static bool read_series(sqlite3_stmt *statement, struct index_series *series)
{
	const char *label;

	memset(series, 0, sizeof(*series));
	series->id = sqlite3_column_int64(statement, 0);
	series->cell = index_text(statement, 1);
	series->metric = index_text(statement, 2);
	series->unit = index_text(statement, 3);
	series->better = (enum fs_better)sqlite3_column_int(statement, 4);
	series->histogram = sqlite3_column_int(statement, 5);
	series->emulated = sqlite3_column_int(statement, 6);
	series->clock = index_text(statement, 7);
	series->fingerprint = index_text(statement, 8);
	series->n = sqlite3_column_int64(statement, 9);
	label = series->fingerprint != NULL ? strchr(series->fingerprint, '@') : NULL;
	if (series->cell != NULL && series->metric != NULL)
		series->name = label != NULL ? text_format("%s:%s/%s", label + 1, series->cell, series->metric)
					     : text_format("%s/%s", series->cell, series->metric);
	return series->name != NULL && series->unit != NULL && series->clock != NULL && series->fingerprint != NULL;
}

int index_list_series(
	const struct index *index, const char *const *globs, size_t n_globs, struct index_series **series, size_t *n, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why,
		"SELECT id, cell, metric, unit, better, histogram, emulated, clock, fingerprint,"
		" (SELECT count(*) FROM point WHERE point.series = series.id) AS points FROM series WHERE points > 0 ORDER BY id",
		"");

	*series = NULL;
	*n = 0;
	while (err == 0 && (err = index_next(index, &statement, why)) > 0) {
		struct index_series *more = grow(*series, *n, sizeof(*more));

		err = 0;
		if (more != NULL) {
			*series = more;
			err = read_series(statement, &more[(*n)++]) ? 0 : -ENOMEM;
		} else {
			err = -ENOMEM;
		}
		if (err != 0) {
			sqlite3_finalize(statement);
			err = no_memory(index, why);
		} else if (!matches(more[*n - 1].name, globs, n_globs)) {
			/* its slot is reused for the next */
			struct index_series *last = &more[--*n];

			free(last->cell);
			free(last->metric);
			free(last->unit);
			free(last->clock);
			free(last->fingerprint);
			free(last->name);
		}
	}
	if (err != 0) {
		index_series_free(*series, *n);
		*series = NULL;
		*n = 0;
	}
	return err;
}

int index_list_points(const struct index *index, int64_t series, struct index_point **points, size_t *n, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, "SELECT run, value, lo, hi, rounds FROM point WHERE series = ? ORDER BY run", "i", series);

	*points = NULL;
	*n = 0;
	while (err == 0 && (err = index_next(index, &statement, why)) > 0) {
		struct index_point *more = grow(*points, *n, sizeof(*more)), *point;

		err = 0;
		if (more == NULL) {
			sqlite3_finalize(statement);
			err = no_memory(index, why);
			break;
		}
		*points = more;
		point = &more[(*n)++];
		point->run = sqlite3_column_int64(statement, 0);
		point->value = point->lo = point->hi = sqlite3_column_double(statement, 1);
		if (sqlite3_column_type(statement, 2) != SQLITE_NULL) {
			point->lo = sqlite3_column_double(statement, 2);
			point->hi = sqlite3_column_double(statement, 3);
		}
		point->rounds = sqlite3_column_int64(statement, 4);
	}
	if (err != 0) {
		free(*points);
		*points = NULL;
	}
	return err;
}

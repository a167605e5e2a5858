/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index.h - an SQLite index of run files over time, with one series for each cell, metric, clock and machine; of labelled runs also for each label.
 *
 * The run files hold the results. The index holds their paths, a digest of each, and the median of each metric, and can be rebuilt
 * from them. Notes by people (labels, baselines, expected changes) are in no run file: they are kept beside the index in FILE.notes, JSON Lines,
 * and read back when the index is rebuilt. Writers take turns, each change is atomic, and readers never wait.
 */
#ifndef FIVESTEP_INDEX_H
#define FIVESTEP_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/summary/summary.h"

#define INDEX_SCHEMA	2
#define INDEX_BUSY_MS	30000 /* how long to wait for another writer */
#define INDEX_ID_LENGTH 4     /* minimum number of characters of a run's id that name it */

struct index;

/* The intended use of an index. Reading writes nothing, neither the index nor a file beside it, if that can be avoided. */
enum index_use { INDEX_READ, INDEX_WRITE, INDEX_CREATE };

/*
 * -ENOENT if there is none and use is not INDEX_CREATE; -EPROTONOSUPPORT for the index of a newer fivestep; -EBADMSG for a file that is not an
 * index; -EBUSY if another writer takes too long. *index is NULL then. path is always a file's, never one of SQLite's URIs.
 */
int index_open(const char *path, enum index_use use, struct index **index, struct fs_reason *why);
void index_close(struct index *index);

/* Whether text is a valid time as in run records, 2025-01-31T06:00:00Z; or, with INDEX_DAY, a day. */
enum index_time { INDEX_TIME, INDEX_DAY };
bool index_is_time(const char *text, enum index_time least);

enum index_added {
	INDEX_ADDED,
	INDEX_KNOWN,	/* that very file has been added before; its current path is stored */
	INDEX_REPLACED, /* an earlier state of the run had been added */
};
int index_add(struct index *index, const struct runfile *run, const struct summary *summary, enum index_added *added, struct fs_reason *why);

#define INDEX_LABEL 64 /* characters of a label at most */
/* Letters, digits, '.', '_' and '-', and starts with a letter or digit. */
bool index_is_label(const char *text);
/*
 * Before the run is added: its series are those of this label, such as the name of a node, on this machine. -EINVAL if it is in the index without
 * this label.
 */
int index_set_label(struct index *index, const struct runfile *run, const char *label, struct fs_reason *why);

/* ---- reading; all in the order in which the runs were started, then added --------------------------------- */

struct index_run {
	int64_t id; /* in this index only */
	char *run_id, *digest, *started, *clock, *fingerprint, *plan;
	char *path;	 /* of its file, usable from the current folder */
	char *label;	 /* "" if it has none */
	json_t *header;	 /* build and machine of the run record */
	int64_t metrics; /* points of this run */
	int64_t bad;	 /* rounds that failed or are invalid */
};
void index_run_free(struct index_run *run);

/* The ids of all runs. */
int index_list_runs(const struct index *index, int64_t **ids, size_t *n, struct fs_reason *why);
int index_get_run(const struct index *index, int64_t id, struct index_run *run, struct fs_reason *why);
/* "latest", a run's id or its first characters, or the path of its file. -ENOENT if there is none, -ENOTUNIQ if there are several. */
int index_find_run(const struct index *index, const char *name, int64_t *id, struct fs_reason *why);
/* Whether the run's file is still there and unchanged. */
int index_check_file(const struct index_run *run, struct fs_reason *why);

struct index_series {
	int64_t id;
	char *cell, *metric, *unit, *clock, *fingerprint;
	char *name; /* CELL/METRIC or LABEL:CELL/METRIC, which patterns match */
	enum fs_better better;
	bool histogram, emulated;
	int64_t n; /* points */
};
/* The series that match one of the globs; all if there are none. */
int index_list_series(
	const struct index *index, const char *const *globs, size_t n_globs, struct index_series **series, size_t *n, struct fs_reason *why);
void index_series_free(struct index_series *series, size_t n);

struct index_point {
	int64_t run;
	double value, lo, hi; /* lo and hi equal the value if there is no interval */
	int64_t rounds;
};
/* In the order of the runs' ids in the index. */
int index_list_points(const struct index *index, int64_t series, struct index_point **points, size_t *n, struct fs_reason *why);

/* ---- notes ------------------------------------------------------------------------------------------------ */

struct index_note {
	char *name; /* of a baseline; NULL in an expected change */
	char *glob; /* the series that change */
	char *why;
	int64_t run; /* -1 if the index does not have it */
};
/* Names a run; an existing name is moved to this run. */
int index_set_baseline(struct index *index, const char *name, int64_t run, struct fs_reason *why);
/* Notes that the series that match glob are expected to change at this run; or removes that note. */
int index_expect(struct index *index, const char *glob, int64_t run, const char *text, bool forget, struct fs_reason *why);
int index_list_notes(const struct index *index, struct index_note **notes, size_t *n, struct fs_reason *why);
void index_notes_free(struct index_note *notes, size_t n);
/* -ENOENT if there is no such baseline. */
int index_find_baseline(const struct index *index, const char *name, int64_t *run, struct fs_reason *why);

/* ---- rebuilding ------------------------------------------------------------------------------------------- */

/*
 * Other processes see nothing between begin and end, and an error leaves everything unchanged. begin empties the index and reads the notes back;
 * index_add() fills it. commit false undoes everything.
 */
int index_rebuild_begin(struct index *index, struct fs_reason *why);
int index_rebuild_end(struct index *index, bool commit, struct fs_reason *why);

#endif

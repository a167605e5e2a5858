/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_sql.h - shared by the files of the index: the database, one way to query it, one way to report errors.
 */
#ifndef FIVESTEP_INDEX_SQL_H
#define FIVESTEP_INDEX_SQL_H

#include <sqlite3.h>

#include "analysis/history/index.h"

struct index {
	sqlite3 *db;
	char *path;
	char *file;	 /* path in a form that SQLite always takes for a file: absolute or with a leading "./" */
	char *folder;	 /* of path, with its links resolved */
	char *notes;	 /* path of the file of notes */
	bool rebuilding; /* inside of one transaction */
};

/* Creates or upgrades the tables, if the index may be written. Returns 0 or negative errno as index_open() does. */
int index_check_schema(struct index *index, enum index_use use, struct fs_reason *why);
int index_none(const struct index *index, struct fs_reason *why); /* fails with -ENOENT: there is no index */
/* SQLite's last error as negative errno with the reason. */
int index_fail(const struct index *index, struct fs_reason *why);
/* types: a letter for each argument: t text (const char *), i int64_t, d double, n nothing, for a NULL. */
int index_ask(const struct index *index, sqlite3_stmt **statement, struct fs_reason *why, const char *sql, const char *types, ...);
/* Returns 1 with a row, 0 at the end, or negative errno; unless there is a row, the statement is finalized and NULL. */
int index_next(const struct index *index, sqlite3_stmt **statement, struct fs_reason *why);
/* Runs a statement that returns no rows. */
int index_do(const struct index *index, struct fs_reason *why, const char *sql, const char *types, ...);
/* A copy of a column's text, "" for NULL; NULL if out of memory. */
char *index_text(sqlite3_stmt *statement, int column);

/* A transaction, unless the index is being rebuilt, which is one already. If err is set, the transaction is undone and err returned. */
int index_begin(struct index *index, struct fs_reason *why);
int index_end(struct index *index, int err, struct fs_reason *why);

/* The label of the run with that id, or of the file with that digest; "" if it has none. */
int index_label(const struct index *index, const char *run_id, const char *digest, char label[INDEX_LABEL + 1], struct fs_reason *why);

/* Notes it, whether the index has the run or not. */
int index_write_label(struct index *index, const char *run_id, const char *digest, const char *label, struct fs_reason *why);

/* Reads FILE.notes into the index. */
int index_read_notes(struct index *index, struct fs_reason *why);

#define INDEX_MACHINE (64 + 1 + INDEX_LABEL + 1)
/* The machine to whose series the run's points belong: its fingerprint, or its newer one, and "@LABEL" if it has one. Returns 0 or negative errno. */
int index_machine(struct index *index, const struct runfile *run, char machine[INDEX_MACHINE], struct fs_reason *why);

/* The digest of a file's bytes; NULL, with the reason, on failure. */
char *index_digest(const char *path, struct fs_reason *why);

#endif

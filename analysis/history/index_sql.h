/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_sql.h - what the files of the index share: the database, one way to ask it, one way to say what went wrong.
 */
#ifndef FIVESTEP_INDEX_SQL_H
#define FIVESTEP_INDEX_SQL_H

#include <sqlite3.h>

#include "analysis/history/index.h"

struct index {
	sqlite3 *db;
	char *path;
	char *file;	 /* path as SQLite takes it for a file in any case: absolute or with a leading "./" */
	char *folder;	 /* of path, with its links resolved */
	char *notes;	 /* path of the file of notes */
	bool rebuilding; /* inside of one transaction */
};

/* What SQLite said last, as negative errno with the reason. */
int index_fail(const struct index *index, struct fs_reason *why);
/* types: a letter for each argument: t text (const char *), i int64_t, d double, n nothing, where a NULL is to be. */
int index_ask(const struct index *index, sqlite3_stmt **statement, struct fs_reason *why, const char *sql, const char *types, ...);
/* 1: a row, 0: no more, or negative errno; but for a row the statement is gone and NULL. */
int index_next(const struct index *index, sqlite3_stmt **statement, struct fs_reason *why);
/* A statement that gives no rows. */
int index_do(const struct index *index, struct fs_reason *why, const char *sql, const char *types, ...);
/* A copy of a column's text, "" for NULL; NULL without memory. */
char *index_text(sqlite3_stmt *statement, int column);

/* A transaction, unless the index is being made again, which is one. err undoes it, and is returned. */
int index_begin(struct index *index, struct fs_reason *why);
int index_end(struct index *index, int err, struct fs_reason *why);

/* Reads FILE.notes into the index. */
int index_read_notes(struct index *index, struct fs_reason *why);

#define INDEX_MACHINE 64
/* The machine whose series the run's points belong to: its fingerprint, or the one that it is known by now. 0 or negative errno. */
int index_machine(struct index *index, const struct runfile *run, char *machine, size_t bytes, struct fs_reason *why);

/* Of a file's bytes; NULL with the reason. */
char *index_digest(const char *path, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_sql.c - queries of an index's database, and the digest of a file; see index_sql.h.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history/index_sql.h"

/* ---- asking ---------------------------------------------------------------------------------------------- */

int index_fail(const struct index *index, struct fs_reason *why)
{
	int code = sqlite3_errcode(index->db) & 0xff;
	const char *said = sqlite3_errmsg(index->db);

	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fs_because(why, -EBUSY, "try again", "%s: another process has been writing it for %d s", index->path, INDEX_BUSY_MS / 1000);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return fs_because(why, -EBADMSG, "move it away and rebuild it: fivestep history rebuild --db FILE RUN...",
			"%s: not an index of fivestep, or damaged: %s", index->path, said);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return fs_because(why, -EROFS, "", "%s: cannot be written: %s", index->path, said);
	case SQLITE_FULL:
		return fs_because(why, -ENOSPC, "", "%s: %s", index->path, said);
	case SQLITE_NOMEM:
		return fs_because(why, -ENOMEM, "", "%s: out of memory", index->path);
	case SQLITE_CANTOPEN:
		return fs_because(why, -EACCES, "", "%s: cannot be opened: %s", index->path, said);
	default:
		return fs_because(why, -EIO, "", "%s: %s", index->path, said);
	}
}

static int bind(sqlite3_stmt *statement, const char *types, va_list args)
{
	int code = SQLITE_OK;

	for (int i = 1; *types && code == SQLITE_OK; types++, i++) {
		if (*types == 't')
			code = sqlite3_bind_text(statement, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
		else if (*types == 'i')
			code = sqlite3_bind_int64(statement, i, va_arg(args, int64_t));
		else if (*types == 'd')
			code = sqlite3_bind_double(statement, i, va_arg(args, double));
		else
			code = sqlite3_bind_null(statement, i);
	}
	return code;
}

static int ask(const struct index *index, sqlite3_stmt **statement, struct fs_reason *why, const char *sql, const char *types, va_list args)
{
	*statement = NULL;
	if (sqlite3_prepare_v2(index->db, sql, -1, statement, NULL) == SQLITE_OK && bind(*statement, types, args) == SQLITE_OK)
		return 0;
	sqlite3_finalize(*statement);
	*statement = NULL;
	return index_fail(index, why);
}

int index_ask(const struct index *index, sqlite3_stmt **statement, struct fs_reason *why, const char *sql, const char *types, ...)
{
	va_list args;
	int err;

	va_start(args, types);
	err = ask(index, statement, why, sql, types, args);
	va_end(args);
	return err;
}

int index_next(const struct index *index, sqlite3_stmt **statement, struct fs_reason *why)
{
	int code = sqlite3_step(*statement), err = 0;

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		err = index_fail(index, why);
	sqlite3_finalize(*statement);
	*statement = NULL;
	return err;
}

int index_do(const struct index *index, struct fs_reason *why, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list args;
	int err;

	va_start(args, types);
	err = ask(index, &statement, why, sql, types, args);
	va_end(args);
	while (err == 0 && (err = index_next(index, &statement, why)) > 0)
		err = 0;
	return err;
}

char *index_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return strdup(text != NULL ? (const char *)text : "");
}

int index_begin(struct index *index, struct fs_reason *why)
{
	return index->rebuilding ? 0 : index_do(index, why, "BEGIN IMMEDIATE", "");
}

int index_end(struct index *index, int err, struct fs_reason *why)
{
	if (index->rebuilding)
		return err;
	if (err == 0)
		err = index_do(index, why, "COMMIT", "");
	if (err != 0)
		sqlite3_exec(index->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

/* ---- files ----------------------------------------------------------------------------------------------- */

/* FNV-1a of 64 bits and the length: this detects files that were changed or exchanged, not forgeries. */
char *index_digest(const char *path, struct fs_reason *why)
{
	uint64_t hash = UINT64_C(14695981039346656037), bytes = 0;
	FILE *file = fopen(path, "re");
	unsigned char buffer[65536];
	char *digest = NULL;
	size_t n;

	if (file == NULL) {
		fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
		return NULL;
	}
	while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		for (size_t i = 0; i < n; i++)
			hash = (hash ^ buffer[i]) * UINT64_C(1099511628211);
		bytes += n;
	}
	if (ferror(file))
		fs_because(why, -EIO, "", "%s: cannot be read", path);
	else if (asprintf(&digest, "%016llx-%llu", (unsigned long long)hash, (unsigned long long)bytes) < 0)
		digest = NULL;
	fclose(file);
	return digest;
}

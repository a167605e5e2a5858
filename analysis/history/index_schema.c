/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_schema.c - creates the tables of an index, and upgrades those of an older fivestep; see index_sql.h.
 */
#include "config.h"

#include <errno.h>

#include "analysis/history/index_sql.h"

#define APPLICATION_ID	      0x66697665 /* "five": distinguishes our files from other databases */
#define TEXT_OF(number)	      TEXT_OF_VALUE(number)
#define TEXT_OF_VALUE(number) #number

/* What schema 2 adds: see index_names.h. An index with schema 1 can be read as it is, and is upgraded when it is written. */
#define SCHEMA_2                                                                                                                                     \
	"CREATE TABLE initial (fingerprint TEXT NOT NULL, cells TEXT NOT NULL, param TEXT NOT NULL, initial TEXT, word TEXT, acts TEXT,"             \
	" idle INTEGER NOT NULL, PRIMARY KEY (fingerprint, cells, param)) WITHOUT ROWID;"                                                            \
	"CREATE TABLE cell (id INTEGER PRIMARY KEY, name TEXT NOT NULL, fingerprint TEXT NOT NULL, UNIQUE (name, fingerprint));"

static const char schema[] =
	"CREATE TABLE run (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, run_id TEXT NOT NULL, path TEXT NOT NULL,"
	" started TEXT NOT NULL, clock TEXT NOT NULL, fingerprint TEXT NOT NULL, plan TEXT NOT NULL, header TEXT NOT NULL,"
	" metrics INTEGER NOT NULL, bad INTEGER NOT NULL);"
	"CREATE INDEX run_started ON run (started);"
	"CREATE INDEX run_run_id ON run (run_id);"
	"CREATE TABLE series (id INTEGER PRIMARY KEY, cell TEXT NOT NULL, metric TEXT NOT NULL, unit TEXT NOT NULL,"
	" better INTEGER NOT NULL, histogram INTEGER NOT NULL, emulated INTEGER NOT NULL, clock TEXT NOT NULL,"
	" fingerprint TEXT NOT NULL, UNIQUE (cell, metric, fingerprint, clock, unit, better));"
	"CREATE TABLE point (series INTEGER NOT NULL REFERENCES series, run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
	" value REAL NOT NULL, lo REAL, hi REAL, rounds INTEGER NOT NULL, PRIMARY KEY (series, run)) WITHOUT ROWID;"
	"CREATE INDEX point_run ON point (run);"
	"CREATE TABLE note (kind TEXT NOT NULL, name TEXT NOT NULL, run_id TEXT NOT NULL, digest TEXT NOT NULL, why TEXT NOT NULL,"
	" PRIMARY KEY (kind, name, run_id, digest));" SCHEMA_2
	"PRAGMA application_id = " TEXT_OF(APPLICATION_ID) ";"
							   "PRAGMA user_version = " TEXT_OF(INDEX_SCHEMA) ";";

static int ask_number(const struct index *index, const char *sql, int64_t *number, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, sql, "");

	if (err != 0)
		return err;
	err = index_next(index, &statement, why);
	if (err <= 0)
		return err != 0 ? err : fs_because(why, -EIO, "", "%s: %s returned nothing", index->path, sql);
	*number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return 0;
}

/* Under a write lock: if two processes create the index at once, the second finds it created. */
static int make_schema(struct index *index, struct fs_reason *why)
{
	int64_t version = 0;
	int err = index_begin(index, why);

	if (err != 0)
		return err;
	err = ask_number(index, "PRAGMA user_version", &version, why);
	if (err == 0 && !version && sqlite3_exec(index->db, schema, NULL, NULL, NULL) != SQLITE_OK)
		err = index_fail(index, why);
	return index_end(index, err, why);
}

/* Upgrades an index that an older fivestep wrote: its cells keep their names. */
static int upgrade(struct index *index, struct fs_reason *why)
{
	static const char more[] = SCHEMA_2 "INSERT INTO cell (name, fingerprint) SELECT cell, fingerprint FROM series"
					    " GROUP BY cell, fingerprint ORDER BY min(id);"
					    "PRAGMA user_version = " TEXT_OF(INDEX_SCHEMA) ";";
	int64_t version = INDEX_SCHEMA;
	int err = index_begin(index, why);

	if (err != 0)
		return err;
	err = ask_number(index, "PRAGMA user_version", &version, why);
	if (err == 0 && version == 1 && sqlite3_exec(index->db, more, NULL, NULL, NULL) != SQLITE_OK)
		err = index_fail(index, why);
	return index_end(index, err, why);
}

/* In one transaction: another process may be creating the index, and the answers would be partly from before and partly from after. */
static int ask_schema(struct index *index, int64_t *application, int64_t *version, int64_t *tables, struct fs_reason *why)
{
	int err = sqlite3_exec(index->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ? 0 : index_fail(index, why);

	if (err == 0)
		err = ask_number(index, "SELECT count(*) FROM sqlite_master", tables, why);
	if (err == 0)
		err = ask_number(index, "PRAGMA user_version", version, why);
	if (err == 0)
		err = ask_number(index, "PRAGMA application_id", application, why);
	sqlite3_exec(index->db, "COMMIT", NULL, NULL, NULL);
	return err;
}

int index_none(const struct index *index, struct fs_reason *why)
{
	return fs_because(why, -ENOENT, "fivestep history add --db FILE RUN... starts one", "%s: no history yet", index->path);
}

int index_check_schema(struct index *index, enum index_use use, struct fs_reason *why)
{
	int64_t application = 0, version = 0, tables = 0;
	int err = ask_schema(index, &application, &version, &tables, why);

	if (err != 0)
		return err;
	if (!tables)
		return use == INDEX_READ ? index_none(index, why) : make_schema(index, why);
	if (application != APPLICATION_ID)
		return fs_because(why, -EBADMSG, "name another file", "%s: a database, but not an index of fivestep", index->path);
	if (version > INDEX_SCHEMA)
		return fs_because(why, -EPROTONOSUPPORT,
			"use the fivestep that wrote it, or a newer one; or build your own index: fivestep history rebuild",
			"%s: schema %lld is newer than this fivestep, which knows %d", index->path, (long long)version, INDEX_SCHEMA);
	return version == 1 && use != INDEX_READ ? upgrade(index, why) : 0;
}

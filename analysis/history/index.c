/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index.c - opens and writes the SQLite index of many runs; see index.h. index_read.c reads it, index_notes.c keeps the notes.
 */
#include "config.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/summary/cell_key.h"
#include "analysis/history/index_names.h"
#include "analysis/history/index_sql.h"
#include "base/jsontext.h"

/* ---- opening --------------------------------------------------------------------------------------------- */

/* An index may come from another user: no trigger, view or function that its schema names is run, and it cannot access other files. */
static void distrust(sqlite3 *db)
{
	static const struct {
		int what, value;
	} settings[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
		{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	};

	for (size_t i = 0; i < FS_ARRAY_SIZE(settings); i++)
		sqlite3_db_config(db, settings[i].what, settings[i].value, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

static int connect_by(struct index *index, const char *name, int flags, struct fs_reason *why)
{
	sqlite3_close(index->db);
	index->db = NULL;
	if (sqlite3_open_v2(name, &index->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return index->db != NULL ? index_fail(index, why) : fs_because(why, -ENOMEM, "", "%s: out of memory", index->path);
	distrust(index->db);
	sqlite3_busy_timeout(index->db, INDEX_BUSY_MS);
	return 0;
}

/* "file:PATH?immutable=1"; NULL if out of memory. */
static char *immutable_uri(const struct index *index)
{
	char *uri = malloc(3 * strlen(index->file) + sizeof("file:?immutable=1")), *at;

	if (uri == NULL)
		return NULL;
	at = stpcpy(uri, "file:");
	for (const char *c = index->file; *c; c++)
		at += sprintf(at, strchr("%?#", *c) != NULL ? "%%%02X" : "%c", (unsigned char)*c);
	strcpy(at, "?immutable=1");
	return uri;
}

/* Whether a killed writer left a log beside the index, which must be written into it. */
static bool has_log(const struct index *index)
{
	struct stat log;
	char *path = NULL;
	bool has = asprintf(&path, "%s-wal", index->file) < 0 || (!stat(path, &log) && log.st_size > 0);

	free(path);
	return has;
}

/* Opens it as an immutable file: SQLite then creates no files beside it. */
static int connect_immutable(struct index *index, struct fs_reason *why)
{
	char *uri = immutable_uri(index);
	int err = uri != NULL ? connect_by(index, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, why)
			      : fs_because(why, -ENOMEM, "", "%s: out of memory", index->path);

	free(uri);
	return err != 0 ? err : index_check_schema(index, INDEX_READ, why);
}

/*
 * In WAL mode even a reader creates files beside the index. A user who may not write the index must not create them, or the owner could not write
 * them later. So the index is read as a file that does not change, which is true if there is no log.
 */
static int connect_to_read(struct index *index, struct fs_reason *why)
{
	int err = -EACCES;

	if (access(index->file, R_OK))
		return fs_because(why, -errno, "", "%s: %s", index->path, strerror(errno));
	if (!access(index->file, W_OK) || has_log(index)) {
		err = connect_by(index, index->file, SQLITE_OPEN_READONLY, why);
		if (err == 0)
			err = index_check_schema(index, INDEX_READ, why);
		if (err != -EACCES && err != -EROFS)
			return err;
	}
	if (has_log(index))
		return fs_because(why, err, "let its owner read it once: fivestep history log --db FILE",
			"%s: the last changes are still in %s-wal, and cannot be read from there without writing", index->path, index->path);
	return connect_immutable(index, why);
}

static int connect_to(struct index *index, enum index_use use, struct fs_reason *why)
{
	int err;

	if (use != INDEX_CREATE && access(index->file, F_OK) && errno == ENOENT)
		return index_none(index, why);
	if (use == INDEX_READ)
		return connect_to_read(index, why);
	err = connect_by(index, index->file, SQLITE_OPEN_READWRITE | (use == INDEX_CREATE ? SQLITE_OPEN_CREATE : 0), why);
	if (err != 0)
		return err;
	/* readers and one writer at a time do not wait for each other, unless the file system does not support it */
	sqlite3_exec(index->db, "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON", NULL, NULL, NULL);
	return index_check_schema(index, use, why);
}

static int name_files(struct index *index, const char *path, struct fs_reason *why)
{
	char *copy = strdup(path);

	if (!*path) {
		free(copy);
		return fs_because(why, -EISDIR, "", "an index needs a name");
	}
	index->path = strdup(path);
	/* "file:x" and ":memory:" are ordinary file names here */
	if (asprintf(&index->file, "%s%s", *path == '/' ? "" : "./", path) < 0)
		index->file = NULL;
	if (copy != NULL && index->path != NULL && index->file != NULL && asprintf(&index->notes, "%s.notes", path) >= 0)
		index->folder = realpath(dirname(copy), NULL);
	else
		index->notes = NULL;
	free(copy);
	if (index->folder != NULL)
		return 0;
	return fs_because(why, errno ? -errno : -ENOMEM, "", "%s: %s", path, strerror(errno ? errno : ENOMEM));
}

int index_open(const char *path, enum index_use use, struct index **out, struct fs_reason *why)
{
	struct index *index = calloc(1, sizeof(*index));
	int err;

	*out = NULL;
	if (index == NULL)
		return fs_because(why, -ENOMEM, "", "%s: out of memory", path);
	errno = 0;
	err = name_files(index, path, why);
	if (err == 0)
		err = connect_to(index, use, why);
	if (err != 0)
		index_close(index);
	else
		*out = index;
	return err;
}

void index_close(struct index *index)
{
	if (index == NULL)
		return;
	sqlite3_close(index->db);
	free(index->path);
	free(index->file);
	free(index->folder);
	free(index->notes);
	free(index);
}

/* ---- adding ---------------------------------------------------------------------------------------------- */

/* The path of a file below the index's folder is stored relative to it, so that both can be moved together. */
static char *place_of(const struct index *index, const char *path, struct fs_reason *why)
{
	char *full = realpath(path, NULL), *place;
	size_t len = strlen(index->folder);

	if (full == NULL) {
		fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (strncmp(full, index->folder, len) != 0 || full[len] != '/')
		return full;
	place = strdup(full + len + 1);
	free(full);
	return place;
}

static json_int_t count_bad(const struct runfile *run)
{
	size_t bad = 0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (int v = VERDICT_SKIP + 1; v < VERDICTS; v++)
			bad += runfile_count_verdict(&run->cells[c], v);
	return (json_int_t)bad;
}

static int add_point(struct index *index, const char *machine, const char *key, const struct summary_row *row, int64_t run, struct fs_reason *why)
{
	const struct statistics_interval *interval = &row->interval;
	const struct runfile *file = row->run;
	int err = index_do(index, why,
		"INSERT OR IGNORE INTO series (cell, metric, unit, better, histogram, emulated, clock, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		"tttiiitt", key, row->metric, row->unit, (int64_t)row->better, (int64_t)row->histogram,
		(int64_t)runfile_cell_emulated(file, row->cell), file->clock, machine);

	if (err != 0)
		return err;
	return index_do(index, why,
		"INSERT INTO point (series, run, value, lo, hi, rounds) SELECT id, ?, ?, ?, ?, ? FROM series"
		" WHERE cell = ? AND metric = ? AND fingerprint = ? AND clock = ? AND unit = ? AND better = ?",
		interval->has_interval ? "idddittttti" : "idnnittttti", run, interval->median, interval->has_interval ? interval->lo : 0.0,
		interval->has_interval ? interval->hi : 0.0, (int64_t)interval->n, key, row->metric, machine, file->clock, row->unit,
		(int64_t)row->better);
}

static int add_points(struct index *index, const struct runfile *file, const struct summary *summary, int64_t run, struct fs_reason *why)
{
	struct cell_keys keys = {0};
	struct index_names names = {0};
	char machine[INDEX_MACHINE];
	int64_t n = 0;
	int err = index_machine(index, file, machine, why);

	if (err == 0)
		err = index_names_open(index, machine, file, &names, why);
	if (err == 0 && cell_keys_make_by(names.identity, file, &keys))
		err = fs_because(why, -ENOMEM, "", "%s: out of memory", index->path);
	for (size_t i = 0; i < summary->n && err == 0; i++) {
		const struct summary_row *row = &summary->rows[i];
		const char *name;

		if (!row->n_values)
			continue;
		err = index_names_find(index, &names, cell_key(&keys, row->cell), &name, why);
		if (err == 0)
			err = add_point(index, machine, name, row, run, why);
		n++;
	}
	cell_keys_free(&keys);
	index_names_close(&names);
	return err != 0 ? err : index_do(index, why, "UPDATE run SET metrics = ? WHERE id = ?", "ii", n, run);
}

/* The id of the run with that text in that column; 0 if there is none. */
static int find_by(const struct index *index, const char *sql, const char *text, int64_t *id, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, sql, "t", text);

	*id = 0;
	if (err == 0)
		err = index_next(index, &statement, why);
	if (err <= 0)
		return err;
	*id = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return 0;
}

/* Build and machine: possible causes of a change. */
static char *header_of(const struct runfile *run)
{
	json_t *build = json_object_get(run->header, "build"), *machine = json_object_get(run->header, "machine");
	json_t *object = json_object();
	char *text;

	if (build != NULL)
		json_object_set(object, "build", build);
	if (machine != NULL)
		json_object_set(object, "machine", machine);
	text = jsontext_make(object, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(object);
	return text;
}

static int add_run(struct index *index, const struct runfile *run, const struct summary *summary, const char *digest, const char *place,
	const char *header, struct fs_reason *why)
{
	int err = index_do(index, why,
		"INSERT INTO run (digest, run_id, path, started, clock, fingerprint, plan, header, metrics, bad) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, "
		"?)",
		"tttttttti", digest, run->id, place, run->started, run->clock, run->fingerprint, run->plan, header, (int64_t)count_bad(run));

	return err != 0 ? err : add_points(index, run, summary, sqlite3_last_insert_rowid(index->db), why);
}

static int add_or_replace(struct index *index, const struct runfile *run, const struct summary *summary, const char *digest, const char *place,
	const char *header, enum index_added *added, struct fs_reason *why)
{
	int64_t same = 0, older = 0;
	int err = find_by(index, "SELECT id FROM run WHERE digest = ?", digest, &same, why);

	if (err == 0 && !same && *run->id)
		err = find_by(index, "SELECT id FROM run WHERE run_id = ?", run->id, &older, why);
	if (err != 0)
		return err;
	*added = same ? INDEX_KNOWN : older ? INDEX_REPLACED : INDEX_ADDED;
	if (same)
		return index_do(index, why, "UPDATE run SET path = ? WHERE id = ?", "ti", place, same);
	if (older)
		err = index_do(index, why, "DELETE FROM run WHERE id = ?", "i", older);
	return err != 0 ? err : add_run(index, run, summary, digest, place, header, why);
}

int index_add(struct index *index, const struct runfile *run, const struct summary *summary, enum index_added *added, struct fs_reason *why)
{
	char *digest = index_digest(run->path, why), *place = digest != NULL ? place_of(index, run->path, why) : NULL;
	char *header = place != NULL ? header_of(run) : NULL;
	int err = -EIO;

	if (header != NULL) {
		err = index_begin(index, why);
		if (err == 0)
			err = index_end(index, add_or_replace(index, run, summary, digest, place, header, added, why), why);
	}
	free(digest);
	free(place);
	free(header);
	return err;
}

/* ---- rebuilding ------------------------------------------------------------------------------------------ */

int index_rebuild_begin(struct index *index, struct fs_reason *why)
{
	static const char *const tables[] = {"DELETE FROM point", "DELETE FROM series", "DELETE FROM run", "DELETE FROM note"};
	int err = index_begin(index, why);

	if (err != 0)
		return err;
	index->rebuilding = true;
	for (size_t i = 0; i < FS_ARRAY_SIZE(tables) && err == 0; i++)
		err = index_do(index, why, tables[i], "");
	if (err == 0)
		err = index_read_notes(index, why);
	if (err != 0)
		index_rebuild_end(index, false, why);
	return err;
}

int index_rebuild_end(struct index *index, bool commit, struct fs_reason *why)
{
	index->rebuilding = false;
	return index_end(index, commit ? 0 : -ECANCELED, why);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_notes.c - keeps people's notes on runs: baselines and expected changes; see index.h.
 *
 * Each note is a line of FILE.notes, {"note", "name", "run", "digest", "why"}, written before the index has it: the index can be lost.
 * "note" is "baseline" (name: the baseline's), "expected" or "unexpected" (name: the glob of the series), or "label" (name: the label). A later line
 * replaces an earlier one. Runs are named by their id, or by the digest of their file if they have none.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/history/index_sql.h"
#include "base/array.h"
#include "base/jsontext.h"

static const char baseline[] = "baseline", expected[] = "expected", unexpected[] = "unexpected", labelled[] = "label";

/* ---- writing --------------------------------------------------------------------------------------------- */

static int keep(const struct index *index, const char *kind, const char *name, const char *run_id, const char *digest, const char *text,
	struct fs_reason *why)
{
	int err;

	if (strcmp(kind, baseline) == 0)
		err = index_do(index, why, "DELETE FROM note WHERE kind = ? AND name = ?", "tt", kind, name);
	else if (strcmp(kind, labelled) == 0)
		err = index_do(index, why, "DELETE FROM note WHERE kind = ? AND run_id = ? AND digest = ?", "ttt", kind, run_id, digest);
	else
		err = index_do(index, why, "DELETE FROM note WHERE kind = ? AND name = ? AND run_id = ? AND digest = ?", "tttt", expected, name,
			run_id, digest);
	if (err != 0 || strcmp(kind, unexpected) == 0)
		return err;
	return index_do(
		index, why, "INSERT INTO note (kind, name, run_id, digest, why) VALUES (?, ?, ?, ?, ?)", "ttttt", kind, name, run_id, digest, text);
}

/* Appends one complete line and syncs it, or fails. An incomplete line before it, as after a kill, is terminated first. */
static int append(const struct index *index, json_t *note, struct fs_reason *why)
{
	int fd = open(index->notes, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666), err = 0;
	char *line = jsontext_make(note, JSON_COMPACT), *text = NULL, last = '\n';
	off_t end;
	int len;

	if (fd < 0) {
		err = fs_because(why, -errno, "", "%s: %s", index->notes, strerror(errno));
		goto out;
	}
	end = lseek(fd, 0, SEEK_END);
	if (end > 0 && pread(fd, &last, 1, end - 1) != 1)
		last = '\n';
	len = line != NULL ? asprintf(&text, "%s%s\n", last == '\n' ? "" : "\n", line) : -1;
	if (len < 0) {
		text = NULL;
		err = fs_because(why, -ENOMEM, "", "%s: out of memory", index->notes);
		goto out;
	}
	if (write(fd, text, (size_t)len) != len || fsync(fd))
		err = fs_because(why, errno ? -errno : -EIO, "is the disk full?", "%s: cannot be written", index->notes);
out:
	if (fd >= 0)
		close(fd);
	free(line);
	free(text);
	return err;
}

static int write_of(
	struct index *index, const char *kind, const char *name, const char *run_id, const char *digest, const char *text, struct fs_reason *why)
{
	json_t *note;
	int err;

	/* the id is enough, and lasting: a resumed run has another digest */
	if (run_id[0] != '\0')
		digest = "";
	note = json_pack("{s:s, s:s, s:s, s:s, s:s}", "note", kind, "name", name, "run", run_id, "digest", digest, "why", text);
	err = index_begin(index, why);
	if (err == 0) {
		err = keep(index, kind, name, run_id, digest, text, why);
		if (err == 0)
			err = note != NULL ? append(index, note, why) : fs_because(why, -EINVAL, "", "a note that is not UTF-8");
		err = index_end(index, err, why);
	}
	json_decref(note);
	return err;
}

static int write_note(struct index *index, const char *kind, const char *name, int64_t run, const char *text, struct fs_reason *why)
{
	struct index_run noted;
	int err = index_get_run(index, run, &noted, why);

	if (err == 0)
		err = write_of(index, kind, name, noted.run_id, noted.digest, text, why);
	index_run_free(&noted);
	return err;
}

int index_write_label(struct index *index, const char *run_id, const char *digest, const char *label, struct fs_reason *why)
{
	return write_of(index, labelled, label, run_id, digest, "", why);
}

int index_set_baseline(struct index *index, const char *name, int64_t run, struct fs_reason *why)
{
	return write_note(index, baseline, name, run, "", why);
}

int index_expect(struct index *index, const char *glob, int64_t run, const char *text, bool forget, struct fs_reason *why)
{
	return write_note(index, forget ? unexpected : expected, glob, run, text, why);
}

/* ---- reading --------------------------------------------------------------------------------------------- */

static int read_line(struct index *index, const char *line, unsigned number, struct fs_reason *why)
{
	const char *kind, *name, *run, *digest, *text;
	json_error_t error;
	json_t *note = json_loads(line, 0, &error);
	int err;

	if (note == NULL ||
		json_unpack(note, "{s:s, s:s, s:s, s:s, s:s}", "note", &kind, "name", &name, "run", &run, "digest", &digest, "why", &text) ||
		(strcmp(kind, baseline) != 0 && strcmp(kind, expected) != 0 && strcmp(kind, unexpected) != 0 &&
			(strcmp(kind, labelled) != 0 || !index_is_label(name))))
		err = fs_because(why, -EBADMSG, "correct or remove the line",
			"%s:%u: not a note: expected {\"note\", \"name\", \"run\", \"digest\", \"why\"} with note baseline, expected, unexpected or "
			"label",
			index->notes, number);
	else
		err = keep(index, kind, name, run, digest, text, why);
	json_decref(note);
	return err;
}

int index_read_notes(struct index *index, struct fs_reason *why)
{
	FILE *file = fopen(index->notes, "re");
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0;
	ssize_t len;
	int err = 0;

	if (file == NULL)
		return errno == ENOENT ? 0 : fs_because(why, -errno, "", "%s: %s", index->notes, strerror(errno));
	while (err == 0 && (len = getline(&line, &room, file)) > 0) {
		number++;
		if (len > 1)
			err = read_line(index, line, number, why);
	}
	free(line);
	fclose(file);
	return err;
}

void index_notes_free(struct index_note *notes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(notes[i].name);
		free(notes[i].glob);
		free(notes[i].why);
	}
	free(notes);
}

#define OF_RUN "coalesce((SELECT id FROM run WHERE (note.run_id <> '' AND run.run_id = note.run_id) OR run.digest = note.digest LIMIT 1), -1)"

int index_list_notes(const struct index *index, struct index_note **notes, size_t *n, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, "SELECT kind, name, why, " OF_RUN " FROM note WHERE kind <> ? ORDER BY rowid", "t", labelled);

	*notes = NULL;
	*n = 0;
	while (err == 0 && (err = index_next(index, &statement, why)) > 0) {
		bool has_room = ARRAY_ADD(*notes, *n, ARRAY_MANY, "notes", NULL) == 0;
		struct index_note *note = has_room ? &(*notes)[*n] : NULL;
		bool is_baseline = strcmp((const char *)sqlite3_column_text(statement, 0), baseline) == 0;

		err = 0;
		if (note != NULL) {
			++*n;
			note->name = is_baseline ? index_text(statement, 1) : NULL;
			note->glob = is_baseline ? NULL : index_text(statement, 1);
			note->why = index_text(statement, 2);
			note->run = sqlite3_column_int64(statement, 3);
		}
		if (note == NULL || note->why == NULL || !(note->name != NULL || note->glob != NULL)) {
			sqlite3_finalize(statement);
			err = fs_because(why, -ENOMEM, "", "%s: out of memory", index->path);
		}
	}
	if (err != 0) {
		index_notes_free(*notes, *n);
		*notes = NULL;
		*n = 0;
	}
	return err;
}

int index_find_baseline(const struct index *index, const char *name, int64_t *run, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, "SELECT " OF_RUN " FROM note WHERE kind = ? AND name = ?", "tt", baseline, name);

	if (err == 0)
		err = index_next(index, &statement, why);
	if (err < 0)
		return err;
	if (err == 0)
		return fs_because(why, -ENOENT, "fivestep history baseline --db FILE NAME RUN sets one", "%s: no baseline %s", index->path, name);
	*run = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	if (*run < 0)
		return fs_because(why, -ENOENT, "add its run file", "%s: the run of the baseline %s is not in the index", index->path, name);
	return 0;
}

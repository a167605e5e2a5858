/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_label.c - labels of runs, such as the name of a node: machines of one model have one fingerprint, and the runs of each are series of their
 * own. A label is a note of whoever adds a run (index_notes.c); it is never taken from the machine.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history/index_sql.h"

bool index_is_label(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = strlen(text);

	return len > 0 && len <= INDEX_LABEL && strspn(text, letters) == len && strchr("._-", text[0]) == NULL;
}

int index_label(const struct index *index, const char *run_id, const char *digest, char label[INDEX_LABEL + 1], struct fs_reason *why)
{
	sqlite3_stmt *statement;
	const char *name;
	int err = index_ask(index, &statement, why,
		"SELECT name FROM note WHERE kind = 'label' AND ((run_id <> '' AND run_id = ?) OR (digest <> '' AND digest = ?)) LIMIT 1", "tt",
		run_id, digest);

	label[0] = '\0';
	if (err == 0)
		err = index_next(index, &statement, why);
	if (err <= 0)
		return err;
	name = (const char *)sqlite3_column_text(statement, 0);
	if (name != NULL && index_is_label(name))
		strcpy(label, name);
	sqlite3_finalize(statement);
	return 0;
}

/* 1 if the index has the run, 0 or negative errno. */
static int has_run(const struct index *index, const char *run_id, const char *digest, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(
		index, &statement, why, "SELECT id FROM run WHERE (run_id <> '' AND run_id = ?) OR digest = ? LIMIT 1", "tt", run_id, digest);

	if (err == 0)
		err = index_next(index, &statement, why);
	if (err == 1)
		sqlite3_finalize(statement);
	return err;
}

int index_set_label(struct index *index, const struct runfile *run, const char *label, struct fs_reason *why)
{
	char before[INDEX_LABEL + 1] = "", *digest = index_digest(run->path, why);
	int err = digest != NULL ? index_label(index, run->id, digest, before, why) : -EIO, known = 0;

	if (err == 0 && strcmp(before, label) != 0) {
		known = has_run(index, run->id, digest, why);
		if (known == 1)
			err = fs_because(why, -EINVAL, "add all runs with their labels to a new index", "%s is in the index with %s%s", run->path,
				before[0] != '\0' ? "the label " : "no label", before);
		else
			err = known != 0 ? known : index_write_label(index, run->id, digest, label, why);
	}
	free(digest);
	return err;
}

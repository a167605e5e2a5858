/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_machine.c - finds the machine to whose series a run's points belong, across versions of the fingerprint.
 *
 * A newer fivestep distinguishes machines by more facts, so the same machine has a different fingerprint than in older runs; its record has both. The
 * series continue under the new one, whichever of the two kinds of run is added first. A label, such as the name of a node, divides a machine's
 * series.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history/index_sql.h"

/* Whether there is such a row; copies the text of its first column, which must fit. */
static int ask_text(const struct index *index, const char *sql, const char *text, char *value, size_t bytes, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, sql, "t", text), found;
	const char *column;

	if (err != 0)
		return err;
	found = index_next(index, &statement, why);
	if (found != 1)
		return found;
	column = (const char *)sqlite3_column_text(statement, 0);
	snprintf(value, bytes, "%s", column != NULL ? column : "");
	sqlite3_finalize(statement);
	return 1;
}

static int rename_machine(struct index *index, const char *before, const char *now, struct fs_reason *why)
{
	static const char *const tables[] = {"UPDATE series SET fingerprint = ? WHERE fingerprint = ?",
		"UPDATE OR IGNORE initial SET fingerprint = ? WHERE fingerprint = ?",
		"UPDATE OR IGNORE cell SET fingerprint = ? WHERE fingerprint = ?"};
	int err = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(tables) && err == 0; i++)
		err = index_do(index, why, tables[i], "tt", now, before);
	return err;
}

/* "FINGERPRINT" or "FINGERPRINT@LABEL" */
static void with_label(char name[INDEX_MACHINE], const char *fingerprint, const char *label)
{
	text_fit(name, INDEX_MACHINE, "%s%s%s", fingerprint, label[0] != '\0' ? "@" : "", label);
}

int index_machine(struct index *index, const struct runfile *run, char machine[INDEX_MACHINE], struct fs_reason *why)
{
	const char *before = json_string_value(json_object_get(json_object_get(run->header, "machine"), "fingerprint_1"));
	char known[INDEX_MACHINE], old[INDEX_MACHINE], label[INDEX_LABEL + 1],
		*digest = run->id[0] != '\0' ? strdup("") : index_digest(run->path, why);
	int found = digest != NULL ? index_label(index, run->id, digest, label, why) : -EIO;

	free(digest);
	if (found < 0)
		return found;
	with_label(machine, run->fingerprint, label);
	if (before == NULL) {
		found = ask_text(index,
			"SELECT fingerprint FROM run WHERE json_extract(header, '$.machine.fingerprint_1') = ? ORDER BY started, id LIMIT 1",
			run->fingerprint, known, sizeof(known), why);
		if (found == 1)
			with_label(machine, known, label);
		return found < 0 ? found : 0;
	}
	found = ask_text(index, "SELECT fingerprint FROM series WHERE fingerprint = ? LIMIT 1", machine, known, sizeof(known), why);
	with_label(old, before, label);
	return found == 0 ? rename_machine(index, old, machine, why) : found < 0 ? found : 0;
}

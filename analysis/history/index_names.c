/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_names.c - what the cells of a machine are called in an index; see index_names.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history/index_names.h"
#include "analysis/history/index_sql.h"
#include "base/array.h"

static int no_memory(const struct index *index, struct fs_reason *why)
{
	return fs_because(why, -ENOMEM, "", "%s: out of memory", index->path);
}

/* ---- initial values -------------------------------------------------------------------------------------- */

static const char *column(sqlite3_stmt *statement, int n)
{
	return (const char *)sqlite3_column_text(statement, n);
}

static int load_initials(const struct index *index, struct index_names *names, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(
		index, &statement, why, "SELECT cells, param, initial, word, acts, idle FROM initial WHERE fingerprint = ?", "t", names->machine);

	while (err == 0 && (err = index_next(index, &statement, why)) > 0) {
		struct identity_pin pin = {.cells = column(statement, 0),
			.name = column(statement, 1),
			.initial = column(statement, 2),
			.word = column(statement, 3),
			.when = column(statement, 4),
			.idle = sqlite3_column_int(statement, 5)};

		err = 0;
		if (identity_put(names->identity, &pin)) {
			sqlite3_finalize(statement);
			err = no_memory(index, why);
		}
	}
	return err;
}

static int save_initials(struct index *index, const struct index_names *names, struct fs_reason *why)
{
	const struct identity_pin *pin;
	int err = 0;

	for (size_t i = 0; err == 0 && (pin = identity_get(names->identity, i)) != NULL; i++)
		err = index_do(index, why,
			"INSERT OR REPLACE INTO initial (fingerprint, cells, param, initial, word, acts, idle) VALUES (?, ?, ?, ?, ?, ?, ?)",
			"tttttti", names->machine, pin->cells, pin->name, pin->initial, pin->word, pin->when, (int64_t)pin->idle);
	return err;
}

/* ---- names ----------------------------------------------------------------------------------------------- */

struct wanted {
	const struct index_names *names;
	const char *identity;
};

static bool is_name(const void *context, size_t place)
{
	const struct wanted *wanted = context;

	return strcmp(wanted->names->names[place].identity, wanted->identity) == 0;
}

static size_t find(struct index_names *names, const char *identity)
{
	struct wanted wanted = {names, identity};

	return lookup_find(&names->lookup, lookup_text(0, identity), is_name, &wanted);
}

/* Takes both texts. Of two names for one cell the older one stays. */
static int add_name(struct index_names *names, char *name, char *identity)
{
	struct fs_reason why;
	int err = name != NULL && identity != NULL ? 0 : -ENOMEM;

	if (err == 0 && find(names, identity) != LOOKUP_NONE) {
		free(name);
		free(identity);
		return 0;
	}
	if (err == 0)
		err = ARRAY_ADD(names->names, names->n, ARRAY_MANY, "names", &why);
	if (err == 0)
		err = lookup_add(&names->lookup, lookup_text(0, identity), names->n);
	if (err != 0) {
		free(name);
		free(identity);
		return -ENOMEM;
	}
	names->names[names->n++] = (struct index_name){name, identity};
	return 0;
}

static int load_names(const struct index *index, struct index_names *names, struct fs_reason *why)
{
	sqlite3_stmt *statement;
	int err = index_ask(index, &statement, why, "SELECT name FROM cell WHERE fingerprint = ? ORDER BY id", "t", names->machine);

	while (err == 0 && (err = index_next(index, &statement, why)) > 0) {
		char *name = index_text(statement, 0);

		err = 0;
		if (add_name(names, name, name != NULL ? identity_of_text(names->identity, name) : NULL)) {
			sqlite3_finalize(statement);
			err = no_memory(index, why);
		}
	}
	return err;
}

/* ---- for the index --------------------------------------------------------------------------------------- */

int index_names_open(struct index *index, const char *machine, const struct runfile *run, struct index_names *names, struct fs_reason *why)
{
	int err;

	*names = (struct index_names){.machine = machine, .identity = identity_new()};
	err = names->identity != NULL ? load_initials(index, names, why) : no_memory(index, why);
	if (err == 0 && identity_learn(names->identity, run))
		err = no_memory(index, why);
	if (err == 0)
		err = save_initials(index, names, why);
	return err != 0 ? err : load_names(index, names, why);
}

void index_names_close(struct index_names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		free(names->names[i].name);
		free(names->names[i].identity);
	}
	free(names->names);
	lookup_free(&names->lookup);
	identity_free(names->identity);
}

int index_names_find(struct index *index, struct index_names *names, const char *identity, const char **name, struct fs_reason *why)
{
	size_t place = find(names, identity);
	int err = 0;

	if (place == LOOKUP_NONE) {
		err = index_do(index, why, "INSERT OR IGNORE INTO cell (name, fingerprint) VALUES (?, ?)", "tt", identity, names->machine);
		if (err == 0 && add_name(names, strdup(identity), strdup(identity)))
			err = no_memory(index, why);
		place = names->n - 1;
	}
	if (err == 0)
		*name = names->names[place].name;
	return err;
}

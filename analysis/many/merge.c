/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge.c - merges runs of one machine and build into one run; see merge.h.
 *
 * The runs were read once to find what is usable. The lines of their rounds are then read again and copied whole, including members that this
 * program does not know.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "base/array.h"
#include "base/jsontext.h"
#include "analysis/many/merge.h"
#include "analysis/compare/unlike.h"

/* A cell of the merged run. */
struct target {
	char *key;
	json_t *cell; /* as the run record describes it */
	json_int_t rounds;
};

struct merger {
	const struct runfile *runs;
	size_t n;
	struct target *targets;
	size_t n_targets;
	size_t **target_of; /* the target of each cell of each run */
	FILE *out;
};

static int no_memory(struct fs_reason *why)
{
	return fs_because(why, -ENOMEM, "", "merge: out of memory");
}

/* ---- whether they can be merged -------------------------------------------------------------------------- */

/* Lists what differs, except the machine's state. */
static int name_differences(const struct unlike *unlike, char **names)
{
	size_t bytes, n = 0;
	FILE *out = open_memstream(names, &bytes);

	if (out == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < unlike->n; i++)
		if (unlike->fields[i].kind != UNLIKE_STATE)
			fprintf(out, "%s%s", n++ != 0 ? ", " : "", unlike->fields[i].name);
	return fclose(out) != 0 ? -ENOMEM : 0;
}

static int check_pair(const struct runfile *first, const struct runfile *other, struct fs_reason *why)
{
	struct unlike unlike;
	char *names = NULL;
	int err;

	if (strcmp(first->clock, other->clock) != 0)
		return fs_because(why, -EXDEV, "ns and instructions have no common unit", "%s: the clock is %s, of %s %s", other->path, other->clock,
			first->path, first->clock);
	err = unlike_find(first, other, &unlike);
	if (err == 0)
		err = name_differences(&unlike, &names);
	if (err != 0)
		err = no_memory(why);
	else if (unlike_count(&unlike, UNLIKE_IDENTITY) != 0)
		err = fs_because(why, -EXDEV, "fivestep merge --fleet sets machines side by side", "%s: not the same machine as %s: %s", other->path,
			first->path, names);
	else if (names[0] != '\0')
		err = fs_because(why, -EXDEV, "fivestep compare shows the effect", "%s: not measured under the same conditions as %s: %s",
			other->path, first->path, names);
	free(names);
	unlike_free(&unlike);
	return err;
}

int merge_check(const struct runfile *runs, size_t n, struct fs_reason *why)
{
	int err = 0;

	for (size_t i = 0; i < n && err == 0; i++)
		if (runs[i].header == NULL)
			err = fs_because(why, -EXDEV, "", "%s has no run record: its machine and clock are unknown", runs[i].path);
	for (size_t i = 1; i < n && err == 0; i++) {
		err = check_pair(&runs[0], &runs[i], why);
		for (size_t j = 0; j < i && err == 0; j++)
			if (*runs[i].id && strcmp(runs[i].id, runs[j].id) == 0)
				err = fs_because(
					why, -EXDEV, "name each run once", "%s and %s are the same run, %s", runs[j].path, runs[i].path, runs[i].id);
	}
	return err;
}

/* ---- cells ----------------------------------------------------------------------------------------------- */

static json_t *cell_json(const struct runfile_cell *cell, size_t number)
{
	json_t *params = json_object(), *set = json_array(), *words = json_array(), *json;

	for (size_t p = 0; p < cell->n_params; p++) {
		json_object_set_new(params, cell->params[p].name, json_string(cell->params[p].text));
		if (cell->params[p].set)
			json_array_append_new(set, json_string(cell->params[p].name));
		if (cell->params[p].word)
			json_array_append_new(words, json_string(cell->params[p].name));
	}
	json = json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o}", "cell", (json_int_t)number, "bench", cell->bench, "kind", cell->kind, "setup",
		cell->setup, "device", cell->device, "params", params, "set", set);
	if (json_array_size(words))
		json_object_set(json, "words", words);
	json_decref(words);
	return json;
}

/* The index of that key; n_targets if it is new. Runs of one plan have their cells in the same order, so the search starts where the last one ended.
 */
static size_t find_target(const struct merger *merger, const char *key, size_t hint)
{
	for (size_t i = 0; i < merger->n_targets; i++) {
		size_t t = (hint + i) % merger->n_targets;

		if (strcmp(merger->targets[t].key, key) == 0)
			return t;
	}
	return merger->n_targets;
}

static int add_target(struct merger *merger, const char *key, const struct runfile_cell *cell)
{
	struct target *target;
	int err = ARRAY_ADD(merger->targets, merger->n_targets, ARRAY_MANY, "cells", NULL);

	if (err != 0)
		return err;
	target = &merger->targets[merger->n_targets];
	*target = (struct target){.key = strdup(key), .cell = cell_json(cell, merger->n_targets)};
	merger->n_targets++;
	return target->key != NULL && target->cell != NULL ? 0 : -ENOMEM;
}

static int map_cells(struct merger *merger, size_t run)
{
	const struct runfile *file = &merger->runs[run];
	struct cell_keys keys = {0};
	size_t hint = 0;
	int err = cell_keys_make_full(file, &keys); /* the build is one */

	merger->target_of[run] = calloc(file->n_cells + 1, sizeof(**merger->target_of));
	if (merger->target_of[run] == NULL)
		err = -ENOMEM;
	for (size_t c = 0; c < file->n_cells && err == 0; c++) {
		const char *key = cell_key(&keys, &file->cells[c]);
		size_t t = find_target(merger, key, hint);

		if (t == merger->n_targets)
			err = add_target(merger, key, &file->cells[c]);
		merger->target_of[run][c] = t;
		hint = t + 1;
	}
	cell_keys_free(&keys);
	return err;
}

/* ---- writing --------------------------------------------------------------------------------------------- */

static int put(FILE *out, json_t *record, struct fs_reason *why)
{
	int err = 0;

	if (record == NULL)
		err = no_memory(why);
	else
		err = jsontext_print(record, JSON_COMPACT, out);
	if (record != NULL && err != 0)
		err = err == -ENOMEM ? no_memory(why) : fs_because(why, err, "is the disk full?", "merge: cannot write");
	json_decref(record);
	return err;
}

/* A UUID of version 8 derived from the origins' ids: the same runs always give the same one. */
static void make_id(const struct merger *merger, char id[40])
{
	uint64_t hash[2] = {UINT64_C(14695981039346656037), UINT64_C(0x6c62272e07bb0142)};

	for (size_t i = 0; i < merger->n; i++)
		for (const char *c = merger->runs[i].id;; c++) {
			for (int h = 0; h < 2; h++)
				hash[h] = (hash[h] ^ (unsigned char)*c) * UINT64_C(1099511628211);
			if (!*c)
				break;
		}
	hash[0] = (hash[0] & ~UINT64_C(0xf000)) | 0x8000;
	hash[1] = (hash[1] >> 2) | (UINT64_C(2) << 62);
	snprintf(id, 40, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(hash[0] >> 32), (unsigned)(hash[0] >> 16 & 0xffff), (unsigned)(hash[0] & 0xffff),
		(unsigned)(hash[1] >> 48), (unsigned long long)(hash[1] & UINT64_C(0xffffffffffff)));
}

/* What a record says of each benchmark or setup by name; the first record that has one describes it. */
static int add_described(json_t *header, const char *kind, const json_t *from)
{
	const json_t *more = json_object_get(from, kind);
	json_t *all;
	int err;

	if (!json_is_object(more))
		return 0;
	all = json_is_object(json_object_get(header, kind)) ? json_copy(json_object_get(header, kind)) : json_object();
	err = json_object_update_missing(all, (json_t *)more) != 0 ? -ENOMEM : 0;
	return json_object_set_new(header, kind, all) != 0 ? -ENOMEM : err;
}

static bool lists_device(const json_t *devices, const char *name)
{
	const json_t *device;
	size_t i;

	json_array_foreach(devices, i, device)
	{
		const char *other = json_string_value(json_object_get(device, "name"));

		if (other != NULL && strcmp(other, name) == 0)
			return true;
	}
	return false;
}

static int add_devices(json_t *header, const json_t *from)
{
	json_t *all = json_is_array(json_object_get(header, "devices")) ? json_copy(json_object_get(header, "devices")) : json_array(), *device;
	int err = 0;
	size_t i;

	json_array_foreach(json_object_get(from, "devices"), i, device)
	{
		const char *name = json_string_value(json_object_get(device, "name"));

		if (name != NULL && !lists_device(all, name) && json_array_append(all, device) != 0)
			err = -ENOMEM;
	}
	return json_object_set_new(header, "devices", all) != 0 ? -ENOMEM : err;
}

static json_t *header_json(const struct merger *merger)
{
	json_t *header = json_copy(merger->runs[0].header), *cells = json_array(), *merged = json_array();
	const char *started = merger->runs[0].started;
	char id[40];
	int err = 0;

	make_id(merger, id);
	for (size_t t = 0; t < merger->n_targets; t++)
		json_array_append(cells, merger->targets[t].cell);
	for (size_t i = 1; i < merger->n && err == 0; i++) {
		err = add_described(header, "benches", merger->runs[i].header);
		if (err == 0)
			err = add_described(header, "setups", merger->runs[i].header);
		if (err == 0)
			err = add_devices(header, merger->runs[i].header);
	}
	for (size_t i = 0; i < merger->n; i++) {
		const struct runfile *run = &merger->runs[i];

		if (strcmp(run->started, started) < 0)
			started = run->started;
		json_array_append_new(merged, json_pack("{s:s, s:s, s:s, s:s, s:I}", "id", run->id, "started", run->started, "plan", run->plan,
						      "seed", run->seed, "rounds", (json_int_t)run->n_rounds));
	}
	json_object_set_new(header, "id", json_string(id));
	json_object_set_new(header, "started", json_string(started));
	json_object_set_new(header, "cells", cells);
	json_object_set_new(header, "merged", merged);
	if (err != 0) {
		json_decref(header);
		header = NULL;
	}
	return header;
}

/* The cell that has the round of that line; NULL if the line is not a usable round. Rounds of a cell are in the order of the file. */
static const struct runfile_cell *cell_of_line(const struct runfile *run, size_t *next, unsigned line)
{
	for (size_t c = 0; c < run->n_cells; c++)
		if (next[c] < run->cells[c].n_rounds && run->cells[c].rounds[next[c]]->line == line) {
			next[c]++;
			return &run->cells[c];
		}
	return NULL;
}

static int put_round(struct merger *merger, size_t run, const struct runfile_cell *cell, const char *line, struct fs_reason *why)
{
	struct target *target = &merger->targets[merger->target_of[run][cell - merger->runs[run].cells]];
	json_t *round = json_loads(line, 0, NULL);

	if (round == NULL)
		return fs_because(why, -ESTALE, "", "%s changed while it was read", merger->runs[run].path);
	json_object_set_new(round, "cell", json_integer((json_int_t)(target - merger->targets)));
	json_object_set_new(round, "round", json_integer(target->rounds++));
	json_object_set_new(round, "origin", json_integer((json_int_t)run));
	return put(merger->out, round, why);
}

static int put_rounds(struct merger *merger, size_t run, struct fs_reason *why)
{
	const struct runfile *from = &merger->runs[run];
	size_t *next = calloc(from->n_cells + 1, sizeof(*next)), room = 0;
	FILE *file = fopen(from->path, "re");
	unsigned number = 0;
	char *line = NULL;
	int err = 0;

	if (file == NULL)
		err = fs_because(why, -errno, "", "%s: %s", from->path, strerror(errno));
	else if (next == NULL)
		err = no_memory(why);
	while (err == 0 && getline(&line, &room, file) > 0) {
		const struct runfile_cell *cell = cell_of_line(from, next, ++number);

		if (cell != NULL)
			err = put_round(merger, run, cell, line, why);
	}
	free(line);
	free(next);
	if (file != NULL)
		fclose(file);
	return err;
}

static json_t *end_json(const struct merger *merger)
{
	json_t *cells = json_array();

	for (size_t t = 0; t < merger->n_targets; t++)
		json_array_append_new(
			cells, json_pack("{s:I, s:I, s:s}", "cell", (json_int_t)t, "rounds", merger->targets[t].rounds, "stop", "merged"));
	return json_pack("{s:s, s:s, s:o}", "type", "end", "stop", "merged", "cells", cells);
}

int merge_write(const struct runfile *runs, size_t n, FILE *out, struct fs_reason *why)
{
	struct merger merger = {.runs = runs, .n = n, .out = out};
	int err;

	merger.target_of = calloc(n + 1, sizeof(*merger.target_of));
	err = merger.target_of != NULL ? 0 : no_memory(why);
	for (size_t i = 0; i < n && err == 0; i++)
		if (map_cells(&merger, i))
			err = no_memory(why);
	if (err == 0)
		err = put(out, header_json(&merger), why);
	for (size_t i = 0; i < n && err == 0; i++)
		err = put_rounds(&merger, i, why);
	if (err == 0)
		err = put(out, end_json(&merger), why);
	for (size_t t = 0; t < merger.n_targets; t++) {
		free(merger.targets[t].key);
		json_decref(merger.targets[t].cell);
	}
	for (size_t i = 0; i < n && merger.target_of != NULL; i++)
		free(merger.target_of[i]);
	free(merger.target_of);
	free(merger.targets);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile.c - reads the JSON Lines file of a run; see runfile.h.
 *
 * One line is parsed at a time and its JSON freed before the next, so that only the numbers take memory. Everything is in an arena.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/lines.h"
#include "base/lookup.h"
#include "results/runfile.h"
#include "results/runfile_round.h"
#include "base/text.h"

#define WARNINGS_KIND 8 /* unusable lines that get a warning each; further ones are only counted */

/* A seed may be a number or, if it does not fit, a text. */
static const char *seed_of(struct runfile *run)
{
	const json_t *seed = json_object_get(run->header, "seed");
	char text[32] = "";

	if (json_is_string(seed))
		return arena_text(run->arena, json_string_value(seed));
	if (json_is_integer(seed))
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(seed));
	return arena_text(run->arena, text);
}

/* ---- limits -------------------------------------------------------------------------------------------- */

/* Notes why reading must stop. */
static bool too_many(struct runfile_reader *reader, int err)
{
	if (err != 0 && !reader->err)
		reader->err = err;
	return err != 0;
}

static struct runfile_cell *find_cell(struct runfile_reader *reader, long id)
{
	size_t place = lookup_find(&reader->cells, lookup_number((uint64_t)id), NULL, NULL);

	return place == LOOKUP_NONE ? NULL : &reader->run->cells[place];
}

/* Notes that the cell has this round; false if it has it already. */
static bool note_round(struct runfile_reader *reader, const struct runfile_cell *cell, unsigned number)
{
	uint64_t key = lookup_number((uint64_t)(cell - reader->run->cells) << 32 | number);

	if (lookup_find(&reader->rounds, key, NULL, NULL) != LOOKUP_NONE)
		return false;
	too_many(reader, lookup_add(&reader->rounds, key, 0));
	return true;
}

/* ---- records ------------------------------------------------------------------------------------------- */

/* A cell as the run record or a round describes it; the pointer lasts until the next one is added. */
static struct runfile_cell *add_cell(struct runfile_reader *reader, const json_t *object)
{
	struct runfile *run = reader->run;
	struct runfile_cell *cell;
	long id = (long)runfile_integer_of(object, "cell");

	if (too_many(reader, ARRAY_ADD(run->cells, run->n_cells, ARRAY_MANY, "cells in a run", &reader->why)) ||
		too_many(reader, lookup_add(&reader->cells, lookup_number((uint64_t)id), run->n_cells)))
		return NULL;
	cell = &run->cells[run->n_cells++];
	memset(cell, 0, sizeof(*cell));
	cell->id = id;
	cell->bench = runfile_text_of(run, object, "bench");
	cell->kind = runfile_text_of(run, object, "kind");
	cell->setup = runfile_text_of(run, object, "setup");
	cell->device = runfile_text_of(run, object, "device");
	cell->params = runfile_read_texts(run, json_object_get(object, "params"), &cell->n_params);
	for (size_t p = 0; p < cell->n_params; p++) {
		cell->params[p].set = runfile_lists(object, "set", cell->params[p].name);
		cell->params[p].word = runfile_lists(object, "words", cell->params[p].name);
	}
	return cell;
}

static int read_header(struct runfile_reader *reader, json_t *record, struct fs_reason *why)
{
	struct runfile *run = reader->run;
	const json_t *schema = json_object_get(record, "schema");
	const json_t *machine = json_object_get(record, "machine");
	const json_t *identity = json_object_get(machine, "identity");
	size_t i;
	json_t *cell;

	if (run->header != NULL) {
		runfile_warn(run, reader->line, "a second run starts here; it and everything after it is ignored");
		reader->ended = true;
		return 0;
	}
	if (!json_is_integer(schema))
		return fs_because(why, -EPROTONOSUPPORT, "is this a run file of fivestep?", "%s:%u: the run record has no schema number", run->path,
			reader->line);
	if (json_integer_value(schema) > WORDS_SCHEMA)
		return fs_because(why, -EPROTONOSUPPORT, "read it with the fivestep that wrote it, or a newer one",
			"%s:%u: schema %" JSON_INTEGER_FORMAT " is newer than this fivestep, which knows %d", run->path, reader->line,
			json_integer_value(schema), WORDS_SCHEMA);
	if (json_integer_value(schema) != WORDS_SCHEMA)
		return fs_because(why, -EPROTONOSUPPORT, "", "%s:%u: schema %" JSON_INTEGER_FORMAT " is unknown, this fivestep knows %d", run->path,
			reader->line, json_integer_value(schema), WORDS_SCHEMA);
	if (reader->records > 1)
		runfile_warn(run, reader->line, "the run record is not the first");
	run->header = json_incref(record);
	if (json_object_get(record, "injected") != NULL)
		runfile_warn(run, reader->line, "a test, not a result: %g ns were added to every measured time",
			json_number_value(json_object_get(json_object_get(record, "injected"), "ns")));
	if (json_object_get(record, "lies") != NULL)
		runfile_warn(
			run, reader->line, "a test of the rules, not a result: cells with the parameter lie had faults injected into their device");
	run->id = runfile_text_of(run, record, "id");
	run->started = runfile_text_of(run, record, "started");
	run->clock = runfile_text_of(run, record, "clock");
	run->plan = runfile_text_of(run, json_object_get(record, "plan"), "name");
	run->seed = seed_of(run);
	run->fingerprint = runfile_text_of(run, machine, "fingerprint");
	run->guest = json_is_true(json_object_get(identity, "guest"));
	run->emulated = json_is_true(json_object_get(identity, "emulated"));
	json_array_foreach(json_object_get(record, "cells"), i, cell) if (find_cell(reader, (long)runfile_integer_of(cell, "cell")) == NULL)
		add_cell(reader, cell);
	return 0;
}

static bool read_verdict(const json_t *record, enum verdict *verdict)
{
	const char *text = json_string_value(json_object_get(record, "verdict"));

	for (int v = 0; text != NULL && v < VERDICTS; v++)
		if (strcmp(text, verdict_names[v]) == 0) {
			*verdict = v;
			return true;
		}
	return false;
}

static void read_round(struct runfile_reader *reader, json_t *record)
{
	struct runfile *run = reader->run;
	struct runfile_round *round;
	struct runfile_cell *cell;
	enum verdict verdict;
	json_int_t id = runfile_integer_of(record, "cell"), number = runfile_integer_of(record, "round");

	if (id < 0 || id > INT_MAX || number < 0 || number > INT_MAX) {
		runfile_warn(run, reader->line, "a round without its cell or round number; ignored");
		return;
	}
	if (!read_verdict(record, &verdict)) {
		runfile_warn(run, reader->line, "a round with an unknown verdict; ignored");
		return;
	}
	cell = find_cell(reader, (long)id);
	if (cell == NULL)
		cell = add_cell(reader, record);
	if (cell == NULL)
		return;
	if (!note_round(reader, cell, (unsigned)number)) {
		runfile_warn(run, reader->line, "round %d of cell %ld occurs twice; the first one is used", (int)number, cell->id);
		return;
	}
	round = arena_alloc(run->arena, sizeof(*round));
	if (round == NULL || too_many(reader, ARRAY_ADD(cell->rounds, cell->n_rounds, ARRAY_MANY, "rounds in a cell", &reader->why)))
		return;
	round->number = (unsigned)number;
	round->line = reader->line;
	round->verdict = verdict;
	runfile_read_round(reader, record, round);
	cell->rounds[cell->n_rounds++] = round;
	run->n_rounds++;
}

static void read_end(struct runfile_reader *reader, json_t *record)
{
	struct runfile *run = reader->run;
	size_t i;
	json_t *item;

	run->stop = runfile_text_of(run, record, "stop");
	run->why = json_is_string(json_object_get(record, "why")) ? runfile_text_of(run, record, "why") : NULL;
	reader->end_line = reader->line;
	json_array_foreach(json_object_get(record, "cells"), i, item)
	{
		struct runfile_cell *cell = find_cell(reader, (long)runfile_integer_of(item, "cell"));

		if (cell != NULL && json_is_string(json_object_get(item, "stop")))
			cell->stop = runfile_text_of(run, item, "stop");
	}
}

static void read_resume(struct runfile_reader *reader, const json_t *record)
{
	struct runfile *run = reader->run;
	const char *fingerprint = runfile_text_of(run, json_object_get(record, "machine"), "fingerprint");

	run->resumes++;
	/* an earlier end record no longer applies */
	run->stop = run->why = NULL;
	for (size_t c = 0; c < run->n_cells; c++)
		run->cells[c].stop = NULL;
	if (*fingerprint && *run->fingerprint && strcmp(fingerprint, run->fingerprint) != 0)
		runfile_warn(run, reader->line, "resumed on another machine (%s, started on %s)", fingerprint, run->fingerprint);
}

static void unusable(struct runfile_reader *reader, const char *what)
{
	if (reader->unusable++ < WARNINGS_KIND)
		runfile_warn(reader->run, reader->line, "%s; the line is ignored", what);
}

/* Returns 0 even for unusable lines; a negative errno stops reading. */
static int read_line(struct runfile_reader *reader, const char *line, size_t len, bool whole, struct fs_reason *why)
{
	struct runfile *run = reader->run;
	json_error_t error;
	json_t *record;
	const char *type;
	char what[JSON_ERROR_TEXT_LENGTH + 64];
	long cleaned;
	int err = 0;

	record = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	if (record == NULL) {
		snprintf(what, sizeof(what), "a truncated line, or not a record (column %d: %s)", error.column, error.text);
		unusable(reader, whole ? what : "the last line is truncated, as after a kill");
		return 0;
	}
	cleaned = text_clean_json(record);
	reader->cleaned += cleaned > 0 ? cleaned : 0;
	if (cleaned < 0)
		arena_exhaust(run->arena);
	type = json_string_value(json_object_get(record, "type"));
	if (type != NULL)
		reader->records++;
	if (type == NULL)
		unusable(reader, "JSON, but not a record: it has no type");
	else if (strcmp(type, "run") == 0)
		err = read_header(reader, record, why);
	else if (strcmp(type, "round") == 0)
		read_round(reader, record);
	else if (strcmp(type, "end") == 0)
		read_end(reader, record);
	else if (strcmp(type, "resume") == 0)
		read_resume(reader, record);
	else {
		char *unknown = text_format("a record of unknown type \"%s\"", type);

		unusable(reader, unknown != NULL ? unknown : "a record of unknown type");
		free(unknown);
	}
	json_decref(record);
	if (err == 0 && reader->err == -E2BIG)
		err = fs_because(why, -EPROTONOSUPPORT, reader->why.remedy, "%s:%u: %s", run->path, reader->line, reader->why.what);
	else if (err == 0 && (reader->err || arena_exhausted(run->arena)))
		err = fs_because(why, -ENOMEM, "", "%s:%u: out of memory", run->path, reader->line);
	return err;
}

static int read_lines(struct runfile_reader *reader, FILE *file, struct fs_reason *why)
{
	struct runfile *run = reader->run;
	struct lines *lines = calloc(1, sizeof(*lines));
	char what[96];
	int err = 0;

	if (lines == NULL)
		return fs_because(why, -ENOMEM, "", "%s: out of memory", run->path);
	lines->file = file;
	lines->limit = RUNFILE_LINE_BYTES;
	errno = 0;
	while (err == 0 && !reader->ended && (err = lines_next(lines)) > 0) {
		err = 0;
		reader->line++;
		if (lines->len > lines->limit) {
			snprintf(what, sizeof(what), "a line of %zu bytes; the maximum is %u", lines->len, RUNFILE_LINE_BYTES);
			unusable(reader, what);
		} else if (lines->len > 1 || !lines->whole) {
			err = read_line(reader, lines->text, lines->len, lines->whole, why);
		}
	}
	if (err == -ENOMEM && why != NULL && !*why->what)
		fs_because(why, err, "", "%s:%u: out of memory", run->path, reader->line + 1);
	if (err == 0 && ferror(file))
		err = fs_because(why, errno ? -errno : -EIO, "", "%s: cannot be read: %s", run->path, strerror(errno ? errno : EIO));
	lines_free(lines);
	free(lines);
	return err;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static int judge(struct runfile_reader *reader, struct fs_reason *why)
{
	struct runfile *run = reader->run;

	if (!reader->line)
		return fs_because(why, -ENODATA, "", "%s: the file is empty", run->path);
	if (run->header == NULL && !run->n_rounds)
		return fs_because(why, -ENODATA, "is this a run file of fivestep?", "%s: no run record in %u lines", run->path, reader->line);
	if (reader->unusable > WARNINGS_KIND)
		runfile_warn(run, 0, "%u more lines are not records and are ignored", reader->unusable - WARNINGS_KIND);
	if (run->n_warnings == RUNFILE_WARNINGS)
		runfile_warn(run, 0, "more than %d warnings: the rest is not shown", RUNFILE_WARNINGS);
	if (reader->cleaned)
		runfile_warn(run, 0, "%ld texts contain unprintable characters; they are written as \\x1b or \\u{202e}", reader->cleaned);
	if (reader->lost[0] > 0.0)
		runfile_warn(run, 0, "%.0f samples exceeded the capacity of a round and are not recorded", reader->lost[0]);
	if (reader->lost[1] > 0.0)
		runfile_warn(run, 0, "%.0f expectations exceeded the capacity of a round and are not recorded", reader->lost[1]);
	if (run->why != NULL)
		runfile_warn(run, reader->end_line, "the run did not finish: %s", run->why);
	if (run->header == NULL)
		runfile_warn(run, 0, "no run record: plan, machine and clock are unknown");
	if (!run->n_rounds)
		runfile_warn(run, 0, "the run has no rounds");
	return 0;
}

int runfile_load(const char *path, struct runfile *run, struct fs_reason *why)
{
	struct runfile_reader reader = {.run = run};
	FILE *file = NULL;
	int err;

	memset(run, 0, sizeof(*run));
	run->id = run->started = run->plan = run->seed = run->clock = run->fingerprint = "";
	run->path = strdup(path);
	run->arena = arena_new();
	if (run->path == NULL || run->arena == NULL)
		return fs_because(why, -ENOMEM, "", "%s: out of memory", path);
	file = fopen(path, "re");
	if (file == NULL) {
		err = -errno;
		return fs_because(why, err, "", "%s: %s", path, strerror(-err));
	}
	err = read_lines(&reader, file, why);
	if (err == 0)
		err = judge(&reader, why);
	fclose(file);
	lookup_free(&reader.cells);
	lookup_free(&reader.rounds);
	return err;
}

void runfile_free(struct runfile *run)
{
	for (size_t c = 0; c < run->n_cells; c++)
		free(run->cells[c].rounds);
	free(run->cells);
	for (size_t w = 0; w < run->n_warnings; w++)
		free(run->warnings[w]);
	free(run->warnings);
	json_decref(run->header);
	arena_free(run->arena);
	free(run->memory);
	free(run->path);
	memset(run, 0, sizeof(*run));
}

struct runfile_cell *runfile_find_cell(const struct runfile *run, long id)
{
	/* ids are indices unless the run record is damaged */
	if (id >= 0 && (size_t)id < run->n_cells && run->cells[id].id == id)
		return &run->cells[id];
	for (size_t c = 0; c < run->n_cells; c++)
		if (run->cells[c].id == id)
			return &run->cells[c];
	return NULL;
}

const struct runfile_metric *runfile_find_metric(const struct runfile_round *round, const char *name)
{
	for (size_t m = 0; m < round->n_metrics; m++)
		if (strcmp(round->metrics[m].name, name) == 0)
			return &round->metrics[m];
	return NULL;
}

const char *runfile_param(const struct runfile_cell *cell, const char *name)
{
	for (size_t p = 0; p < cell->n_params; p++)
		if (strcmp(cell->params[p].name, name) == 0)
			return cell->params[p].text;
	return NULL;
}

bool runfile_cell_verdict(const struct runfile_cell *cell, enum verdict *verdict)
{
	*verdict = VERDICT_OK;
	for (size_t r = 0; r < cell->n_rounds; r++)
		if (cell->rounds[r]->verdict > *verdict)
			*verdict = cell->rounds[r]->verdict;
	return cell->n_rounds > 0;
}

size_t runfile_count_verdict(const struct runfile_cell *cell, enum verdict verdict)
{
	size_t n = 0;

	for (size_t r = 0; r < cell->n_rounds; r++)
		n += cell->rounds[r]->verdict == verdict;
	return n;
}

bool runfile_is_kernel(const struct runfile_cell *cell)
{
	return strcmp(cell->kind, "kernel") == 0;
}

bool runfile_device_emulated(const struct runfile *run, const char *device)
{
	size_t i;
	const json_t *entry;

	json_array_foreach(json_object_get(run->header, "devices"), i, entry)
	{
		const char *name = json_string_value(json_object_get(entry, "name"));

		if (name != NULL && strcmp(name, device) == 0)
			return json_is_true(json_object_get(entry, "emulated"));
	}
	return false;
}

bool runfile_cell_emulated(const struct runfile *run, const struct runfile_cell *cell)
{
	return run->emulated || runfile_device_emulated(run, cell->device);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_body.c - packs a run and its summary into words, and unpacks them; see digest_body.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/digest_body.h"
#include "base/jsontext.h"

#define WORD	sizeof(uint64_t)
#define NO_TEXT UINT64_MAX

uint64_t digest_hash(uint64_t hash, const uint64_t *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	return hash;
}

/* ---- packing ------------------------------------------------------------------------------------------- */

struct writer {
	uint64_t *words;
	size_t n, room;
	bool failed; /* an allocation did */
};

/* Reserves n more words; NULL if out of memory. */
static uint64_t *extend(struct writer *writer, size_t n)
{
	size_t room = writer->room;
	uint64_t *words;

	while (room < writer->n + n)
		room = room ? 2 * room : 4096;
	if (room > writer->room) {
		words = reallocarray(writer->words, room, WORD);
		if (words == NULL) {
			writer->failed = true;
			return NULL;
		}
		writer->words = words;
		writer->room = room;
	}
	words = writer->words + writer->n;
	writer->n += n;
	return words;
}

static void put(struct writer *writer, uint64_t word)
{
	uint64_t *to = extend(writer, 1);

	if (to != NULL)
		*to = word;
}

static void put_real(struct writer *writer, double real)
{
	uint64_t word;

	memcpy(&word, &real, WORD);
	put(writer, word);
}

static void put_bytes(struct writer *writer, const void *bytes, size_t n)
{
	size_t words = (n + WORD - 1) / WORD;
	uint64_t *to = extend(writer, words);

	if (to == NULL || !n)
		return;
	to[words - 1] = 0;
	memcpy(to, bytes, n);
}

static void put_room(struct writer *writer, size_t bytes)
{
	size_t words = (bytes + WORD - 1) / WORD;
	uint64_t *to = extend(writer, words);

	if (to != NULL)
		memset(to, 0, words * WORD);
}

static void put_text(struct writer *writer, const char *text)
{
	put(writer, text != NULL ? strlen(text) : NO_TEXT);
	if (text != NULL)
		put_bytes(writer, text, strlen(text) + 1);
}

static void put_header(struct writer *writer, const struct runfile *run)
{
	char *text = run->header != NULL ? jsontext_make(run->header, JSON_COMPACT) : NULL;

	writer->failed |= run->header != NULL && text == NULL;
	put_text(writer, text);
	free(text);
}

static void put_run(struct writer *writer, const struct runfile *run)
{
	const char *const texts[] = {run->id, run->started, run->plan, run->seed, run->clock, run->fingerprint, run->stop, run->why};

	put_header(writer, run);
	for (size_t i = 0; i < FS_ARRAY_SIZE(texts); i++)
		put_text(writer, texts[i]);
	put(writer, run->guest);
	put(writer, run->emulated);
	put(writer, run->n_rounds);
	put(writer, run->resumes);
	put(writer, run->n_warnings);
	for (size_t w = 0; w < run->n_warnings; w++)
		put_text(writer, run->warnings[w] + strlen(run->path)); /* the file may have another name next time */
}

static void put_cell(struct writer *writer, const struct runfile_cell *cell)
{
	const char *const texts[] = {cell->bench, cell->kind, cell->setup, cell->device, cell->stop};

	put(writer, (uint64_t)cell->id);
	for (size_t i = 0; i < FS_ARRAY_SIZE(texts); i++)
		put_text(writer, texts[i]);
	put(writer, cell->n_params);
	put_room(writer, cell->n_params * sizeof(*cell->params)); /* which the reader uses */
	for (size_t p = 0; p < cell->n_params; p++) {
		put_text(writer, cell->params[p].name);
		put_text(writer, cell->params[p].text);
		put(writer, cell->params[p].set);
		put(writer, cell->params[p].word);
	}
}

static void put_interval(struct writer *writer, const struct statistics_interval *interval)
{
	put_real(writer, interval->median);
	put_real(writer, interval->lo);
	put_real(writer, interval->hi);
	put(writer, interval->n);
	put(writer, interval->has_interval);
}

static void put_row(struct writer *writer, const struct runfile *run, const struct summary_row *row)
{
	const char *const texts[] = {row->metric, row->disagreement, row->base, row->unit, row->floor, row->stop, row->why, row->remedy};

	put(writer, (uint64_t)(row->cell - run->cells));
	for (size_t i = 0; i < FS_ARRAY_SIZE(texts); i++)
		put_text(writer, texts[i]);
	put(writer, row->better);
	put(writer, row->histogram);
	put(writer, row->brief);
	put(writer, row->visited);
	put(writer, row->verdict);
	for (int v = 0; v < VERDICTS; v++)
		put(writer, row->verdicts[v]);
	put(writer, (uint64_t)row->outliers);
	put(writer, row->throttled);
	put_real(writer, row->floor_median);
	put(writer, row->beats_floor);
	put_interval(writer, &row->interval);
	put(writer, row->n_values);
	put_bytes(writer, row->values, row->n_values * sizeof(*row->values));
	put_bytes(writer, row->rounds, row->n_values * sizeof(*row->rounds));
}

static void put_all(struct writer *writer, const struct runfile *run, const struct summary *summary)
{
	put_run(writer, run);
	put(writer, run->n_cells);
	for (size_t c = 0; c < run->n_cells; c++)
		put_cell(writer, &run->cells[c]);
	put_real(writer, summary->disturbed_pct);
	put(writer, summary->n);
	for (size_t i = 0; i < summary->n; i++)
		put_row(writer, run, &summary->rows[i]);
}

uint64_t *digest_pack(const struct runfile *run, const struct summary *summary, size_t *n)
{
	struct writer writer = {0};

	put_all(&writer, run, summary);
	*n = writer.n;
	if (!writer.failed)
		return writer.words;
	free(writer.words);
	return NULL;
}

/* ---- unpacking ----------------------------------------------------------------------------------------- */

struct reader {
	uint64_t *words;
	size_t at, n;
	bool failed; /* it ends early, or has an impossible value */
};

/* A pointer to the next n words; NULL past the end. */
static uint64_t *take(struct reader *reader, size_t n)
{
	if (n > reader->n - reader->at) {
		reader->failed = true;
		return NULL;
	}
	reader->at += n;
	return reader->words + reader->at - n;
}

static uint64_t get(struct reader *reader)
{
	const uint64_t *word = take(reader, 1);

	return word != NULL ? *word : 0;
}

/* A number below the limit. */
static size_t get_below(struct reader *reader, size_t limit)
{
	uint64_t word = get(reader);

	reader->failed |= word >= limit;
	return word < limit ? word : 0;
}

/* The number of items that follow, each at least one word long. */
static size_t get_count(struct reader *reader)
{
	return get_below(reader, reader->n - reader->at + 1);
}

static double get_real(struct reader *reader)
{
	uint64_t word = get(reader);
	double real;

	memcpy(&real, &word, WORD);
	return real;
}

static void *get_bytes(struct reader *reader, size_t n)
{
	return take(reader, (n + WORD - 1) / WORD);
}

static char *get_text(struct reader *reader)
{
	uint64_t len = get(reader);
	char *text;

	if (len == NO_TEXT)
		return NULL;
	text = len < reader->n * WORD ? get_bytes(reader, len + 1) : NULL;
	if (text != NULL && !text[len])
		return text;
	reader->failed = true;
	return NULL;
}

static void get_texts(struct reader *reader, const char **const texts[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		*texts[i] = get_text(reader);
}

static void get_header(struct reader *reader, struct runfile *run)
{
	const char *text = get_text(reader);

	run->header = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	reader->failed |= text != NULL && run->header == NULL;
}

static void get_warnings(struct reader *reader, struct runfile *run)
{
	size_t n = get_count(reader);

	run->warnings = calloc(n + 1, sizeof(*run->warnings));
	reader->failed |= run->warnings == NULL;
	while (!reader->failed && run->n_warnings < n) {
		const char *text = get_text(reader);

		if (text == NULL || asprintf(&run->warnings[run->n_warnings], "%s%s", run->path, text) < 0)
			reader->failed = true;
		else
			run->n_warnings++;
	}
}

static void get_run(struct reader *reader, struct runfile *run)
{
	const char **const texts[] = {&run->id, &run->started, &run->plan, &run->seed, &run->clock, &run->fingerprint, &run->stop, &run->why};

	get_header(reader, run);
	get_texts(reader, texts, FS_ARRAY_SIZE(texts));
	run->guest = get(reader);
	run->emulated = get(reader);
	run->n_rounds = get(reader);
	run->resumes = (unsigned)get(reader);
	get_warnings(reader, run);
}

static void get_cell(struct reader *reader, struct runfile_cell *cell)
{
	const char **const texts[] = {&cell->bench, &cell->kind, &cell->setup, &cell->device, &cell->stop};

	cell->id = (long)get(reader);
	get_texts(reader, texts, FS_ARRAY_SIZE(texts));
	cell->n_params = get_count(reader);
	cell->params = get_bytes(reader, cell->n_params * sizeof(*cell->params));
	for (size_t p = 0; p < cell->n_params && !reader->failed; p++) {
		cell->params[p].name = get_text(reader);
		cell->params[p].text = get_text(reader);
		cell->params[p].set = get(reader);
		cell->params[p].word = get(reader);
	}
}

static void get_interval(struct reader *reader, struct statistics_interval *interval)
{
	interval->median = get_real(reader);
	interval->lo = get_real(reader);
	interval->hi = get_real(reader);
	interval->n = get(reader);
	interval->has_interval = get(reader);
}

static void get_row(struct reader *reader, const struct runfile *run, struct summary_row *row)
{
	const char **const texts[] = {&row->base, &row->unit, &row->floor, &row->stop, &row->why, &row->remedy};

	row->run = run;
	row->cell = &run->cells[get_below(reader, run->n_cells)];
	row->metric = get_text(reader);
	row->disagreement = get_text(reader);
	get_texts(reader, texts, FS_ARRAY_SIZE(texts));
	row->better = get_below(reader, FS_EXACT + 1);
	row->histogram = get(reader);
	row->brief = get(reader);
	row->visited = get(reader);
	row->verdict = get_below(reader, VERDICTS);
	for (int v = 0; v < VERDICTS; v++)
		row->verdicts[v] = get(reader);
	row->outliers = (int)get(reader);
	row->throttled = get(reader);
	row->floor_median = get_real(reader);
	row->beats_floor = get(reader);
	get_interval(reader, &row->interval);
	row->n_values = get_count(reader);
	row->values = get_bytes(reader, row->n_values * sizeof(*row->values));
	row->rounds = get_bytes(reader, row->n_values * sizeof(*row->rounds));
}

static void get_all(struct reader *reader, struct runfile *run, struct summary *summary)
{
	get_run(reader, run);
	run->n_cells = get_count(reader);
	run->cells = calloc(run->n_cells + 1, sizeof(*run->cells));
	reader->failed |= run->cells == NULL;
	for (size_t c = 0; c < run->n_cells && !reader->failed; c++)
		get_cell(reader, &run->cells[c]);
	summary->borrowed = true;
	summary->disturbed_pct = get_real(reader);
	summary->n = get_count(reader);
	summary->rows = calloc(summary->n + 1, sizeof(*summary->rows));
	reader->failed |= summary->rows == NULL;
	for (size_t i = 0; i < summary->n && !reader->failed; i++)
		get_row(reader, run, &summary->rows[i]);
	reader->failed |= reader->at != reader->n;
}

int digest_unpack(uint64_t *words, size_t n, const char *path, struct runfile *run, struct summary *summary)
{
	struct reader reader = {.words = words, .n = n};

	memset(run, 0, sizeof(*run));
	memset(summary, 0, sizeof(*summary));
	run->memory = words;
	run->path = strdup(path);
	if (run->path != NULL)
		get_all(&reader, run, summary);
	if (run->path != NULL && !reader.failed)
		return 0;
	summary_free(summary);
	runfile_free(run);
	return reader.failed ? -EBADMSG : -ENOMEM;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena.c - large chunks that are freed together, and a table of the texts seen so far; see arena.h.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define CHUNK_BYTES (64 * 1024)
#define TEXT_SLOTS  4096 /* at first */

struct chunk {
	struct chunk *next;
	size_t used, bytes;
	max_align_t data[];
};

struct text {
	struct text *next;
	uint32_t hash;
	char text[];
};

struct arena {
	struct chunk *chunks;
	struct text **texts; /* chains by hash */
	size_t n_slots, n_texts;
	bool exhausted; /* an allocation failed since the start */
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct chunk *chunk = arena->chunks;
	void *memory;

	bytes = (bytes + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
	if (chunk == NULL || chunk->bytes - chunk->used < bytes) {
		size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;

		chunk = calloc(1, sizeof(*chunk) + room);
		if (chunk == NULL) {
			arena->exhausted = true;
			return NULL;
		}
		chunk->bytes = room;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	memory = (char *)chunk->data + chunk->used;
	chunk->used += bytes;
	return memory;
}

void arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->chunks != NULL) {
		struct chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
	free(arena->texts);
	free(arena);
}

/* As many slots as texts, so that chains stay short. Without memory for that, chains become longer. */
static void make_slots(struct arena *arena)
{
	size_t n = arena->n_slots ? 2 * arena->n_slots : TEXT_SLOTS;
	struct text **texts = arena->n_texts < arena->n_slots ? NULL : calloc(n, sizeof(*texts));

	if (texts == NULL)
		return;
	for (size_t i = 0; i < arena->n_slots; i++)
		while (arena->texts[i] != NULL) {
			struct text *entry = arena->texts[i];

			arena->texts[i] = entry->next;
			entry->next = texts[entry->hash % n];
			texts[entry->hash % n] = entry;
		}
	free(arena->texts);
	arena->texts = texts;
	arena->n_slots = n;
}

const char *arena_text(struct arena *arena, const char *text)
{
	uint32_t hash = 2166136261u;
	struct text *entry;

	for (const char *c = text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	make_slots(arena);
	if (!arena->n_slots) {
		arena->exhausted = true;
		return "";
	}
	for (entry = arena->texts[hash % arena->n_slots]; entry != NULL; entry = entry->next)
		if (entry->hash == hash && strcmp(entry->text, text) == 0)
			return entry->text;
	entry = arena_alloc(arena, sizeof(*entry) + strlen(text) + 1);
	if (entry == NULL)
		return "";
	strcpy(entry->text, text);
	entry->hash = hash;
	entry->next = arena->texts[hash % arena->n_slots];
	arena->texts[hash % arena->n_slots] = entry;
	arena->n_texts++;
	return entry->text;
}

bool arena_exhausted(const struct arena *arena)
{
	return arena->exhausted;
}

void arena_exhaust(struct arena *arena)
{
	arena->exhausted = true;
}

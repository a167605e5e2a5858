/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena.c - long chunks that are freed at once, and a table of the texts seen so far; see arena.h.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/arena.h"

#define CHUNK_BYTES (64 * 1024)
#define TEXT_SLOTS  4096

struct chunk {
	struct chunk *next;
	size_t used, bytes;
	max_align_t data[];
};

struct text {
	struct text *next;
	char text[];
};

struct arena {
	struct chunk *chunks;
	struct text *texts[TEXT_SLOTS];
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
	if (!chunk || chunk->bytes - chunk->used < bytes) {
		size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;

		chunk = calloc(1, sizeof(*chunk) + room);
		if (!chunk) {
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
	if (!arena)
		return;
	while (arena->chunks) {
		struct chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
	free(arena);
}

const char *arena_text(struct arena *arena, const char *text)
{
	uint32_t hash = 2166136261u;
	struct text *entry;

	for (const char *c = text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	hash %= TEXT_SLOTS;
	for (entry = arena->texts[hash]; entry; entry = entry->next)
		if (!strcmp(entry->text, text))
			return entry->text;
	entry = arena_alloc(arena, sizeof(*entry) + strlen(text) + 1);
	if (!entry)
		return "";
	strcpy(entry->text, text);
	entry->next = arena->texts[hash];
	arena->texts[hash] = entry;
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

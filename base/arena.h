/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena.h - memory for many small objects that are freed together; each text is stored once.
 */
#ifndef FIVESTEP_ARENA_H
#define FIVESTEP_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* NULL without memory. */
struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for any type; NULL without memory, which arena_exhausted() remembers. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* The single copy of a text; "" without memory, so that no text is ever NULL. */
const char *arena_text(struct arena *arena, const char *text);

/* Whether any allocation has failed since the start: to be checked now and then, not after each call. */
bool arena_exhausted(const struct arena *arena);
void arena_exhaust(struct arena *arena);

#endif

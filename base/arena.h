/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena.h - memory for much that is small and goes at once, with each text kept once.
 */
#ifndef FIVESTEP_ARENA_H
#define FIVESTEP_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* NULL without memory. */
struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for anything; NULL without, which arena_exhausted() remembers. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* The one copy of a text; "" without memory, so that no text is ever NULL. */
const char *arena_text(struct arena *arena, const char *text);

/* Something failed for want of memory since the start, or was said to have: to be checked now and then, not at each call. */
bool arena_exhausted(const struct arena *arena);
void arena_exhaust(struct arena *arena);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookup.h - a hash table from hashes to array indices ("places"), so that no reader compares all pairs. It holds hashes and places only.
 */
#ifndef FIVESTEP_LOOKUP_H
#define FIVESTEP_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOKUP_NONE SIZE_MAX

/* Starts as {0}. */
struct lookup {
	struct lookup_slot *slots;
	size_t room, n;
	size_t compared; /* places that were compared, for tests */
};

/* The hash of a number, unique for each. Of texts one after the other, starting with 0. */
uint64_t lookup_number(uint64_t number);
uint64_t lookup_text(uint64_t hash, const char *text);

/* The place that was added with this hash and for which same() is true (NULL: the hash is enough). LOOKUP_NONE if there is none. */
size_t lookup_find(struct lookup *lookup, uint64_t hash, bool (*same)(const void *context, size_t place), const void *context);
/* 0 or -ENOMEM */
int lookup_add(struct lookup *lookup, uint64_t hash, size_t place);
void lookup_free(struct lookup *lookup);

#endif

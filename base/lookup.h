/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookup.h - finds the place of something in an array by its hash, so that no reader compares each with each. It holds hashes and places only.
 */
#ifndef FIVESTEP_LOOKUP_H
#define FIVESTEP_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOKUP_NONE SIZE_MAX

/* Begins as {0}. */
struct lookup {
	struct lookup_slot *slots;
	size_t room, n;
	size_t compared; /* places that were looked at, for tests */
};

/* Of a number: another for each. Of texts one after the other, beginning with 0. */
uint64_t lookup_number(uint64_t number);
uint64_t lookup_text(uint64_t hash, const char *text);

/* The place that was added with that hash and is the same; NULL: the hash says it all. LOOKUP_NONE where there is none. */
size_t lookup_find(struct lookup *lookup, uint64_t hash, bool (*same)(const void *context, size_t place), const void *context);
/* 0 or -ENOMEM */
int lookup_add(struct lookup *lookup, uint64_t hash, size_t place);
void lookup_free(struct lookup *lookup);

#endif

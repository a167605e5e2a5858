/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookup.c - a table of hashes with open addressing, half full at most; see lookup.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/lookup.h"
#include "base/mix.h"

#define FIRST_ROOM 64

struct lookup_slot {
	uint64_t hash;
	size_t place; /* from 1; 0: none */
};

uint64_t lookup_number(uint64_t number)
{
	return mix64(number);
}

uint64_t lookup_text(uint64_t hash, const char *text)
{
	/* FNV-1a, with the end as a byte: "ab" and "c" are not "a" and "bc" */
	hash ^= 0xcbf29ce484222325ull;
	do
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ull;
	while (*text++);
	return lookup_number(hash);
}

size_t lookup_find(struct lookup *lookup, uint64_t hash, bool (*same)(const void *context, size_t place), const void *context)
{
	size_t mask = lookup->room - 1;

	if (!lookup->room)
		return LOOKUP_NONE;
	for (size_t at = hash & mask; lookup->slots[at].place; at = (at + 1) & mask) {
		lookup->compared++;
		if (lookup->slots[at].hash == hash && (same == NULL || same(context, lookup->slots[at].place - 1)))
			return lookup->slots[at].place - 1;
	}
	return LOOKUP_NONE;
}

static void put(struct lookup_slot *slots, size_t room, struct lookup_slot slot)
{
	size_t at = slot.hash & (room - 1);

	while (slots[at].place)
		at = (at + 1) & (room - 1);
	slots[at] = slot;
}

int lookup_add(struct lookup *lookup, uint64_t hash, size_t place)
{
	if (2 * (lookup->n + 1) > lookup->room) {
		size_t room = lookup->room ? 2 * lookup->room : FIRST_ROOM;
		struct lookup_slot *slots = calloc(room, sizeof(*slots));

		if (slots == NULL)
			return -ENOMEM;
		for (size_t i = 0; i < lookup->room; i++)
			if (lookup->slots[i].place)
				put(slots, room, lookup->slots[i]);
		free(lookup->slots);
		lookup->slots = slots;
		lookup->room = room;
	}
	put(lookup->slots, lookup->room, (struct lookup_slot){.hash = hash, .place = place + 1});
	lookup->n++;
	return 0;
}

void lookup_free(struct lookup *lookup)
{
	free(lookup->slots);
	*lookup = (struct lookup){0};
}

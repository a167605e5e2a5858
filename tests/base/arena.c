/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena.c - memory of an arena is zero and nobody else's, and of each text there is one copy.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "tests/tap.h"

#define MANY 20000

static void test_memory(void)
{
	static const size_t sizes[] = {1, 7, 16, 100, 65536, 65535, 65537, 200000, 3, 0, 5};
	struct arena *arena = arena_new();
	unsigned char *all[400];
	unsigned dirty = 0, changed = 0, skewed = 0;

	for (size_t i = 0; i < 400; i++) {
		size_t bytes = sizes[i % 11];

		all[i] = arena_alloc(arena, bytes);
		skewed += (uintptr_t)all[i] % _Alignof(max_align_t) != 0;
		for (size_t at = 0; at < bytes; at++)
			dirty += all[i][at] != 0;
		memset(all[i], (int)(i % 255) + 1, bytes);
	}
	for (size_t i = 0; i < 400; i++)
		for (size_t at = 0; at < sizes[i % 11]; at++)
			changed += all[i][at] != i % 255 + 1;
	is_int(dirty, 0, "memory is zero");
	is_int(skewed, 0, "aligned for any type");
	is_int(changed, 0, "and each piece its own");
	ok(!arena_exhausted(arena), "there was enough");
	arena_exhaust(arena);
	ok(arena_exhausted(arena), "that there was not is remembered");
	arena_free(arena);
	arena_free(NULL);
}

static void test_texts(void)
{
	static const char *first[MANY];
	struct arena *arena = arena_new();
	unsigned wrong = 0, copies = 0;
	char text[32];

	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		first[i] = arena_text(arena, text);
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		wrong += strcmp(first[i], text) != 0;
		copies += arena_text(arena, text) != first[i];
	}
	is_int(wrong, 0, "texts are as they were given");
	is_int(copies, 0, "and there is one copy of each, however many there are");
	is_str(arena_text(arena, ""), "", "the empty one, too");
	arena_free(arena);
}

int main(void)
{
	test_memory();
	test_texts();
	done_testing();
	return exit_status();
}

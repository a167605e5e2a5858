/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookup.c - what was added is found, what was not is not, and few places are looked at however many there are.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/lookup.h"
#include "tests/tap.h"

#define MANY 200000

static void test_numbers(void)
{
	struct lookup lookup = {0};
	unsigned wrong = 0;

	ok(lookup_find(&lookup, lookup_number(1), NULL, NULL) == LOOKUP_NONE, "nothing is found where nothing is");
	for (size_t i = 0; i < MANY; i++)
		wrong += lookup_add(&lookup, lookup_number(i), i) != 0;
	for (size_t i = 0; i < MANY; i++)
		wrong += lookup_find(&lookup, lookup_number(i), NULL, NULL) != i;
	is_int(wrong, 0, "%d numbers are found where they were added", MANY);
	for (size_t i = MANY; i < 2 * MANY; i++)
		wrong += lookup_find(&lookup, lookup_number(i), NULL, NULL) != LOOKUP_NONE;
	is_int(wrong, 0, "as many others are not found");
	ok(lookup.compared < 6 * MANY, "few places were looked at: %zu for %d", lookup.compared, 2 * MANY);
	lookup_free(&lookup);
	is_int((long long)lookup.room, 0, "nothing is left");
}

static bool is_second(const void *context, size_t place)
{
	return place == *(const size_t *)context;
}

static void test_same(void)
{
	struct lookup lookup = {0};
	const size_t second = 2, none = 3;

	lookup_add(&lookup, 5, 1);
	lookup_add(&lookup, 5, 2);
	is_int((long long)lookup_find(&lookup, 5, is_second, &second), 2, "of two with one hash the same is found");
	ok(lookup_find(&lookup, 5, is_second, &none) == LOOKUP_NONE, "and no other");
	ok(lookup_text(lookup_text(0, "ab"), "c") != lookup_text(lookup_text(0, "a"), "bc"), "two texts are not one");
	lookup_free(&lookup);
}

int main(void)
{
	test_numbers();
	test_same();
	done_testing();
	return exit_status();
}

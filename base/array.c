/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * array.c - arrays that grow; see array.h.
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define FIRST_CAPACITY 8

/* The capacity of an array of n elements. */
static size_t capacity_of(size_t n)
{
	size_t room = n > 0 ? FIRST_CAPACITY : 0;

	while (room < n)
		room *= 2;
	return room;
}

int array_grow(void *array, size_t n, size_t more, size_t element_bytes, size_t limit, const char *what, struct fs_reason *why)
{
	void *old, *grown;
	size_t bytes;

	/* capacity_of() cannot wrap below this */
	if (limit > SIZE_MAX / 4)
		limit = SIZE_MAX / 4;
	if (n > limit || more > limit - n)
		return fs_because(why, -E2BIG, "split it", "more than %zu %s", limit, what);
	if (capacity_of(n + more) == capacity_of(n))
		return 0;
	memcpy(&old, array, sizeof(old));
	grown = __builtin_mul_overflow(capacity_of(n + more), element_bytes, &bytes) ? NULL : realloc(old, bytes);
	if (grown == NULL)
		return fs_because(why, -ENOMEM, "", "out of memory for %zu %s", n + more, what);
	memcpy(array, &grown, sizeof(grown));
	return 0;
}

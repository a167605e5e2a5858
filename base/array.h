/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * array.h - growable arrays: the only place where a length becomes an amount of memory. Each has a limit, which the error names.
 *
 * The capacity is the number of elements rounded up to a power of two, so that it need not be stored, and adding n elements one by one copies
 * at most 2 n. An array starts as NULL and is grown only by these functions; free() frees it.
 */
#ifndef FIVESTEP_ARRAY_H
#define FIVESTEP_ARRAY_H

#include <stddef.h>

#include "base/reason.h"

/*
 * Grows the array, whose pointer's address is given, from n by more elements. 0; -E2BIG above the limit, with the reason "more than LIMIT WHAT";
 * -ENOMEM. On failure the array is unchanged. why may be NULL.
 */
int array_grow(void *array, size_t n, size_t more, size_t element_bytes, size_t limit, const char *what, struct fs_reason *why);

/* Grows it by one element. */
#define ARRAY_ADD(array, n, limit, what, why) array_grow(&(array), n, 1, sizeof(*(array)), limit, what, why)

/* Limits for the content of files. A run of a day has some 100,000 rounds; anything larger is not a run, or should be split. */
#define ARRAY_FEW  4096u      /* of one kind of thing in a file that people write */
#define ARRAY_MANY (1u << 24) /* cells, rounds, rows, results of a file */

#endif

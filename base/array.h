/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * array.h - arrays that grow: the one place where a length becomes an amount of memory. Each has a limit, and an error names it.
 *
 * An array has room for the next power of two of its elements, so that no room has to be kept beside the length, and adding n elements one by
 * one copies no more than 2 n. It begins as NULL and is grown by these functions alone; free() frees it.
 */
#ifndef FIVESTEP_ARRAY_H
#define FIVESTEP_ARRAY_H

#include "base/reason.h"

/*
 * Makes room for MORE elements after the n that ARRAY, the address of a pointer, has. 0; -E2BIG above the limit, with the reason "more than LIMIT
 * WHAT"; -ENOMEM. The array is as it was where it fails. why may be NULL.
 */
int array_grow(void *array, size_t n, size_t more, size_t element_bytes, size_t limit, const char *what, struct fs_reason *why);

/* For one element more. */
#define ARRAY_ADD(array, n, limit, what, why) array_grow(&(array), n, 1, sizeof(*(array)), limit, what, why)

/* Limits of what files hold. A run of a day has some 100,000 rounds; what is above is no run, or one to be split. */
#define ARRAY_FEW  4096u      /* of one kind of thing in a file that people write */
#define ARRAY_MANY (1u << 24) /* cells, rounds, rows, results of a file */

#endif

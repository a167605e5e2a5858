/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words.h - a buffer every word of which says where it is from. A benchmark that changes some of them undoes that on what it got back, and then every
 * word must be as it was filled.
 */
#ifndef FIVESTEP_BENCH_WORDS_H
#define FIVESTEP_BENCH_WORDS_H

#include "bench/order.h"

static inline void words_fill(struct fs_buffer *buf, ulong key)
{
	ulong *words = buf->cpu;

	for (size_t i = 0; i < buf->bytes / sizeof(*words); i++)
		words[i] = order_word(i, key);
}

/* Wrong data where one is not as it was filled; with is_filled false, not 0. */
static inline int words_check(struct fs_job *job, const struct fs_buffer *buf, ulong key, bool is_filled)
{
	const ulong *words = buf->cpu;

	for (size_t i = 0; i < buf->bytes / sizeof(*words); i++) {
		ulong expected = is_filled ? order_word(i, key) : 0;

		if (words[i] != expected)
			return fs_wrong(job, "the word at %zu is %lx, not %lx", i * sizeof(*words), words[i], expected);
	}
	return 0;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mark.h - a buffer of whole pages whose first and last words of each page say which page it is, and which time it is marked: what was left behind,
 * lost or mixed up on its way is seen.
 */
#ifndef FIVESTEP_BENCH_MARK_H
#define FIVESTEP_BENCH_MARK_H

#include <string.h>

#include "bench/order.h"

static inline ulong *mark_first(const struct fs_buffer *buf, size_t page)
{
	return (ulong *)((unsigned char *)buf->cpu + page * page_bytes());
}

static inline ulong *mark_last(const struct fs_buffer *buf, size_t page)
{
	return mark_first(buf, page) + page_bytes() / sizeof(ulong) - 1;
}

/* What the first word of a page is; the last one is its complement. */
static inline ulong mark_of(size_t page, ulong key)
{
	return order_word(page, key);
}

static inline void mark_all(const struct fs_buffer *buf, ulong key)
{
	for (size_t page = 0; page < buf->bytes / page_bytes(); page++) {
		*mark_first(buf, page) = mark_of(page, key);
		*mark_last(buf, page) = ~mark_of(page, key);
	}
}

/* Where data move by transfer, the CPU's copy must not be mistaken for what comes back. */
static inline void mark_wipe(struct fs_job *job, const struct fs_buffer *buf)
{
	if ((fs_offers(job) & FS_TRANSFER) != 0)
		memset(buf->cpu, 0xff, buf->bytes);
}

static inline int mark_check(struct fs_job *job, const struct fs_buffer *buf, ulong key)
{
	for (size_t page = 0; page < buf->bytes / page_bytes(); page++) {
		ulong first = *mark_first(buf, page), last = *mark_last(buf, page);

		if (first != mark_of(page, key) || last != ~mark_of(page, key))
			return fs_wrong(
				job, "page %zu holds %lx and %lx, not %lx and %lx", page, first, last, mark_of(page, key), ~mark_of(page, key));
	}
	return 0;
}

#endif

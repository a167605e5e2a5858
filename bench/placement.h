/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * placement.h - the pages of bench/placement.c: who uses which, and what must be in them.
 */
#ifndef FIVESTEP_BENCH_PLACEMENT_H
#define FIVESTEP_BENCH_PLACEMENT_H

#include "bench/order.h"
#include "bench/placement.body.h"

struct placement {
	struct fs_job *job;
	struct fs_buffer buf;
	unsigned bits;
	size_t part, pages;		 /* pages of a part; of all */
	ulong words, stride, key, turns; /* turns: taken so far */
	uint8_t *sides, *before;	 /* where each page is now, and was a turn before */
	size_t moved, settled;
};

static inline ulong placement_page(const struct placement *p, ulong at)
{
	return order_at(at, p->bits, p->key);
}

static inline ulong *placement_word(const struct placement *p, ulong at, ulong k)
{
	return (ulong *)((unsigned char *)p->buf.cpu + placement_page(p, at) * page_bytes()) + k * p->stride;
}

/* Every word that was changed must be what all turns make of it, in their order; the others are as they were. */
static inline int placement_check(const struct placement *p)
{
	for (ulong at = 0; at < p->pages; at++) {
		ulong expected = at;

		for (ulong turn = 0; turn < p->turns; turn++) {
			if (at < p->part || (at >= 2 * p->part && at < 3 * p->part))
				expected = expected * 3 + at;
			expected += at >= p->part && at < 3 * p->part;
		}
		for (ulong k = 0; k < p->words; k++)
			if (*placement_word(p, at, k) != expected)
				return fs_wrong(p->job, "word %lu of page %lu is %lx, not %lx", k, placement_page(p, at), *placement_word(p, at, k),
					expected);
	}
	return 0;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * links.h - memory whose lines are linked into one random cycle, so that each read has to wait for the one before: what latency is measured with.
 *
 * Nearly every link leads to another page, and no prefetcher can guess it. Where a number of links lead is known without following them.
 */
#ifndef FIVESTEP_BENCH_LINKS_H
#define FIVESTEP_BENCH_LINKS_H

#include <string.h>

#include "bench/order.h"

#define LINE_BYTES 64ul
#define CYCLE_NS   0.1	   /* a dependent read takes at least a cycle at 10 GHz: shorter than any processor's */
#define LINKS_MAX  20000ul /* that one measurement follows */

struct links {
	unsigned char *base;
	unsigned bits; /* 2^bits lines */
	ulong spread;  /* every spread-th page has links, from the first on: 1 or 2 */
	ulong key;
	ulong at; /* how many links from the cycle's beginning */
};

/* In bytes from the base: where n links from the cycle's beginning lead. */
static inline ulong links_offset(const struct links *links, ulong n)
{
	ulong offset = order_at(n & ((1ul << links->bits) - 1), links->bits, links->key) * LINE_BYTES;

	return offset / page_bytes() * links->spread * page_bytes() + offset % page_bytes();
}

/* In the memory's order first, so that pages are not new when links are written in the cycle's. */
static inline void links_fill(const struct links *links)
{
	ulong here = links_offset(links, 0), pages = ((1ul << links->bits) * LINE_BYTES + page_bytes() - 1) / page_bytes();

	for (ulong page = 0; page < pages; page++)
		memset(links->base + page * links->spread * page_bytes(), 0, page_bytes());
	for (ulong n = 0; n < 1ul << links->bits; n++) {
		ulong next = links_offset(links, n + 1);

		*(ulong *)(links->base + here) = next;
		here = next;
	}
}

/* After so many links have been followed: 0 if they led where they should, else wrong data. */
static inline int links_follow(struct fs_job *job, struct links *links, ulong n, ulong end)
{
	ulong expected = links_offset(links, links->at + n);

	links->at += n;
	return end == expected ? 0 : fs_wrong(job, "%lu links lead to offset %lu, not %lu", n, end, expected);
}

/*
 * Follows n links by the CPU: ns a link, or negative on error. A changed link leads astray, but not out of the memory: it is masked before it is
 * followed, which is a cycle of each read, and bits that no link has stay in `end`.
 */
static inline double links_time(struct fs_job *job, struct links *links, ulong n)
{
	ulong bytes = (LINE_BYTES << links->bits) * links->spread, end = links_offset(links, links->at), all = 0;
	ulong mask = (bytes - 1) & ~(LINE_BYTES - 1) & ~((links->spread - 1) * page_bytes());
	uint64_t start = fs_now(), took;
	int err;

	for (ulong i = 0; i < n; i++) {
		end = *(const volatile ulong *)(links->base + (end & mask));
		all |= end;
	}
	took = fs_now() - start;
	err = links_follow(job, links, n, end | (all & ~mask));
	return err < 0 ? err : (double)took / (double)n;
}

#endif

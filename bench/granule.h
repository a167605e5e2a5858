/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * granule.h - how many base pages one fault migrates, found out by causing one: drivers have a granule of their own, and some move more than that.
 */
#ifndef FIVESTEP_BENCH_GRANULE_H
#define FIVESTEP_BENCH_GRANULE_H

#include "bench/touch_pages.h"

#define GRANULE_TOUCHES 2 /* that the page gets, each of which adds one to its first word */

/* The page that is touched: in the middle, so that a granule has neighbours on both sides, as far as results reach. */
static inline size_t granule_pilot(const struct fs_buffer *buf)
{
	size_t middle = buf->bytes / page_bytes() / 2;

	return middle < FS_OUT_WORDS ? middle : FS_OUT_WORDS - 1;
}

/*
 * All pages are on the host. The device touches one, then the CPU does; *pages is what migrated each time. 0, or negative: also a skip, where the two
 * sides differ.
 */
static inline int granule_find(struct fs_job *job, struct fs_buffer *buf, uint64_t *pages)
{
	size_t pilot = granule_pilot(buf);
	struct fs_launch launch = touch_pages_launch(pilot + 1, true);
	uint64_t left = 0;
	int err;

	launch.first = pilot;
	err = launch_run(job, buf, &launch);
	if (err >= 0)
		err = pages_on_side(job, buf, FS_DEVICE, pages);
	if (err < 0)
		return err;
	*(volatile ulong *)((unsigned char *)buf->cpu + pilot * page_bytes()) += 1;
	err = pages_on_side(job, buf, FS_DEVICE, &left);
	if (err == 0 && left != 0)
		err = fs_skip(job, "run fault_back: it times the CPU's faults", "one fault of the device moves %llu pages, one of the CPU %llu",
			(unsigned long long)*pages, (unsigned long long)(*pages - left));
	return err;
}

/*
 * How touches of the buffer must be spread so that each is a fault: 1 << *bits of them, *stride bytes apart, which is what one fault migrates.
 * Samples pages_a_fault. 0 or negative, as granule_find().
 */
static inline int granule_touches(struct fs_job *job, struct fs_buffer *buf, size_t *stride, unsigned *bits)
{
	uint64_t pages = 0;
	int err = granule_find(job, buf, &pages);

	if (err < 0)
		return err;
	if (!fs_expect(job, "pages_a_fault", (double)pages, FS_GE, 1))
		return -EBADMSG;
	*stride = (size_t)pages * page_bytes();
	if (order_bits(*stride) == 64 || *stride > buf->bytes)
		return fs_skip(job, "a larger size", "one fault migrated %llu pages, which do not divide the buffer", (unsigned long long)pages);
	*bits = order_bits(buf->bytes / *stride);
	if (1ul << *bits > FS_OUT_WORDS)
		return fs_skip(job, "a smaller size", "%lu touches are more than %d", 1ul << *bits, FS_OUT_WORDS);
	fs_sample(job, "pages_a_fault", (double)pages);
	return 0;
}

#endif

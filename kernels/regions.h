/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * regions.h - what kernels share: regions that follow each other on whole pages, and the comparison of a region with what it must hold. Elements are
 * compared as they are stored, bit for bit: a zero that changed its sign is wrong too.
 */
#ifndef FIVESTEP_KERNELS_REGIONS_H
#define FIVESTEP_KERNELS_REGIONS_H

#include <stdlib.h>
#include <string.h>

#include "harness/fivestep.h"
#include "kernels/seeded.h"

#define SIZE_PARAM(bytes, what)                                                                                                                      \
	.name = "size", .type = FS_PARAM_SIZE, .initial = bytes, .min = 64 << 10, .min_pages = 16, .max = 32.0 * (1ull << 30),                       \
	.help = "bytes of the buffer: " what

/* Region i begins with the first page behind the one before it; word i of the body's arguments is its offset. */
static inline void region_add(struct fs_work *work, unsigned i, const char *name, size_t bytes, unsigned flags)
{
	const struct fs_region *before = i > 0 ? &work->regions[i - 1] : NULL;
	size_t offset = before != NULL ? whole_pages_up(before->offset + before->bytes) : 0;

	work->regions[i] = (struct fs_region){name, offset, bytes, flags};
	work->launch.args.u[i] = offset;
}

static inline void *region_at(const struct fs_work *work, unsigned i)
{
	return work->cpu + work->regions[i].offset;
}

/* For profiles: all of a region. */
static inline void region_reads(const struct fs_work *work, unsigned i, struct fs_pages *pages)
{
	fs_reads(pages, work->regions[i].offset, work->regions[i].bytes);
}

static inline void region_writes(const struct fs_work *work, unsigned i, struct fs_pages *pages)
{
	fs_writes(pages, work->regions[i].offset, work->regions[i].bytes);
}

static inline int expect_words(struct fs_work *work, unsigned i, const ulong *expected)
{
	const ulong *seen = region_at(work, i);

	for (size_t k = 0; k < work->regions[i].bytes / sizeof(*seen); k++) {
		if (seen[k] != expected[k])
			return fs_wrong(work->job, "%s[%zu] is %lu, not %lu", work->regions[i].name, k, seen[k], expected[k]);
	}
	return 0;
}

static inline int expect_uints(struct fs_work *work, unsigned i, const uint *expected)
{
	const uint *seen = region_at(work, i);

	for (size_t k = 0; k < work->regions[i].bytes / sizeof(*seen); k++) {
		if (seen[k] != expected[k])
			return fs_wrong(work->job, "%s[%zu] is %u, not %u", work->regions[i].name, k, seen[k], expected[k]);
	}
	return 0;
}

static inline int expect_reals(struct fs_work *work, unsigned i, const double *expected)
{
	const double *seen = region_at(work, i);

	for (size_t k = 0; k < work->regions[i].bytes / sizeof(*seen); k++) {
		if (memcmp(&seen[k], &expected[k], sizeof(*seen)) != 0)
			return fs_wrong(work->job, "%s[%zu] is %.17g, not %.17g", work->regions[i].name, k, seen[k], expected[k]);
	}
	return 0;
}

#endif

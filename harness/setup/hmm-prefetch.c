/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hmm-prefetch - software coherence with hints: what the device will use is migrated to it ahead of use, and what the
 * CPU will read is migrated back ahead of that. Faults remain for what the hints miss.
 */
#include "config.h"

#include "harness/setup/common.h"

/* The regions with the flag; the whole buffer in a microbenchmark. */
static int prefetch(struct fs_job *job, struct fs_buffer *buf, unsigned flags, enum fs_side to)
{
	int err = 0;

	if (buf->work == NULL)
		return fs_device_migrate(job, &buf->memory, 0, buf->bytes, to);
	for (unsigned i = 0; err == 0 && buf->work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &buf->work->regions[i];

		if (region->flags & flags)
			err = fs_device_migrate(job, &buf->memory, region->offset, region->bytes, to);
	}
	return err;
}

static int device_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err = prefetch(job, buf, FS_IN | FS_OUT, FS_DEVICE);

	return err == 0 ? shared_compute(job, buf, launch) : err;
}

static int cpu_begin(struct fs_job *job, struct fs_buffer *buf)
{
	/* It is not known what the CPU will read: so everything that was migrated to the device. */
	return prefetch(job, buf, FS_IN | FS_OUT, FS_HOST);
}

static int evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	uint64_t pages;
	int err;

	if (after == FS_CPU_BEFORE)
		return shared_expect_side(job, buf, FS_HOST);
	if (after == FS_DEVICE_COMPUTE && fs_device_count(job, "prefetched_to_device", &pages))
		fs_expect(job, "prefetched_to_device", (double)pages, FS_GE, 1);
	err = after == FS_DEVICE_COMPUTE ? mirror_expect_moved(job, buf) : 0;
	return err == 0 ? mirror_evidence(job, buf) : err;
}

static void imply(struct fs_implied *implied)
{
	mirror_imply_prefetch(implied, FS_IN | FS_OUT);
	mirror_imply(implied);
}

const struct fs_setup setup_hmm_prefetch = {
	.name = "hmm-prefetch",
	.summary = "mirrored page tables, ranges migrated ahead of use",
	.needs = FS_CAP_MIRROR | FS_CAP_PREFETCH | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_MOVE | FS_RESIDENCE | FS_SHARED,
	.memory = FS_MEMORY_MIRROR,
	.copies = 2,
	.alloc = mirror_alloc,
	.device_compute = device_compute,
	.cpu_begin = cpu_begin,
	.release = mirror_release,
	.move = shared_move,
	.evidence = evidence,
	.imply = imply,
};

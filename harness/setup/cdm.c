/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cdm - hardware coherence, memory on the device's node: every page is there from its first touch, and
 * the CPU accesses it remotely.
 */
#include "config.h"

#include "harness/setup/common.h"

static int alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return coherent_alloc(job, bytes, buf, FS_DEVICE);
}

static int evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	(void)after;
	return coherent_evidence(job, buf, FS_DEVICE);
}

static void imply(struct fs_implied *implied)
{
	coherent_imply(implied, FS_DEVICE);
}

const struct fs_setup setup_cdm = {
	.name = "cdm",
	.summary = "coherent memory placed on the device's node",
	.needs = FS_CAP_COHERENT | FS_CAP_MIGRATE | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_MOVE | FS_REMOTE | FS_RESIDENCE | FS_SHARED,
	.memory = FS_MEMORY_COHERENT,
	.copies = 1,
	.alloc = alloc,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = coherent_release,
	.move = shared_move,
	.evidence = evidence,
	.imply = imply,
};

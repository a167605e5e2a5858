/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hmm - software coherence on demand: an access to a page on the other side faults, and the page migrates.
 */
#include "config.h"

#include "harness/setup/common.h"

static int evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	uint64_t faults;
	int err;

	if (after == FS_CPU_BEFORE)
		return shared_expect_side(job, buf, FS_HOST);
	if (after == FS_DEVICE_COMPUTE && fs_device_count(job, "faults_to_device", &faults))
		fs_expect(job, "faults_to_device", (double)faults, FS_GE, 1);
	err = after == FS_DEVICE_COMPUTE ? mirror_expect_moved(job, buf) : 0;
	return err == 0 ? mirror_evidence(job, buf) : err;
}

const struct fs_setup setup_hmm = {
	.name = "hmm",
	.summary = "mirrored page tables: pages fault and migrate on demand",
	.needs = FS_CAP_MIRROR | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_FAULTS | FS_MOVE | FS_RESIDENCE | FS_SHARED,
	.memory = FS_MEMORY_MIRROR,
	.copies = 2,
	.alloc = mirror_alloc,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = mirror_release,
	.move = shared_move,
	.evidence = evidence,
	.imply = mirror_imply,
};

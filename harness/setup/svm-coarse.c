/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svm-coarse - one address on both sides, one side at a time: the buffer is handed over at the borders of step 3, whole. How the driver
 * makes it current there is its affair, and not said.
 */
#include "config.h"

#include "harness/setup/common.h"

static int evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	if (after != FS_CPU_BEFORE)
		shared_expect_address(job);
	return exclusive_evidence(job, buf, after);
}

const struct fs_setup setup_svm_coarse = {
	.name = "svm-coarse",
	.summary = "one address for both sides, handed over between them",
	.needs = FS_CAP_EXCLUSIVE,
	.offers = FS_SAME_ADDRESS,
	.memory = FS_MEMORY_EXCLUSIVE,
	.copies = 2,
	.alloc = exclusive_alloc,
	.device_compute = exclusive_compute,
	.cpu_begin = exclusive_begin,
	.release = exclusive_release,
	.evidence = evidence,
};

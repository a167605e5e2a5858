/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svm-coarse - one address on both sides, owned by one side at a time: ownership of the whole buffer passes before and after step 3. How the driver
 * makes the buffer current then is up to the driver, and not disclosed.
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
	.summary = "one address for both sides, owned by one side at a time",
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

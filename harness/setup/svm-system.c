/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svm-system - one address for both sides at once, in any memory of the process: nothing is allocated through the driver. What the kernel
 * does for it (HMM, address translation by the device) the driver does not say: so neither residence nor faults are claimed.
 */
#include "config.h"

#include "harness/setup/common.h"

static int alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return svm_alloc(job, FS_MEMORY_SVM_SYSTEM, bytes, buf);
}

const struct fs_setup setup_svm_system = {
	.name = "svm-system",
	.summary = "one address for both sides at once, in any memory of the process",
	.needs = FS_CAP_SVM_SYSTEM,
	.offers = FS_SAME_ADDRESS | FS_SHARED,
	.memory = FS_MEMORY_SVM_SYSTEM,
	.copies = 2,
	.alloc = alloc,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = svm_release,
	.evidence = svm_evidence,
};

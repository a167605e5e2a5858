/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svm - one address for both sides at once, in memory that the driver allocates (fine-grained shared virtual memory). The driver does not say whether
 * pages move or are accessed remotely: so this is neither hmm nor cdm, and does not offer residence.
 */
#include "config.h"

#include "harness/setup/common.h"

static int alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return svm_alloc(job, FS_MEMORY_SVM_FINE, bytes, buf);
}

const struct fs_setup setup_svm = {
	.name = "svm",
	.summary = "one address for both sides at once, in memory allocated by the driver",
	.needs = FS_CAP_SVM_FINE,
	.offers = FS_SAME_ADDRESS | FS_SHARED,
	.memory = FS_MEMORY_SVM_FINE,
	.copies = 2,
	.alloc = alloc,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = svm_release,
	.evidence = svm_evidence,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svm_fine.c - what setups share whose buffer both sides use at once, at one address, by means that the driver does not disclose: neither residence
 * nor faults are known.
 */
#include "config.h"

#include "harness/setup/common.h"

int svm_alloc(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, struct fs_buffer *buf)
{
	int err = fs_device_alloc(job, kind, bytes, FS_HOST, &buf->memory);

	buf->cpu = buf->memory.cpu;
	return err;
}

void svm_release(struct fs_job *job, struct fs_buffer *buf)
{
	fs_device_free(job, &buf->memory);
	buf->cpu = NULL;
}

int svm_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	(void)buf;
	if (after != FS_CPU_BEFORE)
		shared_expect_address(job);
	return 0;
}

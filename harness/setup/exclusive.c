/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exclusive.c - what setups share in which one side at a time owns the buffer: the device acquires it before step 3, the host before step 4.
 */
#include "config.h"

#include "harness/setup/common.h"

static int alloc(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, struct fs_buffer *buf)
{
	int err = fs_device_alloc(job, kind, bytes, FS_HOST, &buf->memory);

	buf->cpu = buf->memory.cpu;
	return err;
}

int mapped_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return alloc(job, FS_MEMORY_MAPPED, bytes, buf);
}

int exclusive_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return alloc(job, FS_MEMORY_EXCLUSIVE, bytes, buf);
}

/* Links are CPU addresses, and the body computes offsets from the CPU's base: no marshalling is needed, even if the device's address differs. */
int exclusive_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err = fs_device_acquire(job, &buf->memory, FS_DEVICE);

	return err == 0 ? shared_compute(job, buf, launch) : err;
}

int exclusive_begin(struct fs_job *job, struct fs_buffer *buf)
{
	return fs_device_acquire(job, &buf->memory, FS_HOST);
}

void exclusive_release(struct fs_job *job, struct fs_buffer *buf)
{
	fs_device_free(job, &buf->memory);
	buf->cpu = NULL;
}

static void expect_none(struct fs_job *job, const char *name)
{
	uint64_t count;

	if (fs_device_count(job, name, &count))
		fs_expect(job, name, (double)count, FS_EQ, 0);
}

void shared_expect_address(struct fs_job *job)
{
	uint64_t checked;

	if (fs_device_count(job, "addresses_checked", &checked))
		fs_expect(job, "addresses_checked", (double)checked, FS_GE, 1);
	expect_none(job, "address_conflicts");
}

/* Each side owned it in turn, and the program copied nothing. */
int exclusive_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	uint64_t there, back;

	(void)buf;
	if (after == FS_CPU_BEFORE || !fs_device_count(job, "acquired_by_device", &there) || !fs_device_count(job, "acquired_by_host", &back))
		return 0;
	/* The host first acquires it in step 1. */
	fs_expect(job, "acquired_by_device", (double)there, FS_GE, 1);
	fs_expect(job, "acquired_by_host - acquired_by_device", (double)back - (double)there, FS_EQ, after == FS_DEVICE_COMPUTE ? 0 : 1);
	expect_none(job, "copied_to_device_bytes");
	expect_none(job, "copied_to_host_bytes");
	return 0;
}

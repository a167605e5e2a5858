/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transfer.c - what the copy setups share: two memories, and explicit transfers between them.
 */
#include "config.h"

#include "harness/machine/pages.h"
#include "harness/setup/common.h"

#include <errno.h>
#include <string.h>

const struct fs_param transfer_params[] = {{TRANSFER_PAGE}, {0}};

static void *host_map(struct fs_job *job, size_t bytes)
{
	return pages_map(bytes, fs_size(job, "page"), -1);
}

static bool holds_links(const struct fs_buffer *buf)
{
	for (unsigned i = 0; buf->work != NULL && buf->work->regions[i].bytes != 0; i++) {
		if (buf->work->regions[i].flags & FS_POINTERS)
			return true;
	}
	return false;
}

int transfer_alloc_pinned(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	int err = fs_device_pin(job, bytes, &buf->cpu);

	if (err == 0 && holds_links(buf))
		err = fs_device_pin(job, bytes, &buf->staging);
	return err == 0 ? fs_device_alloc(job, FS_MEMORY_DEVICE, bytes, FS_DEVICE, &buf->memory) : err;
}

int transfer_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	buf->cpu = host_map(job, bytes);
	if (buf->cpu != NULL && holds_links(buf))
		buf->staging = host_map(job, bytes);
	if (buf->cpu == NULL || (holds_links(buf) && buf->staging == NULL))
		return fs_error(job, -ENOMEM, "no host memory for %zu bytes", bytes);
	/* A program allocates its staging buffer before it marshals: the first touch belongs to step 1, not to the first transfer. */
	if (buf->staging != NULL)
		memset(buf->staging, 0, bytes);
	return fs_device_alloc(job, FS_MEMORY_DEVICE, bytes, FS_DEVICE, &buf->memory);
}

void transfer_release(struct fs_job *job, struct fs_buffer *buf)
{
	fs_device_free(job, &buf->memory);
	if (buf->staging != NULL)
		pages_unmap(buf->staging, buf->bytes, fs_size(job, "page"));
	if (buf->cpu != NULL)
		pages_unmap(buf->cpu, buf->bytes, fs_size(job, "page"));
	buf->staging = NULL;
	buf->cpu = NULL;
}

void transfer_release_pinned(struct fs_job *job, struct fs_buffer *buf)
{
	fs_device_free(job, &buf->memory);
	if (buf->staging != NULL)
		fs_device_unpin(job, buf->staging, buf->bytes);
	if (buf->cpu != NULL)
		fs_device_unpin(job, buf->cpu, buf->bytes);
	buf->staging = NULL;
	buf->cpu = NULL;
}

static bool is_marshalled(const struct fs_buffer *buf, size_t offset)
{
	for (unsigned i = 0; buf->staging != NULL && buf->work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &buf->work->regions[i];

		if (offset >= region->offset && offset < region->offset + region->bytes)
			return region->flags & FS_POINTERS;
	}
	return false;
}

int transfer_queue(struct fs_job *job, int stream, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to)
{
	unsigned char *host = to == FS_DEVICE && is_marshalled(buf, offset) ? buf->staging : buf->cpu;

	if (bytes == 0)
		return 0;
	buf->transferred[to] += bytes;
	return fs_device_copy(job, stream, &buf->memory, offset, host + offset, bytes, to);
}

int transfer_marshal(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err = 0;

	(void)job;
	launch->args.link_base = 0;
	for (unsigned i = 0; buf->staging != NULL && err >= 0 && buf->work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &buf->work->regions[i];

		if (region->flags & FS_POINTERS)
			err = buf->work->marshal(buf->work, region, (unsigned char *)buf->staging + region->offset);
	}
	return err;
}

bool transfer_is_due(const struct fs_region *region, enum fs_side to)
{
	return to == FS_HOST || (region->flags & FS_KEPT) == 0;
}

int transfer_regions(struct fs_job *job, struct fs_buffer *buf, unsigned with, unsigned without, enum fs_side to)
{
	int err = 0;

	if (buf->work == NULL)
		err = transfer_queue(job, 0, buf, 0, buf->bytes, to);
	for (unsigned i = 0; buf->work != NULL && err == 0 && buf->work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &buf->work->regions[i];

		if ((region->flags & with) != 0 && (region->flags & without) == 0 && transfer_is_due(region, to))
			err = transfer_queue(job, 0, buf, region->offset, region->bytes, to);
	}
	return err == 0 ? fs_device_wait(job, 0) : err;
}

static bool implies_links(const struct fs_implied *implied)
{
	for (unsigned i = 0; i < FS_REGIONS && implied->regions[i].bytes != 0; i++) {
		if (implied->regions[i].flags & FS_POINTERS)
			return true;
	}
	return false;
}

void transfer_imply_host(struct fs_implied *implied)
{
	common_imply(implied);
	/* The staging buffer is as large as the buffer, and touched in step 1. */
	if (implied->step == FS_ALLOC && implies_links(implied))
		implied->n[FS_COST_FIRST_TOUCH + FS_HOST] += implied->pages->n;
	if (implied->step == FS_RELEASE && implies_links(implied))
		implied->n[FS_COST_RELEASE_PAGE] += implied->pages->n;
	for (unsigned i = 0; i < FS_REGIONS && implied->step == FS_DEVICE_COMPUTE && implied->regions[i].bytes != 0; i++) {
		if (implied->regions[i].flags & FS_POINTERS)
			implied->n[FS_COST_MARSHAL_BYTE] += implied->regions[i].bytes;
	}
	for (size_t i = 0; i < implied->pages->n && implied_side(implied) == FS_HOST; i++) {
		if (implied->pages->touch[i] != 0)
			imply_exists(implied, i);
	}
}

void transfer_imply_copy(struct fs_implied *implied, const struct fs_region *region, enum fs_side to, uint64_t pieces)
{
	size_t page = fs_page_bytes();

	implied->n[FS_COST_COPY + to] += pieces;
	implied->n[FS_COST_COPY_BYTE + to] += region->bytes;
	for (size_t i = region->offset / page; to == FS_HOST && i * page < region->offset + region->bytes; i++)
		imply_exists(implied, i);
}

void transfer_imply(struct fs_implied *implied)
{
	enum fs_side to = implied_side(implied);
	bool moves = implied->step == FS_DEVICE_COMPUTE || implied->step == FS_CPU_AFTER;

	for (unsigned i = 0; i < FS_REGIONS && moves && implied->regions[i].bytes != 0; i++) {
		if ((implied->regions[i].flags & (to == FS_DEVICE ? FS_IN : FS_OUT)) != 0 && transfer_is_due(&implied->regions[i], to))
			transfer_imply_copy(implied, &implied->regions[i], to, 1);
	}
	implied->n[FS_COST_LAUNCH] += implied->step == FS_DEVICE_COMPUTE;
	transfer_imply_host(implied);
}

void transfer_imply_pinned(struct fs_implied *implied)
{
	if (implied->step == FS_ALLOC)
		memset(implied->exists, 1, implied->pages->n);
	transfer_imply(implied);
}

int transfer_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err = transfer_marshal(job, buf, launch);

	if (err == 0)
		err = transfer_regions(job, buf, FS_IN, 0, FS_DEVICE);
	if (err == 0)
		err = fs_device_launch(job, 0, &buf->memory, launch);
	return err == 0 ? fs_device_wait(job, 0) : err;
}

int transfer_begin(struct fs_job *job, struct fs_buffer *buf)
{
	return transfer_regions(job, buf, FS_OUT, 0, FS_HOST);
}

int transfer_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to)
{
	int err = transfer_queue(job, 0, buf, offset, bytes, to);

	return err == 0 ? fs_device_wait(job, 0) : err;
}

/* The device copied what was requested, and nothing moved by a fault. */
int transfer_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	static const char *const copied[FS_SIDES] = {"copied_to_host_bytes", "copied_to_device_bytes"};
	static const char *const faults[FS_SIDES] = {"faults_to_host", "faults_to_device"};
	uint64_t count;

	if (after != FS_CPU_AFTER)
		return 0;
	for (int side = 0; side < FS_SIDES; side++) {
		if (fs_device_count(job, copied[side], &count))
			fs_expect(job, copied[side], (double)count, FS_EQ, (double)buf->transferred[side]);
		if (fs_device_count(job, faults[side], &count))
			fs_expect(job, faults[side], (double)count, FS_EQ, 0);
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shared.c - what setups with one address space share, whatever provides coherence.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "harness/setup/common.h"

int shared_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err;

	launch->args.link_base = (ulong)buf->cpu;
	err = fs_device_launch(job, 0, &buf->memory, launch);
	return err == 0 ? fs_device_wait(job, 0) : err;
}

int shared_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to)
{
	return fs_device_migrate(job, &buf->memory, offset, bytes, to);
}

int nothing_begins(struct fs_job *job, struct fs_buffer *buf)
{
	(void)job;
	(void)buf;
	return 0;
}

/* Adds the whole pages inside of [offset, offset + bytes). */
static int count_range(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side side, uint64_t *on_side, uint64_t *of)
{
	size_t page = fs_page_bytes(), first = (offset + page - 1) / page, last = (offset + bytes) / page;
	uint8_t *sides;
	int err;

	if (first >= last)
		return 0;
	sides = malloc(last - first);
	if (sides == NULL)
		return fs_error_memory(job);
	err = fs_residence(job, buf, first * page, (last - first) * page, sides);
	for (size_t i = 0; i < last - first && err == 0; i++)
		*on_side += sides[i] == side;
	*of += last - first;
	free(sides);
	return err;
}

int shared_count_pages(struct fs_job *job, struct fs_buffer *buf, enum fs_side side, uint64_t *on_side, uint64_t *of)
{
	int err = 0;

	*on_side = 0;
	*of = 0;
	if (buf->work == NULL)
		return count_range(job, buf, 0, buf->bytes, side, on_side, of);
	for (unsigned i = 0; err == 0 && i < FS_REGIONS && buf->work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &buf->work->regions[i];

		if (region->flags & FS_IN)
			err = count_range(job, buf, region->offset, region->bytes, side, on_side, of);
	}
	return err;
}

int shared_count_on_device(struct fs_job *job, struct fs_buffer *buf, uint64_t *on_device)
{
	uint64_t of = 0;
	size_t page = fs_page_bytes();

	*on_device = 0;
	return count_range(job, buf, 0, (buf->bytes + page - 1) / page * page, FS_DEVICE, on_device, &of);
}

int shared_expect_side(struct fs_job *job, struct fs_buffer *buf, enum fs_side side)
{
	static const char *const what[FS_SIDES] = {"input_pages_on_host", "input_pages_on_device"};
	uint64_t on_side, of;
	int err = shared_count_pages(job, buf, side, &on_side, &of);

	if (err == 0)
		fs_expect(job, what[side], (double)on_side, FS_EQ, (double)of);
	return err;
}

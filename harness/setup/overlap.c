/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * overlap.c - what the setups share that copy in chunks on two streams, so that one chunk is transferred while another is computed on.
 *
 * Only regions that are sliced like the index range can be cut into chunks; the others are transferred whole, before and
 * after, as under plain copy.
 */
#include "config.h"

#include "harness/setup/common.h"

#include <string.h>

#define STREAMS 2

#define CHUNK                                                                                                                                        \
	.name = "chunk", .type = FS_PARAM_SIZE, .initial = "1M", .min = 4096, .max = 1ull << 30,                                                     \
	.help = "bytes of the largest region that are transferred at a time"

const struct fs_param overlap_params[] = {
	{CHUNK},
	{TRANSFER_PAGE},
	{0},
};

const struct fs_param overlap_pinned_params[] = {{CHUNK}, {0}};

/* The number of chunks, by the largest region that can be cut; 1 if none can. */
static uint64_t chunks_of(const struct fs_region *regions, uint64_t items, size_t chunk)
{
	size_t largest = 0;
	uint64_t chunks;

	for (unsigned i = 0; i < FS_REGIONS && regions[i].bytes != 0; i++) {
		if ((regions[i].flags & FS_SLICED) && regions[i].bytes > largest)
			largest = regions[i].bytes;
	}
	chunks = largest / chunk;
	return chunks == 0 ? 1 : chunks > items ? items : chunks;
}

/* The part of a region that belongs to chunk c of n. Cuts are between items, so the region must be a multiple of the items. */
static size_t cut(const struct fs_region *region, uint64_t items, uint64_t c, uint64_t n)
{
	return region->bytes / items * (items * c / n);
}

static int queue_slices(struct fs_job *job, struct fs_buffer *buf, unsigned flag, uint64_t items, uint64_t c, uint64_t n, enum fs_side to)
{
	int err = 0;

	for (unsigned i = 0; err == 0 && i < FS_REGIONS && buf->work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &buf->work->regions[i];
		size_t from, end;

		if ((region->flags & FS_SLICED) == 0 || (region->flags & flag) == 0 || !transfer_is_due(region, to))
			continue;
		from = cut(region, items, c, n);
		end = c + 1 == n ? region->bytes : cut(region, items, c + 1, n);
		err = transfer_queue(job, (int)(c % STREAMS), buf, region->offset + from, end - from, to);
	}
	return err;
}

static int queue_chunk(struct fs_job *job, struct fs_buffer *buf, const struct fs_launch *whole, uint64_t c, uint64_t n)
{
	uint64_t items = whole->last - whole->first;
	struct fs_launch launch = *whole;
	int err = queue_slices(job, buf, FS_IN, items, c, n, FS_DEVICE);

	launch.first = whole->first + items * c / n;
	launch.last = whole->first + items * (c + 1) / n;
	if (err == 0)
		err = fs_device_launch(job, (int)(c % STREAMS), &buf->memory, &launch);
	if (err == 0)
		err = queue_slices(job, buf, FS_OUT, items, c, n, FS_HOST);
	return err;
}

int overlap_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	uint64_t chunks = buf->work == NULL ? 1 : chunks_of(buf->work->regions, launch->last - launch->first, fs_size(job, "chunk"));
	int err = transfer_marshal(job, buf, launch);

	if (err == 0)
		err = transfer_regions(job, buf, FS_IN, FS_SLICED, FS_DEVICE);
	for (uint64_t c = 0; c < chunks && err == 0; c++) {
		if (buf->work != NULL)
			err = queue_chunk(job, buf, launch, c, chunks);
		else
			err = fs_device_launch(job, 0, &buf->memory, launch);
	}
	for (int stream = 0; stream < STREAMS && err == 0; stream++)
		err = fs_device_wait(job, stream);
	return err;
}

int overlap_begin(struct fs_job *job, struct fs_buffer *buf)
{
	return transfer_regions(job, buf, FS_OUT, FS_SLICED, FS_HOST);
}

/* The number of non-empty pieces of a region that is cut into n chunks. */
static uint64_t pieces_of(const struct fs_region *region, uint64_t items, uint64_t n)
{
	uint64_t pieces = 0;

	for (uint64_t c = 0; c < n; c++) {
		size_t end = c + 1 == n ? region->bytes : cut(region, items, c + 1, n);

		pieces += end != cut(region, items, c, n);
	}
	return pieces;
}

/* Slices come back in step 3, behind the chunk that wrote them. */
static void imply_region(struct fs_implied *implied, const struct fs_region *region, uint64_t chunks)
{
	bool is_sliced = region->flags & FS_SLICED, computes = implied->step == FS_DEVICE_COMPUTE;
	uint64_t pieces = is_sliced && computes ? pieces_of(region, implied->items, chunks) : 1;

	if (computes && (region->flags & FS_IN) && transfer_is_due(region, FS_DEVICE))
		transfer_imply_copy(implied, region, FS_DEVICE, pieces);
	if (implied->step == (is_sliced ? FS_DEVICE_COMPUTE : FS_CPU_AFTER) && (region->flags & FS_OUT))
		transfer_imply_copy(implied, region, FS_HOST, pieces);
}

void overlap_imply(struct fs_implied *implied)
{
	uint64_t chunks = chunks_of(implied->regions, implied->items, fs_arg_size(implied->args, "chunk"));

	for (unsigned i = 0; i < FS_REGIONS && implied->regions[i].bytes != 0; i++)
		imply_region(implied, &implied->regions[i], chunks);
	implied->n[FS_COST_LAUNCH] += implied->step == FS_DEVICE_COMPUTE ? chunks : 0;
	transfer_imply_host(implied);
}

void overlap_imply_pinned(struct fs_implied *implied)
{
	if (implied->step == FS_ALLOC)
		memset(implied->exists, 1, implied->pages->n);
	overlap_imply(implied);
}

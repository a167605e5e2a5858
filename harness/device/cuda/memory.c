/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memory.c - kinds of memory, transfers between them, and residence of pages.
 *
 * The driver does not report residence (cuMemRangeGetAttribute returns the requested location). The CPU's page table does: a page mapped there is on
 * the host. HMM leaves an entry for a page in device memory, which reads as swapped; the process has nothing in swap. Managed memory leaves no entry:
 * a page that the CPU does not have mapped after the device used the buffer is on the device. Coherent memory is on nodes, reported by move_pages.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/device/cuda/cuda.h"
#include "harness/machine/pages.h"
#include "harness/machine/topology.h"

#define PAGEMAP_BATCH	512
#define PAGEMAP_PRESENT (1ull << 63)
#define PAGEMAP_SWAPPED (1ull << 62)

int cuda_wait(void *device, int stream)
{
	struct cuda *dev = device;
	int status = dev->cu->StreamSynchronize(dev->stream[stream]);

	dev->busy[stream] = false;
	return status == CUDA_OK ? 0 : cuda_failed(dev, status, "cuStreamSynchronize");
}

/* ---- memory */

static int alloc_own(struct cuda *dev, size_t bytes)
{
	int status = dev->cu->MemAlloc_v2(&dev->buffer, bytes);

	return status == CUDA_OK ? 0 : cuda_failed(dev, status, "cuMemAlloc");
}

/* Device memory exists before step 1, and was written once. */
int cuda_memory_open(struct cuda *dev, size_t bytes)
{
	int status, err = dev->peer.used ? cuda_peer_alloc(dev, bytes) : alloc_own(dev, bytes);

	if (err < 0)
		return err;
	dev->bytes = bytes;
	status = dev->cu->MemsetD8Async(dev->buffer, 0, bytes, dev->stream[0]);
	return status == CUDA_OK ? cuda_wait(dev, 0) : cuda_failed(dev, status, "cuMemsetD8Async");
}

void cuda_memory_close(struct cuda *dev)
{
	if (dev->kind == FS_MEMORY_DEVICE && dev->buffer != 0)
		dev->cu->MemFree_v2(dev->buffer);
	if (dev->pagemap >= 0)
		close(dev->pagemap);
}

static int alloc_managed(struct cuda *dev, size_t bytes)
{
	int status = dev->cu->MemAllocManaged(&dev->buffer, bytes, CUDA_MEM_ATTACH_GLOBAL);

	return status == CUDA_OK ? 0 : cuda_failed(dev, status, "cuMemAllocManaged");
}

static int alloc_host(struct cuda *dev, size_t bytes, int node)
{
	dev->buffer = (uintptr_t)pages_map(bytes, fs_page_bytes(), node);
	return dev->buffer != 0 ? 0 : pages_because(&dev->why, errno, bytes, node);
}

int cuda_alloc(void *device, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct cuda *dev = device;
	int node = kind != FS_MEMORY_COHERENT || side == FS_SIDES ? -1 : side == FS_DEVICE ? dev->node : dev->host_node, err = 0;

	if (kind != dev->kind || (kind == FS_MEMORY_DEVICE ? bytes > dev->bytes : dev->buffer != 0))
		return -EINVAL;
	if (kind == FS_MEMORY_MANAGED)
		err = alloc_managed(dev, bytes);
	else if (kind != FS_MEMORY_DEVICE)
		err = alloc_host(dev, bytes, node);
	if (err < 0) {
		dev->buffer = 0;
		return err;
	}
	*memory = (struct fs_memory){.kind = kind, .bytes = bytes, .device = (void *)(uintptr_t)dev->buffer};
	memory->cpu = kind == FS_MEMORY_DEVICE ? NULL : memory->device;
	return 0;
}

void cuda_free(void *device, struct fs_memory *memory)
{
	struct cuda *dev = device;

	if (memory->kind == FS_MEMORY_DEVICE)
		return;
	for (int i = 0; i < CUDA_STREAMS; i++)
		cuda_wait(dev, i);
	if (memory->kind == FS_MEMORY_MANAGED)
		dev->cu->MemFree_v2(dev->buffer);
	else
		pages_unmap(memory->cpu, memory->bytes, fs_page_bytes());
	dev->buffer = 0;
}

/* ---- copies */

int cuda_pin(void *device, size_t bytes, void **host)
{
	struct cuda *dev = device;
	int status = dev->cu->MemHostAlloc(host, bytes, CUDA_MEMHOSTALLOC_PORTABLE);

	if (status == CUDA_OK)
		return 0;
	*host = NULL;
	return cuda_failed(dev, status, "cuMemHostAlloc");
}

void cuda_unpin(void *device, void *host, size_t bytes)
{
	struct cuda *dev = device;

	(void)bytes;
	dev->cu->MemFreeHost(host);
}

int cuda_copy(void *device, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	struct cuda *dev = device;
	cuda_handle queue = dev->stream[stream];
	struct cuda_event *event;
	int status;

	if (memory->kind != FS_MEMORY_DEVICE || offset + bytes > dev->bytes)
		return -EINVAL;
	event = cuda_events_begin(dev->cu, &dev->events, queue);
	if (to == FS_DEVICE)
		status = dev->cu->MemcpyHtoDAsync_v2(dev->buffer + offset, host, bytes, queue);
	else
		status = dev->cu->MemcpyDtoHAsync_v2(host, dev->buffer + offset, bytes, queue);
	if (status != CUDA_OK)
		return cuda_failed(dev, status, to == FS_DEVICE ? "cuMemcpyHtoDAsync" : "cuMemcpyDtoHAsync");
	cuda_events_end(dev->cu, &dev->events, event, to == FS_DEVICE ? CUDA_COPIED_TO_DEVICE : CUDA_COPIED_TO_HOST, queue);
	dev->busy[stream] = true;
	dev->copied_bytes[to] += bytes;
	return 0;
}

/* ---- migration */

int cuda_advise(void *device, struct fs_memory *memory, enum fs_advice advice)
{
	static const int given[] = {
		[FS_ADVICE_READ_MOSTLY] = CUDA_MEM_ADVISE_SET_READ_MOSTLY,
		[FS_ADVICE_PREFER_DEVICE] = CUDA_MEM_ADVISE_SET_PREFERRED_LOCATION,
		[FS_ADVICE_PREFER_HOST] = CUDA_MEM_ADVISE_SET_PREFERRED_LOCATION,
		[FS_ADVICE_ACCESSED_BY] = CUDA_MEM_ADVISE_SET_ACCESSED_BY,
	};
	struct cuda *dev = device;
	int status;

	if (advice == FS_ADVICE_NONE)
		return 0;
	status = dev->cu->MemAdvise(dev->buffer, memory->bytes, given[advice], advice == FS_ADVICE_PREFER_HOST ? CUDA_DEVICE_CPU : dev->unit.device);
	return status == CUDA_OK ? 0 : cuda_failed(dev, status, "cuMemAdvise");
}

/* Checks that the driver recorded the prefetch location: this proves the request, not the residence. */
static void check_prefetched(struct cuda *dev, size_t offset, size_t bytes, enum fs_side to)
{
	int location = CUDA_DEVICE_INVALID, wanted = to == FS_DEVICE ? dev->unit.device : CUDA_DEVICE_CPU;
	uint64_t pages = (bytes + dev->page_bytes - 1) / dev->page_bytes;
	int status = dev->cu->MemRangeGetAttribute(
		&location, sizeof(location), CUDA_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION, dev->buffer + offset, bytes);

	/* The driver keeps no location for memory that it did not allocate. */
	if (dev->kind == FS_MEMORY_MANAGED && (status != CUDA_OK || location != wanted))
		dev->not_moved_pages += pages;
}

static int prefetch(struct cuda *dev, size_t offset, size_t bytes, enum fs_side to)
{
	struct cuda_event *event = cuda_events_begin(dev->cu, &dev->events, dev->stream[0]);
	int status = dev->cu->MemPrefetchAsync(dev->buffer + offset, bytes, to == FS_DEVICE ? dev->unit.device : CUDA_DEVICE_CPU, dev->stream[0]),
	    err;

	if (status != CUDA_OK)
		return cuda_failed(dev, status, "cuMemPrefetchAsync");
	cuda_events_end(dev->cu, &dev->events, event, CUDA_MOVED, dev->stream[0]);
	err = cuda_wait(dev, 0);
	if (err == 0) {
		dev->moved_pages[to] += (bytes + dev->page_bytes - 1) / dev->page_bytes;
		check_prefetched(dev, offset, bytes, to);
	}
	return err;
}

int cuda_migrate(void *device, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	struct cuda *dev = device;

	dev->ordered = dev->ordered || to == FS_DEVICE;
	if (memory->kind == FS_MEMORY_COHERENT)
		return pages_move((unsigned char *)memory->cpu + offset, bytes, to == FS_DEVICE ? dev->node : dev->host_node, &dev->moved_pages[to],
			&dev->not_moved_pages);
	if (memory->kind != FS_MEMORY_MANAGED && memory->kind != FS_MEMORY_MIRROR)
		return -EINVAL;
	return prefetch(dev, offset, bytes, to);
}

/* ---- residence */

/* Whether the process has pages in swap: then "swapped" in pagemap does not mean device memory. */
static bool is_in_swap(void)
{
	char line[128];
	unsigned long kb = 0;
	FILE *from = fopen("/proc/self/status", "r");

	while (from != NULL && fgets(line, sizeof(line), from) != NULL && sscanf(line, "VmSwap: %lu", &kb) != 1)
		;
	if (from != NULL)
		fclose(from);
	return kb != 0;
}

static enum fs_side side_of(const struct cuda *dev, uint64_t entry)
{
	if ((entry & PAGEMAP_PRESENT) != 0)
		return FS_HOST;
	if (dev->kind == FS_MEMORY_MANAGED)
		return dev->ordered ? FS_DEVICE : FS_SIDES;
	return (entry & PAGEMAP_SWAPPED) != 0 ? FS_DEVICE : FS_SIDES;
}

static int ask_pagemap(struct cuda *dev, uintptr_t address, size_t pages, uint8_t *side)
{
	uint64_t entry[PAGEMAP_BATCH];

	for (size_t done = 0; done < pages; done += PAGEMAP_BATCH) {
		size_t n = pages - done < PAGEMAP_BATCH ? pages - done : PAGEMAP_BATCH;
		off_t at = (off_t)((address / dev->page_bytes + done) * sizeof(*entry));

		if (pread(dev->pagemap, entry, n * sizeof(*entry), at) != (ssize_t)(n * sizeof(*entry)))
			return fs_because(
				&dev->why, -EIO, "a kernel with CONFIG_PROC_PAGE_MONITOR", "cannot read /proc/self/pagemap: %s", strerror(errno));
		for (size_t i = 0; i < n; i++)
			side[done + i] = (uint8_t)side_of(dev, entry[i]);
	}
	return 0;
}

int cuda_residence(void *device, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	struct cuda *dev = device;

	/* Managed memory is on nodes, too, if the GPU's memory is a node. */
	if (memory->kind == FS_MEMORY_COHERENT || (memory->kind == FS_MEMORY_MANAGED && dev->node >= 0))
		return pages_sides((unsigned char *)memory->cpu + offset, bytes, dev->host_node, dev->node, side);
	if (dev->pagemap < 0)
		dev->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (dev->kind == FS_MEMORY_MIRROR && is_in_swap())
		return fs_because(&dev->why, -EAGAIN, "a smaller size, or less else on the machine",
			"memory of the round was swapped out: places cannot be told");
	return ask_pagemap(dev, (uintptr_t)memory->cpu + offset, bytes / dev->page_bytes, side);
}

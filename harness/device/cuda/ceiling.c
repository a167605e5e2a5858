/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ceiling.c - upper bound: plain cuMemcpyAsync over the whole buffer, from and to fixed host memory, and within the GPU's memory, without setups,
 * events or evidence.
 */
#include "config.h"

#include <errno.h>

#include "harness/device/cuda/cuda.h"

#define PASSES 10 /* the first one includes first-use costs */

static int copy_async(struct cuda *dev, void *host, enum fs_side to, size_t bytes)
{
	switch (to) {
	case FS_DEVICE:
		return dev->cu->MemcpyHtoDAsync_v2(dev->buffer, host, bytes, dev->stream[0]);
	case FS_HOST:
		return dev->cu->MemcpyDtoHAsync_v2(host, dev->buffer, bytes, dev->stream[0]);
	default:
		return dev->cu->MemcpyDtoDAsync_v2(dev->buffer + bytes / 2, dev->buffer, bytes / 2, dev->stream[0]);
	}
}

int cuda_ceiling(void *device, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns)
{
	struct cuda *dev = device;
	void *host = NULL;
	int err = 0;

	if (memory->kind != FS_MEMORY_DEVICE || bytes > dev->bytes)
		return -EINVAL;
	if (to != FS_SIDES)
		err = cuda_pin(dev, bytes, &host);
	*best_ns = UINT64_MAX;
	for (int pass = 0; pass < PASSES && err == 0; pass++) {
		uint64_t start = fs_now(), took_ns;
		int status = copy_async(dev, host, to, bytes);

		err = status == CUDA_OK ? cuda_wait(dev, 0) : cuda_failed(dev, status, "cuMemcpyAsync");
		took_ns = fs_now() - start;
		*best_ns = took_ns < *best_ns ? took_ns : *best_ns;
	}
	if (host != NULL)
		cuda_unpin(dev, host, bytes);
	return err;
}

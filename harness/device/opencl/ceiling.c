/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ceiling.c - upper bound: one plain copy of the whole buffer by the driver, from and to driver-allocated memory that stays mapped, and within
 * the device's memory, without setups, events or evidence.
 */
#include "config.h"

#include <errno.h>

#include "harness/device/opencl/opencl.h"

#define PASSES 10 /* the first one includes first-use costs */

static int order(struct opencl *dev, void *host, enum fs_side to, size_t bytes)
{
	switch (to) {
	case FS_DEVICE:
		return dev->cl->EnqueueWriteBuffer(dev->queue[0], dev->buffer, OPENCL_FALSE, 0, bytes, host, 0, NULL, NULL);
	case FS_HOST:
		return dev->cl->EnqueueReadBuffer(dev->queue[0], dev->buffer, OPENCL_FALSE, 0, bytes, host, 0, NULL, NULL);
	default:
		return dev->cl->EnqueueCopyBuffer(dev->queue[0], dev->buffer, dev->buffer, 0, bytes / 2, bytes / 2, 0, NULL, NULL);
	}
}

int opencl_ceiling(void *device, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns)
{
	struct opencl *dev = device;
	void *host = NULL;
	int err = 0;

	if (memory->kind != FS_MEMORY_DEVICE || bytes > dev->bytes)
		return -EINVAL;
	if (to != FS_SIDES)
		err = opencl_pin(dev, bytes, &host);
	*best_ns = UINT64_MAX;
	for (int pass = 0; pass < PASSES && err == 0; pass++) {
		uint64_t start = fs_now(), took_ns;
		int status = order(dev, host, to, bytes);

		err = status == OPENCL_SUCCESS ? opencl_wait(dev, 0)
					       : opencl_failed(dev, status, to == FS_SIDES ? "clEnqueueCopyBuffer" : "plain copy");
		took_ns = fs_now() - start;
		*best_ns = took_ns < *best_ns ? took_ns : *best_ns;
	}
	if (host != NULL)
		opencl_unpin(dev, host, bytes);
	return err;
}

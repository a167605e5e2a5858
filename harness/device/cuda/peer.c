/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * peer.c - the device's memory on another GPU, a peer: the bodies access it over the link between the two (NVLink or PCIe). Copies from and to the
 * host use the peer's memory.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/device/cuda/cuda.h"
#include "harness/machine/unit.h"

static bool reaches(const struct cuda_api *cu, int from, int to)
{
	int can = 0;

	return cu->DeviceCanAccessPeer(&can, from, to) == CUDA_OK && can != 0;
}

void cuda_peer_facts(const struct cuda_api *cu, struct cuda_units *units)
{
	for (unsigned i = 0; i < units->n; i++) {
		char peers[3 * CUDA_UNITS + 1] = "";
		size_t len = 0;

		for (unsigned j = 0; j < units->n; j++) {
			if (j != i && reaches(cu, units->unit[i].device, units->unit[j].device))
				len += (size_t)snprintf(peers + len, sizeof(peers) - len, "%s%u", len != 0 ? " " : "", j);
		}
		if (len != 0)
			unit_fact(&units->unit[i].facts, FS_FACT_IDENTITY, "peers", "", "%s", peers);
	}
}

int cuda_peer_choose(struct cuda *dev, const char *peer, const struct cuda_units *units)
{
	unsigned index = (unsigned)atoi(peer);

	if (strcmp(peer, "none") == 0)
		return 0;
	if (index >= units->n)
		return fs_because(&dev->why, -ENOTSUP, "a machine with two GPUs; or -p peer=none", "there is no CUDA unit %u to be the peer", index);
	if (units->unit[index].device == dev->unit.device)
		return fs_because(&dev->why, -ENOTSUP, "another unit; or -p peer=none", "CUDA unit %u is no peer of itself", index);
	if (!reaches(dev->cu, dev->unit.device, units->unit[index].device))
		return fs_because(&dev->why, -ENOTSUP,
			"nvidia-smi topo -p2p r says which GPUs can: NVLink between them, or one PCIe switch without ACS",
			"%s: it cannot access the memory of unit %u", dev->unit.name, index);
	dev->peer.used = true;
	dev->peer.device = units->unit[index].device;
	return 0;
}

/* Creates the peer's context, allocates the memory in it, and gives the GPU's own context access to it. */
int cuda_peer_alloc(struct cuda *dev, size_t bytes)
{
	const struct cuda_api *cu = dev->cu;
	int status = cu->CtxCreate_v2(&dev->peer.context, CUDA_CTX_SCHED_SPIN, dev->peer.device);

	if (status != CUDA_OK) {
		dev->peer.context = NULL;
		return cuda_failed(dev, status, "cuCtxCreate");
	}
	status = cu->MemAlloc_v2(&dev->buffer, bytes);
	if (status != CUDA_OK)
		return cuda_failed(dev, status, "cuMemAlloc");
	status = cu->CtxSetCurrent(dev->context);
	if (status != CUDA_OK)
		return cuda_failed(dev, status, "cuCtxSetCurrent");
	status = cu->CtxEnablePeerAccess(dev->peer.context, 0);
	return status == CUDA_OK ? 0 : cuda_failed(dev, status, "cuCtxEnablePeerAccess");
}

/* Evidence that the memory is on the peer, so that accesses cross the link. */
void cuda_peer_evidence(struct cuda *dev)
{
	int device = CUDA_DEVICE_INVALID;

	if (!dev->peer.used)
		return;
	if (dev->cu->PointerGetAttribute(&device, CUDA_POINTER_ATTRIBUTE_DEVICE_ORDINAL, dev->buffer) != CUDA_OK)
		device = CUDA_DEVICE_INVALID;
	fs_expect(dev->job, "the memory is of the peer, GPU", device, FS_EQ, dev->peer.device);
}

void cuda_peer_close(struct cuda *dev)
{
	if (dev->peer.context != NULL)
		dev->cu->CtxDestroy_v2(dev->peer.context);
}

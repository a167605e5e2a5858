/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cdm-balance - hardware coherence, no policy: pages start on the node where the CPU touches them, and the kernel's
 * automatic NUMA balancing decides what moves. What it moved is recorded, not required.
 */
#include "config.h"

#include "harness/setup/common.h"

#include <errno.h>

#include "harness/machine/topology.h"

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	if (machine->numa_balancing < 0)
		return fs_because(why, -ENOTSUP, "a kernel with CONFIG_NUMA_BALANCING", "this kernel has no automatic NUMA balancing");
	if (machine->numa_balancing == 0)
		return fs_because(why, -ENOTSUP, "sysctl kernel.numa_balancing=1", "automatic NUMA balancing is off");
	return 0;
}

static int alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return coherent_alloc(job, bytes, buf, FS_SIDES);
}

/* Nothing is promised about the residence of pages: only that the device can report it. */
static int evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	uint64_t on_device, of;

	(void)after;
	return shared_count_pages(job, buf, FS_DEVICE, &on_device, &of);
}

const struct fs_setup setup_cdm_balance = {
	.name = "cdm-balance",
	.summary = "coherent memory that automatic NUMA balancing places",
	.needs = FS_CAP_COHERENT | FS_CAP_NODE | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_REMOTE | FS_RESIDENCE | FS_SHARED | FS_BALANCED,
	.memory = FS_MEMORY_COHERENT,
	.copies = 1,
	.probe = probe,
	.alloc = alloc,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = coherent_release,
	.move = shared_move,
	.evidence = evidence,
};

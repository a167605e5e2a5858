// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * coherent.c - device-coherent memory: a range of physical memory that the kernel does not use itself, which the administrator gives when the module
 * is loaded (in the guest: memmap= on the kernel's command line). Its pages are the device's, and the CPU reaches them like any memory.
 */
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/module.h>
#include <linux/numa.h>

#include "internal.h"

static unsigned long long coherent_start;
module_param(coherent_start, ullong, 0444);
MODULE_PARM_DESC(coherent_start, "physical address of device-coherent memory, where the kernel has no memory of its own (0: none)");

static unsigned long coherent_mib;
module_param(coherent_mib, ulong, 0444);
MODULE_PARM_DESC(coherent_mib, "MiB of device-coherent memory from there on");

/* The node that firmware says it is in, where that is one with memory; else the loading CPU's. */
static int node_of_range(void)
{
	int node = phys_to_target_node(coherent_start);

	return node >= 0 && node < MAX_NUMNODES && node_online(node) ? node : numa_mem_id();
}

static int check_range(u64 bytes)
{
	if (!coherent_start || !bytes || !IS_ALIGNED(coherent_start, SUBSECTION_SIZE) || !IS_ALIGNED(bytes, SUBSECTION_SIZE) ||
		coherent_mib > MOST_BOUND_BYTES >> 20 || coherent_start + bytes < coherent_start) {
		pr_err("softdev: coherent_start and coherent_mib must both be given, whole multiples of %lu MiB\n", SUBSECTION_SIZE >> 20);
		return -ERANGE;
	}
	if (region_intersects(coherent_start, bytes, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) != REGION_DISJOINT) {
		pr_err("softdev: the kernel uses memory at coherent_start itself: set it aside with memmap=%luM$0x%llx\n", coherent_mib,
			coherent_start);
		return -EBUSY;
	}
	return 0;
}

int softdev_coherent_init(void)
{
	u64 bytes = (u64)coherent_mib << 20;
	struct softdev_chunk *chunk;
	int err;

	if (!coherent_start && !coherent_mib)
		return 0;
	err = check_range(bytes);
	if (err)
		return err;
	chunk = softdev_chunk_new(SOFTDEV_COHERENT, bytes >> PAGE_SHIFT);
	if (!chunk)
		return -ENOMEM;
	chunk->resource = request_mem_region(coherent_start, bytes, "softdev");
	if (!chunk->resource)
		chunk->resource = ERR_PTR(-EBUSY);
	err = softdev_chunk_add(chunk, node_of_range());
	if (err)
		pr_err("softdev: no device-coherent memory at 0x%llx: error %d; another driver has it, or the machine cannot address it\n",
			coherent_start, err);
	return err == -EINVAL ? -EBUSY : err;
}

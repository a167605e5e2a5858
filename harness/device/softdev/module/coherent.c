// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * coherent.c - device-coherent memory: a range of physical memory that the kernel does not use as RAM, given by the administrator when the module is
 * loaded (in the guest it is reserved with memmap= on the kernel's command line). Its pages belong to the device, and the CPU can access them like
 * any other memory.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/module.h>
#include <linux/numa.h>

#include "internal.h"

static unsigned long long coherent_start;
module_param(coherent_start, ullong, 0444);
MODULE_PARM_DESC(coherent_start, "physical start address of device-coherent memory, a range that the kernel does not use as RAM (0: none)");

static unsigned long coherent_mib;
module_param(coherent_mib, ulong, 0444);
MODULE_PARM_DESC(coherent_mib, "size of device-coherent memory in MiB");

/* The node that firmware assigns to the range, if that node is online; otherwise the node of the CPU that loads the module. */
static int node_of_range(void)
{
	int node = phys_to_target_node(coherent_start);

	return node >= 0 && node < MAX_NUMNODES && node_online(node) ? node : numa_mem_id();
}

/* memremap_pages() would warn of that, with a trace. Not every driver requests the region, so that is not enough. */
static bool is_device_memory(u64 bytes)
{
	struct dev_pagemap *pagemap = NULL;
	u64 at;

	for (at = 0; at < bytes && !pagemap; at += SUBSECTION_SIZE)
		pagemap = compat_get_dev_pagemap(PHYS_PFN(coherent_start + at));
	if (pagemap)
		put_dev_pagemap(pagemap);
	return pagemap != NULL;
}

static int check_range(u64 bytes)
{
	if (!coherent_start || !bytes || !IS_ALIGNED(coherent_start, SUBSECTION_SIZE) || !IS_ALIGNED(bytes, SUBSECTION_SIZE) ||
		coherent_mib > MOST_BOUND_BYTES >> 20 || coherent_start + bytes < coherent_start) {
		pr_err("coherent_start and coherent_mib must both be given, as multiples of %lu MiB\n", SUBSECTION_SIZE >> 20);
		return -ERANGE;
	}
	if (region_intersects(coherent_start, bytes, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) != REGION_DISJOINT) {
		pr_err("the kernel uses the memory at coherent_start as RAM: boot with memmap=%luM$0x%llx to reserve it\n", coherent_mib,
			coherent_start);
		return -EBUSY;
	}
	if (is_device_memory(bytes)) {
		pr_err("the memory at coherent_start belongs to another driver: choose another range\n");
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
		pr_err("cannot use 0x%llx as device-coherent memory: error %d; another driver owns the range, or the machine cannot address it\n",
			coherent_start, err);
	return err == -EINVAL ? -EBUSY : err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * offered_pages.c - the page sizes that the kernel offers.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <stdio.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* Ascending, each once; the last entry stays 0. */
static void add_page_size(struct fs_machine *machine, size_t bytes)
{
	unsigned n = 0;

	while (machine->page_sizes[n] != 0 && machine->page_sizes[n] != bytes)
		n++;
	if (bytes <= machine->page_bytes || machine->page_sizes[n] == bytes)
		return;
	if (n == MACHINE_PAGE_SIZES - 1) {
		topology_beyond(machine, "page_sizes", MACHINE_PAGE_SIZES - 1, "sizes of huge pages");
		return;
	}
	machine->page_sizes[n] = bytes;
	qsort(machine->page_sizes, n + 1, sizeof(machine->page_sizes[0]), ascending);
}

static void add_huge_pages(void *context, const char *name)
{
	size_t kib;

	if (sscanf(name, "hugepages-%zukB", &kib) == 1)
		add_page_size(context, kib << 10);
}

void topology_read_page_sizes(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t node = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, 0);
	long long bytes;

	machine->page_bytes = fs_page_bytes();
	if (machine->foreign && node != NULL && node->attr->numanode.page_types_len != 0)
		machine->page_bytes = node->attr->numanode.page_types[0].size;
	topology_identity_entries(machine, "page_sizes", "/sys/kernel/mm/hugepages", add_huge_pages, machine);
	for (unsigned i = 0; node != NULL && i < node->attr->numanode.page_types_len; i++)
		add_page_size(machine, node->attr->numanode.page_types[i].size);
	if (machine->page_sizes[0] == 0 && machine_read_long(machine, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", &bytes) == 0)
		add_page_size(machine, (size_t)bytes);
}

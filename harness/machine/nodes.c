/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nodes.c - the memory nodes: their CPUs, sizes, figures, tiers and distances.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_FIELDS "memory_bytes,nodes"

static void read_access(const struct fs_machine *machine, struct fs_node *node)
{
	static const struct {
		const char *file;
		size_t field;
	} figures[] = {
		{"read_latency", offsetof(struct fs_access, read_latency_ns)},
		{"write_latency", offsetof(struct fs_access, write_latency_ns)},
		{"read_bandwidth", offsetof(struct fs_access, read_bandwidth_mbs)},
		{"write_bandwidth", offsetof(struct fs_access, write_bandwidth_mbs)},
	};
	char path[128];
	long long value;

	for (size_t i = 0; i < FS_ARRAY_SIZE(figures); i++) {
		snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/access0/initiators/%s", node->id, figures[i].file);
		if (machine_read_long(machine, path, &value) == 0 && value > 0)
			*(unsigned *)((char *)&node->access + figures[i].field) = (unsigned)value;
	}
}

static void add_tier(void *context, const char *name)
{
	struct fs_machine *machine = context;
	char path[384], *list;
	int tier;

	if (sscanf(name, "memory_tier%d", &tier) != 1)
		return;
	snprintf(path, sizeof(path), "/sys/devices/virtual/memory_tiering/%s/nodelist", name);
	list = topology_text(machine, path, NULL);
	for (unsigned i = 0; list != NULL && i < machine->nnodes; i++) {
		if (topology_list_holds(list, machine->nodes[i].id))
			machine->nodes[i].tier = tier;
	}
	free(list);
}

static void count_block(void *context, const char *name)
{
	unsigned number;

	if (sscanf(name, "memory%u", &number) == 1)
		++*(unsigned *)context;
}

/*
 * The hot-plug memory blocks of a node add up to what is installed. MemTotal of a node is smaller by what the kernel reserves, and with deferred
 * initialisation of pages it grows while the machine runs. 0 if there are no blocks.
 */
static uint64_t installed_bytes(struct fs_machine *machine, const char *folder)
{
	char line[32];
	unsigned blocks = 0;

	if (topology_identity_line(machine, MEMORY_FIELDS, "/sys/devices/system/memory/block_size_bytes", line, sizeof(line)) != 0)
		return 0;
	topology_identity_entries(machine, MEMORY_FIELDS, folder, count_block, &blocks);
	return strtoull(line, NULL, 16) * blocks;
}

/*
 * Whether CPUs of obj are its own. Memory without CPUs is attached to the CPUs near it, just like their local memory: of nodes with
 * the same CPUs the first owns them, and a node that shares only part of another's CPUs does not.
 */
static bool has_cpus(hwloc_topology_t topology, hwloc_obj_t obj)
{
	for (hwloc_obj_t other = NULL; (other = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, other)) != NULL;) {
		bool same = hwloc_bitmap_isequal(other->cpuset, obj->cpuset);

		if (other == obj || hwloc_bitmap_iszero(other->cpuset) || !hwloc_bitmap_isincluded(other->cpuset, obj->cpuset))
			continue;
		if (!same || other->os_index < obj->os_index)
			return false;
	}
	return !hwloc_bitmap_iszero(obj->cpuset);
}

static unsigned node_cpus(struct fs_machine *machine, hwloc_topology_t topology, hwloc_obj_t obj, const char *folder)
{
	unsigned cpus = has_cpus(topology, obj) ? (unsigned)hwloc_bitmap_weight(obj->cpuset) : 0;
	char path[96], *list;

	snprintf(path, sizeof(path), "%s/cpulist", folder);
	list = topology_identity_text(machine, "nodes", path);
	if (list != NULL)
		cpus = topology_list_count(list);
	free(list);
	return cpus;
}

/* Whether the size is the sum of its memory blocks. */
static bool read_node(struct fs_machine *machine, hwloc_topology_t topology, hwloc_obj_t obj)
{
	struct fs_node *node = &machine->nodes[machine->nnodes++];
	char folder[64], path[96], text[4096];
	uint64_t installed;
	bool by_blocks;

	*node = (struct fs_node){.id = (int)obj->os_index, .bytes = obj->attr->numanode.local_memory, .tier = -1};
	snprintf(folder, sizeof(folder), "/sys/devices/system/node/node%d", node->id);
	node->cpus = node_cpus(machine, topology, obj, folder);
	installed = installed_bytes(machine, folder);
	by_blocks = node->bytes != 0 && installed > node->bytes;
	if (by_blocks)
		node->bytes = installed;
	topology_copy_text(node->subtype, sizeof(node->subtype), obj->subtype);
	snprintf(path, sizeof(path), "%s/meminfo", folder);
	if (topology_read_text(machine, path, text, sizeof(text)) >= 0)
		node->free_bytes = topology_kib_of(text, "MemFree:");
	read_access(machine, node);
	return by_blocks || node->bytes == 0;
}

/* The kernel's table has one row for each node, with one column for each online node, in ascending order. */
static void read_distance_row(struct fs_machine *machine, unsigned row, const char *online)
{
	char path[96], *text, *at, *end;
	bool more = true;
	long first, last;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/distance", machine->nodes[row].id);
	text = at = topology_identity_text(machine, "nodes", path);
	while (text != NULL && more && topology_list_next(&online, &first, &last)) {
		for (long id = first; id <= last && more; id++, at = end) {
			unsigned value = (unsigned)strtoul(at, &end, 10);
			int index = machine_node_index(machine, (int)id);

			more = end != at;
			if (more && index >= 0)
				machine->distance[row][index] = value < UINT16_MAX ? (uint16_t)value : UINT16_MAX;
		}
	}
	free(text);
}

static void read_distances(struct fs_machine *machine, hwloc_topology_t topology)
{
	struct hwloc_distances_s *matrix = NULL;
	unsigned one = 1;
	char *online = topology_identity_text(machine, "nodes", "/sys/devices/system/node/online");

	for (unsigned i = 0; online != NULL && i < machine->nnodes; i++)
		read_distance_row(machine, i, online);
	free(online);
	if (machine->nnodes == 0 || machine->distance[0][0] != 0 ||
		hwloc_distances_get_by_type(topology, HWLOC_OBJ_NUMANODE, &one, &matrix, HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) != 0 || one == 0)
		return;
	for (unsigned i = 0; i < matrix->nbobjs; i++) {
		for (unsigned j = 0; j < matrix->nbobjs; j++) {
			int from = machine_node_index(machine, (int)matrix->objs[i]->os_index),
			    to = machine_node_index(machine, (int)matrix->objs[j]->os_index);
			hwloc_uint64_t value = matrix->values[i * matrix->nbobjs + j];

			if (from >= 0 && to >= 0)
				machine->distance[from][to] = (uint16_t)(value < UINT16_MAX ? value : UINT16_MAX);
		}
	}
	hwloc_distances_release(topology, matrix);
}

static int by_id(const void *a, const void *b)
{
	return ((const struct fs_node *)a)->id - ((const struct fs_node *)b)->id;
}

void topology_read_nodes(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t obj = NULL;
	bool by_blocks = true;
	uint64_t bytes = 0;

	while ((obj = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, obj)) != NULL) {
		if (machine->nnodes == MACHINE_NODES) {
			topology_beyond(machine, "nodes", MACHINE_NODES, "memory nodes");
			break;
		}
		by_blocks = read_node(machine, topology, obj) && by_blocks;
		bytes += machine->nodes[machine->nnodes - 1].bytes;
	}
	/* MemTotal differs at each boot, by what the kernel reserves. */
	machine->memory_bytes = by_blocks ? bytes : 0;
	qsort(machine->nodes, machine->nnodes, sizeof(machine->nodes[0]), by_id);
	read_distances(machine, topology);
	topology_each_entry(machine, "/sys/devices/virtual/memory_tiering", add_tier, machine);
}

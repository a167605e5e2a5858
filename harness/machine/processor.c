/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * processor.c - the processor, its caches, and the CPUs that this process may use.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <string.h>

const char *topology_info_of(hwloc_topology_t topology, const char *name)
{
	hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
	const char *text = package != NULL ? hwloc_obj_get_info_by_name(package, name) : NULL;

	return text != NULL ? text : hwloc_obj_get_info_by_name(hwloc_get_root_obj(topology), name);
}

static unsigned objects(hwloc_topology_t topology, hwloc_obj_type_t type)
{
	int n = hwloc_get_nbobjs_by_type(topology, type);

	return n > 0 ? (unsigned)n : 0;
}

/* The size of the last-level cache that one core sees. */
static uint64_t cache_bytes(hwloc_topology_t topology)
{
	hwloc_obj_t cache = NULL;

	for (hwloc_obj_t obj = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, 0); obj != NULL; obj = obj->parent) {
		if (hwloc_obj_type_is_dcache(obj->type))
			cache = obj;
	}
	return cache != NULL ? cache->attr->cache.size : 0;
}

static void read_architecture(struct fs_machine *machine, hwloc_topology_t topology)
{
	static const char mark[] = "Architecture: ";
	const char *text = topology_info_of(topology, "Architecture");
	char gathered[1024], *at;

	/* Below a root, hwloc would report this machine's architecture; the recorded one is in the gathered files, not where the kernel has it. */
	if (machine->root[0] != '\0' && topology_given("HWLOC_XMLFILE") == NULL) {
		at = topology_read_text(machine, "/proc/hwloc-nofile-info", gathered, sizeof(gathered)) > 0 ? strstr(gathered, mark) : NULL;
		text = at != NULL ? strtok(at + strlen(mark), "\n") : NULL;
	}
	topology_copy_text(machine->architecture, sizeof(machine->architecture), text);
}

/* Affinity may include CPUs that do not exist, and a mask of the C library ends at 1024. */
static unsigned cpus_allowed(hwloc_topology_t topology)
{
	hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
	int n = 0;

	if (allowed != NULL && hwloc_get_cpubind(topology, allowed, HWLOC_CPUBIND_PROCESS) == 0) {
		hwloc_bitmap_and(allowed, allowed, hwloc_topology_get_topology_cpuset(topology));
		n = hwloc_bitmap_weight(allowed);
	}
	hwloc_bitmap_free(allowed);
	return n > 0 ? (unsigned)n : 0;
}

void topology_read_processor(struct fs_machine *machine, hwloc_topology_t topology)
{
	const char *model = topology_info_of(topology, "CPUModel");
	unsigned allowed = machine->foreign ? 0 : cpus_allowed(topology);

	topology_copy_text(machine->cpu_model, sizeof(machine->cpu_model), model != NULL ? model : topology_info_of(topology, "PlatformModel"));
	read_architecture(machine, topology);
	machine->packages = objects(topology, HWLOC_OBJ_PACKAGE);
	machine->cores = objects(topology, HWLOC_OBJ_CORE);
	machine->cpus_online = objects(topology, HWLOC_OBJ_PU);
	machine->cpus = allowed != 0 ? allowed : machine->cpus_online;
	machine->cache_bytes = cache_bytes(topology);
}

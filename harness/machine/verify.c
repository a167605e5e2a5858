/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * verify.c - hwloc silently omits what it cannot read, and a machine without a cache would look like a different machine. So the files from which
 * hwloc builds its topology are read here again.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define CPUS  "/sys/devices/system/cpu"
#define NODES "/sys/devices/system/node"
#define PCI   "/sys/bus/pci/devices"

struct folder {
	struct fs_machine *machine;
	const char *path;
};

static void look(struct fs_machine *machine, const char *fields, const char *folder, const char *file)
{
	char path[PATH_MAX], text[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	topology_identity_line(machine, fields, path, text, sizeof(text));
}

static void look_all(struct fs_machine *machine, const char *fields, const char *folder, const char *const *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		look(machine, fields, folder, files[i]);
}

static void look_cache(void *context, const char *name)
{
	static const char *const files[] = {"level", "type", "size", "shared_cpu_map", "coherency_line_size"};
	const struct folder *cpu = context;
	char path[PATH_MAX / 2];

	snprintf(path, sizeof(path), "%s/cache/%s", cpu->path, name);
	if (strncmp(name, "index", strlen("index")) == 0)
		look_all(cpu->machine, "cache_bytes,caches", path, files, FS_ARRAY_SIZE(files));
}

static bool is_numbered(const char *name, const char *what)
{
	size_t len = strlen(what);

	return strncmp(name, what, len) == 0 && name[len] >= '0' && name[len] <= '9';
}

static void look_cpu(void *context, const char *name)
{
	static const char *const files[] = {"physical_package_id", "core_id", "core_cpus", "thread_siblings", "package_cpus", "core_siblings"};
	struct fs_machine *machine = context;
	char path[sizeof(CPUS "/") + NAME_MAX], caches[sizeof(path) + sizeof("/topology")];

	if (!is_numbered(name, "cpu"))
		return;
	snprintf(path, sizeof(path), CPUS "/%s", name);
	look(machine, "cores,cpus,cpus_online,packages", path, "online");
	snprintf(caches, sizeof(caches), "%s/topology", path);
	look_all(machine, "cores,packages", caches, files, FS_ARRAY_SIZE(files));
	snprintf(caches, sizeof(caches), "%s/cache", path);
	topology_identity_entries(machine, "cache_bytes,caches", caches, look_cache, &(struct folder){machine, path});
}

static void look_node(void *context, const char *name)
{
	static const char *const files[] = {"cpumap", "meminfo", "distance"};
	char path[sizeof(NODES "/") + NAME_MAX];

	if (!is_numbered(name, "node"))
		return;
	snprintf(path, sizeof(path), NODES "/%s", name);
	look_all(context, "memory_bytes,nodes", path, files, FS_ARRAY_SIZE(files));
}

static void look_pci(void *context, const char *name)
{
	static const char *const files[] = {"class", "vendor", "device"};
	char path[sizeof(PCI "/") + NAME_MAX];

	snprintf(path, sizeof(path), PCI "/%s", name);
	look_all(context, "hardware", path, files, FS_ARRAY_SIZE(files));
}

void topology_verify(struct fs_machine *machine)
{
	if (topology_given("HWLOC_XMLFILE") != NULL)
		return;
	look(machine, "cores,cpus,cpus_online,packages", CPUS, "online");
	look(machine, "cores,cpus,cpus_online,packages", CPUS, "possible");
	topology_identity_entries(machine, "cores,cpus,cpus_online,packages", CPUS, look_cpu, machine);
	topology_identity_entries(machine, "memory_bytes,nodes", NODES, look_node, machine);
	topology_identity_entries(machine, "hardware", PCI, look_pci, machine);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memory.c - how much memory there is, and how much of it this process may use.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_PATH PATH_MAX /* the kernel's own limit */

/* For the two versions of the memory controller. */
struct cgroup_files {
	const char *mount, *limits[2], *usage, *cache;
};
static const struct cgroup_files cgroup_v1 = {
	"/sys/fs/cgroup/memory", {"memory.limit_in_bytes", NULL}, "memory.usage_in_bytes", "total_inactive_file "};
static const struct cgroup_files cgroup_v2 = {"/sys/fs/cgroup", {"memory.max", "memory.high"}, "memory.current", "\ninactive_file "};

static long long cgroup_number(const struct fs_machine *machine, const char *folder, const char *file)
{
	char path[GROUP_PATH + 64];
	long long value;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return machine_read_long(machine, path, &value) == 0 ? value : 0;
}

/* Page cache that the kernel drops before an allocation fails. */
static long long cgroup_cache(const struct fs_machine *machine, const char *folder, const char *name)
{
	char path[GROUP_PATH + 64], *text;
	long long bytes = 0;
	const char *at;

	snprintf(path, sizeof(path), "%s/memory.stat", folder);
	text = topology_text(machine, path, NULL);
	at = text != NULL ? strstr(text, name) : NULL;
	if (at != NULL)
		bytes = strtoll(at + strlen(name), NULL, 10);
	free(text);
	return bytes;
}

/* What remains in a memory cgroup: its limit minus its usage; UINT64_MAX if it has no limit. */
static uint64_t cgroup_room(const struct fs_machine *machine, const char *folder, const struct cgroup_files *files)
{
	long long limit = 0, used;

	for (size_t i = 0; i < FS_ARRAY_SIZE(files->limits) && files->limits[i] != NULL; i++) {
		long long value = cgroup_number(machine, folder, files->limits[i]);

		/* "max" is not a number; version 1 writes "no limit" as almost 2^63, which limits nothing. */
		if (value > 0 && (limit == 0 || value < limit))
			limit = value;
	}
	if (limit == 0)
		return UINT64_MAX;
	used = cgroup_number(machine, folder, files->usage) - cgroup_cache(machine, folder, files->cache);
	/* 0 would mean unknown. */
	return used < limit ? (uint64_t)(limit - (used > 0 ? used : 0)) : 1;
}

/* Every group from this process's own up to the root may have a limit. */
static void limit_by_cgroup(struct fs_machine *machine, const char *group, const struct cgroup_files *files)
{
	char folder[GROUP_PATH];

	/* The kernel has no path that long. */
	if (snprintf(folder, sizeof(folder), "%s%s", files->mount, group) >= (int)sizeof(folder))
		return;
	for (;;) {
		uint64_t room = cgroup_room(machine, folder, files);
		char *slash = strrchr(folder, '/');

		if (room < machine->available_bytes) {
			machine->available_bytes = room;
			machine->cgroup_limited = true;
		}
		if (slash == NULL || (size_t)(slash - folder) < strlen(files->mount))
			break;
		*slash = '\0';
	}
}

static void read_cgroups(struct fs_machine *machine)
{
	char *text = topology_text(machine, "/proc/self/cgroup", NULL), *save;

	for (char *line = text != NULL ? strtok_r(text, "\n", &save) : NULL; line != NULL; line = strtok_r(NULL, "\n", &save)) {
		char *controllers = strchr(line, ':'), *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;

		if (group == NULL)
			continue;
		*group++ = '\0';
		controllers++;
		if (*controllers == '\0')
			limit_by_cgroup(machine, group, &cgroup_v2);
		else if (strstr(controllers, "memory") != NULL)
			limit_by_cgroup(machine, group, &cgroup_v1);
	}
	free(text);
}

void topology_read_memory(struct fs_machine *machine, hwloc_topology_t topology)
{
	char *text = topology_identity_text(machine, "memory_bytes", "/proc/meminfo");

	if (machine->memory_bytes == 0)
		machine->memory_bytes = text != NULL ? topology_kib_of(text, "MemTotal:") : hwloc_get_root_obj(topology)->total_memory;
	if (text != NULL) {
		machine->available_bytes = topology_kib_of(text, "MemAvailable:");
		read_cgroups(machine);
	}
	free(text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cpus.c - which kinds of CPUs and caches there are.
 *
 * A name alone does not identify a processor: arm64 has none, and one name is sold with several steppings. The kernel writes the
 * manufacturer's numbers (family and model, MIDR, PVR) to /proc/cpuinfo for each CPU, since there may be several kinds. Values that it
 * measures at each boot (MHz, BogoMIPS) are in the same file and are not part of a kind.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The keys of all architectures: a file has only those of its own. */
static const char *const keys[] = {
	"vendor_id", "cpu family", "model", "model name", "stepping",			  /* x86, s390 */
	"CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", /* arm: the parts of MIDR */
	"cpu", "revision", "machine", "platform",					  /* powerpc: with PVR */
	"vendor", "arch", "family", "archrev",						  /* ia64 */
	"isa", "uarch", "mvendorid", "marchid", "mimpid",				  /* riscv */
	"CPU Family", "Model Name", "CPU Revision", "cpu model",			  /* loongarch, mips */
};

/* The subset that hwloc keeps, for when only its XML is available. */
static const char *const infos[] = {"CPUVendor", "CPUFamilyNumber", "CPUModelNumber", "CPUModel", "CPUStepping", "CPUImplementer", "CPUArchitecture",
	"CPUVariant", "CPUPart", "CPURevision"};

/* ---- a kind */

/* Two kinds whose names differ only beyond the limit would look like one. */
static void check_length(struct fs_machine *machine, const char *name)
{
	const size_t room = sizeof(machine->cpu_kinds[0].name);

	if (strlen(name) + 2 >= room)
		topology_beyond(machine, "cpu_kinds", (unsigned)room - 3, "characters of a kind of CPU");
}

static void add_kind(struct fs_machine *machine, const char *name, unsigned cpus)
{
	unsigned i = 0;

	check_length(machine, name);
	while (i < machine->ncpu_kinds && strcmp(machine->cpu_kinds[i].name, name) != 0)
		i++;
	/* The last entry collects all kinds beyond the limit. */
	if (i == MACHINE_CPU_KINDS)
		topology_copy_text(machine->cpu_kinds[--i].name, sizeof(machine->cpu_kinds[i].name), "others");
	if (i == machine->ncpu_kinds)
		topology_copy_text(machine->cpu_kinds[machine->ncpu_kinds++].name, sizeof(machine->cpu_kinds[i].name), name);
	machine->cpu_kinds[i].cpus += cpus;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct fs_cpu_kind *)a)->name, ((const struct fs_cpu_kind *)b)->name);
}

/*
 * Appends " text", with runs of blanks reduced to one and none at its ends. Cut if it does not fit: the name then fills its buffer, which
 * check_length() reports.
 */
static void add_words(char *name, size_t bytes, const char *text)
{
	size_t len = strlen(name);
	bool blank = len > 0;

	for (; *text != '\0' && len + 2 < bytes; text++) {
		if (isspace((unsigned char)*text)) {
			blank = len > 0;
			continue;
		}
		if (blank)
			name[len++] = ' ';
		name[len++] = *text;
		blank = false;
	}
	name[len] = '\0';
}

static void add_fact(char *name, size_t bytes, const char *key, const char *value)
{
	size_t len = strlen(name);

	if (len > 0 && len + 1 < bytes)
		strcpy(name + len, ",");
	add_words(name, bytes, key);
	add_words(name, bytes, value);
}

/* ---- /proc/cpuinfo */

struct block {
	char name[sizeof(((struct fs_cpu_kind *)0)->name)];
	bool is_cpu;
};

static bool is_key(const char *key)
{
	for (size_t i = 0; i < FS_ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i], key) == 0)
			return true;
	}
	return false;
}

/* s390 has a line for a CPU: "processor 0: version = 00,  identification = 279F25,  machine = 2817". Identification differs for each CPU. */
static bool read_s390(struct fs_machine *machine, const char *key, const char *value)
{
	const char *at = strstr(value, "machine = ");
	char name[40] = "";

	if (strncmp(key, "processor ", strlen("processor ")) != 0 || at == NULL)
		return false;
	add_fact(name, sizeof(name), "machine", at + strlen("machine = "));
	add_kind(machine, name, 1);
	return true;
}

/* "Name	: value"; a line without a colon ends the block, like an empty line. */
static void read_line(struct fs_machine *machine, struct block *block, char *line)
{
	char *colon = strchr(line, ':'), *end = colon;

	if (colon == NULL) {
		if (block->name[0] != '\0')
			add_kind(machine, block->name, block->is_cpu ? 1 : 0);
		memset(block, 0, sizeof(*block));
		return;
	}
	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	if (read_s390(machine, line, colon + 1))
		return;
	block->is_cpu = block->is_cpu || strcmp(line, "processor") == 0;
	if (is_key(line))
		add_fact(block->name, sizeof(block->name), line, colon + 1);
}

static bool read_cpuinfo(struct fs_machine *machine)
{
	char *text = topology_identity_text(machine, "cpu_kinds,emulated,guest,hypervisor", "/proc/cpuinfo"), end[1] = "", *line, *rest = text;
	struct block block = {0};

	while ((line = strsep(&rest, "\n")) != NULL)
		read_line(machine, &block, line);
	read_line(machine, &block, end);
	free(text);
	return machine->ncpu_kinds != 0;
}

/* ---- hwloc's */

static void read_infos(struct fs_machine *machine, hwloc_topology_t topology)
{
	char name[sizeof(machine->cpu_kinds[0].name)] = "";

	for (size_t i = 0; i < FS_ARRAY_SIZE(infos); i++) {
		const char *value = topology_info_of(topology, infos[i]);

		if (value != NULL)
			add_fact(name, sizeof(name), infos[i], value);
	}
	if (name[0] != '\0')
		add_kind(machine, name, machine->cpus_online);
}

static void add_cache(struct fs_machine *machine, hwloc_obj_t obj)
{
	const struct hwloc_cache_attr_s *cache = &obj->attr->cache;
	char name[sizeof(machine->caches[0].name)];
	unsigned i = 0;

	snprintf(name, sizeof(name), "L%u%s %llu bytes, lines of %u", cache->depth, cache->type == HWLOC_OBJ_CACHE_DATA ? "d" : "",
		(unsigned long long)cache->size, cache->linesize);
	while (i < machine->ncaches && strcmp(machine->caches[i].name, name) != 0)
		i++;
	if (i == MACHINE_CACHES)
		topology_copy_text(machine->caches[--i].name, sizeof(name), "others");
	if (i == machine->ncaches)
		topology_copy_text(machine->caches[machine->ncaches++].name, sizeof(name), name);
	machine->caches[i].caches++;
}

static int by_cache(const void *a, const void *b)
{
	return strcmp(((const struct fs_cache_kind *)a)->name, ((const struct fs_cache_kind *)b)->name);
}

static void read_caches(struct fs_machine *machine, hwloc_topology_t topology)
{
	for (int depth = 0; depth < hwloc_topology_get_depth(topology); depth++) {
		hwloc_obj_t obj = NULL;

		if (!hwloc_obj_type_is_dcache(hwloc_get_depth_type(topology, depth)))
			continue;
		while ((obj = hwloc_get_next_obj_by_depth(topology, depth, obj)) != NULL)
			add_cache(machine, obj);
	}
	qsort(machine->caches, machine->ncaches, sizeof(machine->caches[0]), by_cache);
}

void topology_read_cpus(struct fs_machine *machine, hwloc_topology_t topology)
{
	if (!read_cpuinfo(machine))
		read_infos(machine, topology);
	qsort(machine->cpu_kinds, machine->ncpu_kinds, sizeof(machine->cpu_kinds[0]), by_name);
	read_caches(machine, topology);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_cores.c - which PMUs the CPUs have. Their names are the architectures': "cpu" (x86, powerpc, riscv), "cpum_cf" (s390), "armv8_pmuv3_0" or
 * "armv8_cortex_a72" (arm), "cpu_core" and "cpu_atom" (x86 with kinds of cores), "apple_icestorm_pmu". Others are of buses, caches and memory.
 */
#include "config.h"

#include "harness/counter/perf_name.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/machine/topology.h"

#define FOLDER	   "/sys/bus/event_source/devices"
#define KIND_SHIFT 32 /* PERF_PMU_TYPE_SHIFT of linux/perf_event.h, which older headers do not have */

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* Of one kind of core, where there may be others. */
static bool is_kind(const char *name)
{
	return begins(name, "cpu_") || begins(name, "armv") || begins(name, "apple_");
}

static void add_pmu(const struct fs_machine *machine, struct perf_cores *cores, const char *name)
{
	char path[sizeof(FOLDER) + 300];
	long long type;

	if (!is_kind(name) && strcmp(name, "cpu") != 0 && strcmp(name, "cpum_cf") != 0)
		return;
	snprintf(path, sizeof(path), FOLDER "/%s/type", name);
	if (machine_read_long(machine, path, &type) != 0)
		return;
	cores->any = true;
	if (is_kind(name) && cores->kinds < PERF_KINDS)
		cores->type[cores->kinds++] = (uint32_t)type;
}

void perf_cores_read(const struct fs_machine *machine, struct perf_cores *cores)
{
	int fd = machine_open(machine, FOLDER);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	*cores = (struct perf_cores){.any = false};
	if (folder == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(folder)) != NULL)
		add_pmu(machine, cores, entry->d_name);
	closedir(folder);
	if (cores->kinds == 1)
		cores->kinds = 0;
}

uint64_t perf_kind_config(uint64_t config, uint32_t type)
{
	return config | (uint64_t)type << KIND_SHIFT;
}

void perf_kinds_whole(struct fs_reading *sum, unsigned kinds)
{
	if (kinds > 1)
		sum->enabled_ns /= kinds;
}

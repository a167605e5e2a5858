/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unit.c - facts about a unit of a device, and what sysfs says about it; see unit.h.
 */
#include "config.h"

#include "harness/machine/unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/machine/parts.h"

void unit_fact(struct fs_facts *facts, enum fs_fact_kind kind, const char *name, const char *remedy, const char *fmt, ...)
{
	struct fs_fact *fact;
	va_list args;

	if (facts->n == FS_UNIT_FACTS) {
		facts->lost++;
		return;
	}
	fact = &facts->fact[facts->n++];
	fact->kind = kind;
	text_fit(fact->name, sizeof(fact->name), "%s", name);
	text_fit(fact->remedy, sizeof(fact->remedy), "%s", remedy);
	va_start(args, fmt);
	text_fit_va(fact->value, sizeof(fact->value), fmt, args);
	va_end(args);
}

/* The first line of a file of the unit; false if there is none. */
static bool read_line(const struct fs_machine *machine, const char *bus, const char *file, char *line, size_t bytes)
{
	char path[400];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", bus, file);
	return *bus != '\0' && machine_read_line(machine, path, line, bytes) == 0;
}

struct hwmon {
	const struct fs_machine *machine;
	const char *bus, *file;
	char *line;
	size_t bytes;
	bool found;
};

static void look_hwmon(void *context, const char *name)
{
	struct hwmon *hwmon = context;
	char path[320];

	snprintf(path, sizeof(path), "hwmon/%s/%s", name, hwmon->file);
	hwmon->found = hwmon->found || read_line(hwmon->machine, hwmon->bus, path, hwmon->line, hwmon->bytes);
}

/* A file in the unit's hwmon folder, whatever its number. */
static bool read_hwmon(const struct fs_machine *machine, const char *bus, const char *file, char *line, size_t bytes)
{
	struct hwmon hwmon = {machine, bus, file, line, bytes, false};
	char folder[96];

	snprintf(folder, sizeof(folder), "/sys/bus/pci/devices/%s/hwmon", bus);
	if (*bus != '\0')
		topology_each_entry(machine, folder, look_hwmon, &hwmon);
	return hwmon.found;
}

/* The line that the driver marks with a star: "1: 2100Mhz *". */
static bool read_starred_mhz(const struct fs_machine *machine, const char *bus, const char *file, double *mhz)
{
	char path[160], line[128]; /* the bus is at most 15 characters */
	int fd;
	FILE *from;
	bool found = false;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", bus, file);
	fd = *bus != '\0' ? machine_open(machine, path) : -1;
	from = fd >= 0 ? fdopen(fd, "r") : NULL;
	while (from != NULL && !found && fgets(line, sizeof(line), from) != NULL)
		found = strchr(line, '*') != NULL && sscanf(line, "%*u: %lf", mhz) == 1;
	if (from != NULL)
		fclose(from);
	return found;
}

void unit_pci_facts(const struct fs_machine *machine, const char *bus, struct fs_facts *facts)
{
	char speed[64], width[32], line[64];

	if (read_line(machine, bus, "max_link_speed", speed, sizeof(speed)) && read_line(machine, bus, "max_link_width", width, sizeof(width)))
		unit_fact(facts, FS_FACT_IDENTITY, "link_max", "", "%s x%s", speed, width);
	if (read_line(machine, bus, "numa_node", line, sizeof(line)) && atoi(line) >= 0)
		unit_fact(facts, FS_FACT_IDENTITY, "near_node", "", "%s", line);
	if (read_hwmon(machine, bus, "power1_cap", line, sizeof(line)))
		unit_fact(facts, FS_FACT_FACTOR, "power_cap_w", "", "%.0f", atof(line) / 1e6);
	if (read_line(machine, bus, "power_dpm_force_performance_level", line, sizeof(line)))
		unit_fact(facts, FS_FACT_STATE, "performance_level",
			strcmp(line, "auto") == 0 ? "clocks follow the load; as root, write high to power_dpm_force_performance_level" : "", "%s",
			line);
}

void unit_pci_noise(struct fs_job *job, const char *device, const char *bus)
{
	static const struct {
		const char *file, *name;
	} starred[] = {{"pp_dpm_sclk", "core_mhz"}, {"pp_dpm_mclk", "memory_mhz"}};
	const struct fs_machine *machine = fs_machine(job);
	char line[64];
	double mhz;

	if (read_line(machine, bus, "current_link_speed", line, sizeof(line)) && atof(line) > 0)
		fs_noise(job, device, "link_gts", atof(line));
	if (read_line(machine, bus, "current_link_width", line, sizeof(line)) && atoi(line) > 0)
		fs_noise(job, device, "link_width", atoi(line));
	for (size_t i = 0; i < FS_ARRAY_SIZE(starred); i++) {
		if (read_starred_mhz(machine, bus, starred[i].file, &mhz))
			fs_noise(job, device, starred[i].name, mhz);
	}
	if (read_hwmon(machine, bus, "temp1_input", line, sizeof(line)))
		fs_noise(job, device, "temperature_c", atof(line) / 1000);
	if (read_hwmon(machine, bus, "power1_average", line, sizeof(line)))
		fs_noise(job, device, "power_w", atof(line) / 1e6);
}

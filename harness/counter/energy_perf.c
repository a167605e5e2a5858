/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * energy_perf.c - energy by perf's PMU "power": one event a domain, counted on one CPU of each socket, in a unit that sysfs tells.
 */
#include "config.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/counter/energy.h"

#define FOLDER "/sys/bus/event_source/devices/power"

static bool has_domain(const struct energy *energy, unsigned nmeters, enum energy_domain domain)
{
	for (unsigned i = 0; i < nmeters; i++) {
		if (energy->meter[i].domain == domain)
			return true;
	}
	return false;
}

static void meter_open(struct energy *energy, enum energy_domain domain, const char *event, uint32_t type, uint64_t config, double joules, int cpu)
{
	struct energy_meter *meter = &energy->meter[energy->nmeters];
	struct perf_event_attr attr = {.type = type, .size = sizeof(attr), .config = config};

	energy->beyond = energy->beyond || energy->nmeters == ENERGY_METERS;
	if (energy->beyond)
		return;
	meter->fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (meter->fd < 0) {
		energy->denied = energy->denied != 0 ? energy->denied : -errno;
		return;
	}
	meter->domain = domain;
	snprintf(meter->name, sizeof(meter->name), "perf power/%s/", event);
	meter->uj_per_count = joules * 1e6;
	meter->range = 0;
	meter->uj = 0;
	energy->nmeters += energy_count(meter, &meter->last);
}

/* "0,18" or "0-1" */
static void each_cpu(struct energy *energy, enum energy_domain domain, const char *event, uint32_t type, uint64_t config, double joules)
{
	char cpus[4096], *at = cpus;

	if (machine_read_line(energy->machine, FOLDER "/cpumask", cpus, sizeof(cpus)) != 0)
		return;
	while (*at >= '0' && *at <= '9') {
		long first = strtol(at, &at, 10), last = *at == '-' ? strtol(at + 1, &at, 10) : first;

		for (long cpu = first; cpu <= last; cpu++)
			meter_open(energy, domain, event, type, config, joules, (int)cpu);
		at += *at == ',';
	}
}

void energy_perf_open(struct energy *energy)
{
	static const char *const names[ENERGY_DOMAINS] = {"energy-pkg", "energy-cores", "energy-ram", "energy-gpu", "energy-psys"};
	unsigned had = energy->nmeters;
	long long type;

	if (machine_read_long(energy->machine, FOLDER "/type", &type) != 0)
		return;
	for (int i = 0; i < ENERGY_DOMAINS; i++) {
		char path[128], config[32], scale[64];

		if (has_domain(energy, had, (enum energy_domain)i))
			continue;
		snprintf(path, sizeof(path), FOLDER "/events/%s", names[i]);
		if (machine_read_line(energy->machine, path, config, sizeof(config)) != 0 || strncmp(config, "event=", 6) != 0)
			continue;
		snprintf(path, sizeof(path), FOLDER "/events/%s.scale", names[i]);
		if (machine_read_line(energy->machine, path, scale, sizeof(scale)) == 0 && strtod(scale, NULL) > 0)
			each_cpu(energy, (enum energy_domain)i, names[i], (uint32_t)type, strtoull(config + 6, NULL, 0), strtod(scale, NULL));
	}
}

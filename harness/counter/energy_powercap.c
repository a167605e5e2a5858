/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * energy_powercap.c - energy by /sys/class/powercap: one folder per domain, in microjoules. Readable only by root since Linux 5.10.
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "harness/counter/energy.h"

#define FOLDER "/sys/class/powercap"

/* Names are package-0, core, uncore, dram, psys. */
static bool domain_of(const char *name, enum energy_domain *domain)
{
	static const char *const names[ENERGY_DOMAINS] = {"package", "core", "dram", "uncore", "psys"};

	for (int i = 0; i < ENERGY_DOMAINS; i++) {
		*domain = (enum energy_domain)i;
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

static void zone_found(void *context, const char *zone)
{
	struct energy *energy = context;
	struct energy_meter *meter = &energy->meter[energy->nmeters];
	char path[PATH_MAX], name[64];
	long long range = 0;

	snprintf(path, sizeof(path), FOLDER "/%s/name", zone);
	/* intel-rapl-mmio is the same hardware through another register. */
	if (strncmp(zone, "intel-rapl:", 11) != 0 || energy->beyond)
		return;
	energy->beyond = energy->nmeters == ENERGY_METERS;
	if (energy->beyond || machine_read_line(energy->machine, path, name, sizeof(name)) != 0 || !domain_of(name, &meter->domain))
		return;
	snprintf(path, sizeof(path), FOLDER "/%s/max_energy_range_uj", zone);
	machine_read_long(energy->machine, path, &range);
	snprintf(path, sizeof(path), FOLDER "/%s/energy_uj", zone);
	meter->fd = machine_open(energy->machine, path);
	if (meter->fd < 0) {
		energy->denied = energy->denied != 0 ? energy->denied : meter->fd;
		return;
	}
	text_fit(meter->name, sizeof(meter->name), "%s %s", zone, name);
	meter->uj_per_count = 1;
	meter->range = (uint64_t)range;
	meter->uj = 0;
	energy->nmeters += energy_count(meter, &meter->last);
}

void energy_powercap_open(struct energy *energy)
{
	text_folder(energy->machine, FOLDER, "intel-rapl:", zone_found, energy);
}

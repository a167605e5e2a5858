/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * energy - the processors' energy meters (RAPL). They cover everything that runs, other programs included, and are updated about once a
 * millisecond: shorter steps read 0 or too much. If powercap's files cannot be read, perf's PMU "power" is tried.
 */
#include "config.h"

#include "harness/counter/energy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct fs_event events[ENERGY_DOMAINS + 1] = {
	[ENERGY_PACKAGE] = {"package", "uJ", "the processors' packages: cores, caches, memory controllers", false},
	[ENERGY_CORES] = {"cores", "uJ", "cores only", false},
	[ENERGY_MEMORY] = {"memory", "uJ", "memory modules; a model on some machines", false},
	[ENERGY_GRAPHICS] = {"graphics", "uJ", "graphics on the processor's die", false},
	[ENERGY_PLATFORM] = {"platform", "uJ", "the whole platform, if its firmware measures that", false},
};

struct energy_source {
	struct energy meters;
	unsigned n;
	int domain[FS_EVENTS];
};

bool energy_count(const struct energy_meter *meter, uint64_t *count)
{
	char text[32] = "";
	ssize_t got;

	/* perf gives eight bytes, powercap a text. */
	if (strncmp(meter->name, "perf ", 5) == 0)
		return read(meter->fd, count, sizeof(*count)) == (ssize_t)sizeof(*count);
	got = pread(meter->fd, text, sizeof(text) - 1, 0);
	*count = strtoull(text, NULL, 10);
	return got > 0;
}

static int say_why(const struct energy *energy, struct fs_reason *why)
{
	if (energy->denied != 0)
		return fs_because(why, energy->denied,
			"run as root; or chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj; or sysctl kernel.perf_event_paranoid=0",
			"no permission to read the processors' energy meters: %s", strerror(-energy->denied));
	return fs_because(why, -ENODEV, "real hardware with RAPL and the module intel_rapl_msr: few virtual machines have it",
		"neither powercap nor perf has energy meters");
}

static void meters_close(struct energy *energy)
{
	for (unsigned i = 0; i < energy->nmeters; i++)
		close(energy->meter[i].fd);
}

static int meters_open(struct energy *energy, const struct fs_machine *machine, struct fs_reason *why)
{
	energy->machine = machine;
	energy_powercap_open(energy);
	energy_perf_open(energy);
	/* The sum over some of them would be too small. */
	if (energy->beyond)
		return fs_because(why, -E2BIG, "", "more than %d energy meters", ENERGY_METERS);
	return energy->nmeters != 0 ? 0 : say_why(energy, why);
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	struct energy energy = {0};
	int err = meters_open(&energy, machine, why);

	meters_close(&energy);
	return err;
}

/* Lists the meters of a domain by name, as many as fit; false if it has none. */
static bool meters_of(const struct energy *energy, int domain, char *names, size_t bytes)
{
	size_t len = 0;

	for (unsigned i = 0; i < energy->nmeters; i++) {
		if ((int)energy->meter[i].domain == domain && len < bytes)
			len += (size_t)snprintf(names + len, bytes - len, "%s%s", len != 0 ? " + " : "", energy->meter[i].name);
	}
	if (len >= bytes)
		strcpy(names + bytes - sizeof("..."), "...");
	return len != 0;
}

static int open_energy(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	struct energy_source *energy = calloc(1, sizeof(*energy));
	int err;

	if (energy == NULL)
		return -ENOMEM;
	err = meters_open(&energy->meters, machine, why);
	if (err != 0) {
		meters_close(&energy->meters);
		free(energy);
		return err;
	}
	energy->n = n;
	for (unsigned i = 0; i < n; i++) {
		while (strcmp(events[energy->domain[i]].name, names[i]) != 0)
			energy->domain[i]++;
		if (!meters_of(&energy->meters, energy->domain[i], opened[i].counts, sizeof(opened[i].counts)))
			fs_because(&opened[i].why, -ENODEV, "", "this machine has no energy meter for %s", names[i]);
	}
	*source = energy;
	return 0;
}

static int read_energy(void *source, struct fs_reading *readings)
{
	struct energy_source *energy = source;
	double sum[ENERGY_DOMAINS] = {0};

	for (unsigned i = 0; i < energy->meters.nmeters; i++) {
		struct energy_meter *meter = &energy->meters.meter[i];
		uint64_t count;

		if (!energy_count(meter, &count))
			return -EIO;
		/* A count lower than before has wrapped around. */
		meter->uj += (double)(count - meter->last + (count < meter->last ? meter->range + 1 : 0)) * meter->uj_per_count;
		meter->last = count;
		sum[meter->domain] += meter->uj;
	}
	for (unsigned i = 0; i < energy->n; i++)
		readings[i].value = (uint64_t)sum[energy->domain[i]];
	return 0;
}

static void close_energy(void *source)
{
	struct energy_source *energy = source;

	meters_close(&energy->meters);
	free(energy);
}

const struct fs_counter counter_energy = {
	.name = "energy",
	.summary = "energy of processors and memory (RAPL), of everything that runs on the machine",
	.events = events,
	.probe = probe,
	.open = open_energy,
	.read = read_energy,
	.close = close_energy,
};

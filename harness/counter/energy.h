/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * energy.h - the two interfaces to the processors' energy counters (RAPL): powercap files and perf's PMU "power". For the source energy.
 */
#ifndef FIVESTEP_COUNTER_ENERGY_H
#define FIVESTEP_COUNTER_ENERGY_H

#include "harness/counter/text.h"

enum energy_domain { ENERGY_PACKAGE, ENERGY_CORES, ENERGY_MEMORY, ENERGY_GRAPHICS, ENERGY_PLATFORM, ENERGY_DOMAINS };

#define ENERGY_METERS 64 /* domains of all sockets */

/* One counter of one domain of one socket. Both ways add up to uj, which never wraps. */
struct energy_meter {
	enum energy_domain domain;
	char name[96]; /* as the kernel calls it: "intel-rapl:0 package-0" */
	int fd;
	double uj_per_count;  /* 1 in powercap */
	uint64_t last, range; /* range: where powercap's count wraps around; 0: it does not */
	double uj;
};

struct energy {
	unsigned nmeters;
	struct energy_meter meter[ENERGY_METERS];
	int denied;  /* first -errno of a meter that exists but cannot be read; else 0 */
	bool beyond; /* there are more than ENERGY_METERS */
	const struct fs_machine *machine;
};

/* Each adds the meters that it can read, for domains that have none yet. */
void energy_powercap_open(struct energy *energy);
void energy_perf_open(struct energy *energy);
/* The meter's current count; false if it cannot be read. */
bool energy_count(const struct energy_meter *meter, uint64_t *count);

#endif

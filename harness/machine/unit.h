/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unit.h - what is to be known of a device's unit beside what the device itself says of it: facts, and what sysfs shows of anything on the PCI
 * bus, whoever made it: its link, and clocks, power and temperature where a driver shows them there.
 */
#ifndef FIVESTEP_UNIT_H
#define FIVESTEP_UNIT_H

#include "harness/fivestep.h"

/* Adds a fact; where there is no more room it is left out. remedy: for a state that disturbs, else "". */
FS_PRINTF(5, 6)
void unit_fact(struct fs_facts *facts, enum fs_fact_kind kind, const char *name, const char *remedy, const char *fmt, ...);

/* What sysfs says of the function at bus ("0000:17:00.0"; "" or one that is not there: nothing). */
void unit_pci_facts(const struct fs_machine *machine, const char *bus, struct fs_facts *facts);
/* What of it may change from round to round, as noise of that device: "cuda.link_width". */
void unit_pci_noise(struct fs_job *job, const char *device, const char *bus);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unit.h - facts about a device's unit: those that the device adds, and what sysfs shows of any device on the PCI bus: its link and, if its driver
 * provides them, clocks, power and temperature.
 */
#ifndef FIVESTEP_UNIT_H
#define FIVESTEP_UNIT_H

#include "harness/fivestep.h"

/* Adds a fact; beyond FS_UNIT_FACTS it is counted in facts->lost. A text that is too long ends with "...". remedy: for a state that perturbs, else ""
 */
FS_PRINTF(5, 6)
void unit_fact(struct fs_facts *facts, enum fs_fact_kind kind, const char *name, const char *remedy, const char *fmt, ...);

/* Adds what sysfs says of the PCI function at bus ("0000:17:00.0"); nothing if bus is "" or does not exist. */
void unit_pci_facts(const struct fs_machine *machine, const char *bus, struct fs_facts *facts);
/* Records what may change from round to round as noise of that device: "cuda.link_width". */
void unit_pci_noise(struct fs_job *job, const char *device, const char *bus);

#endif

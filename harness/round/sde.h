/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sde.h - a round's own counts as software-defined events of PAPI, so that any PAPI-based tool in the process can read them while it runs:
 * sde:::fivestep::faults_to_device and so on, each count of the device under its name, and the process's faults.
 */
#ifndef FIVESTEP_SDE_H
#define FIVESTEP_SDE_H

#include "harness/fivestep.h"

struct sde;

/* From here to sde_close() any thread can read the events. NULL without libsde or memory: the round continues. */
struct sde *sde_open(const struct fs_device *device, void *device_state);
void sde_close(struct sde *sde);

#endif

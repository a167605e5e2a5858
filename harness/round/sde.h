/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sde.h - a round's own counts as software-defined events of PAPI, so that any PAPI-based tool in the process reads them
 * while it runs: sde:::fivestep::faults_to_device and the like, each count of the device under its name, and the process's faults.
 */
#ifndef FIVESTEP_SDE_H
#define FIVESTEP_SDE_H

#include "harness/fivestep.h"

struct sde;

/* From here to sde_close the events can be read by any thread. NULL without libsde, or without memory: the round goes on. */
struct sde *sde_open(const struct fs_device *device, void *device_state);
void sde_close(struct sde *sde);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * probe.h - which cells of a plan this machine can run: checked once, before the first round.
 */
#ifndef FIVESTEP_PROBE_H
#define FIVESTEP_PROBE_H

#include "harness/plan/plan.h"
#include "harness/machine/topology.h"

/* Removes cells of devices that this machine does not have, unless the plan named the device; before probe_cells. */
void probe_leave_out(struct plan *plan, const struct fs_machine *machine);
/* Marks each cell that cannot run here as skipped, with a reason and a remedy. */
void probe_cells(struct plan *plan, const struct fs_machine *machine);
/* Whether a setup works on a device with its default parameters; 0, or -errno with the reason. */
int probe_pair(const struct fs_setup *setup, const struct fs_device *device, const struct fs_machine *machine, struct fs_reason *why);

#endif

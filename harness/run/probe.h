/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * probe.h - what of a plan this machine can do: asked once, before the first round.
 */
#ifndef FIVESTEP_PROBE_H
#define FIVESTEP_PROBE_H

#include "harness/plan/plan.h"
#include "harness/machine/topology.h"

/* Leaves out the cells of devices that are not on this machine at all, where the plan did not name them; before probe_cells. */
void probe_leave_out(struct plan *plan, const struct fs_machine *machine);
/* Marks each cell that cannot run here as skipped, with a reason and a remedy. */
void probe_cells(struct plan *plan, const struct fs_machine *machine);
/* Whether a setup can be had on a device at its default parameters; 0, or -errno with the reason. */
int probe_pair(const struct fs_setup *setup, const struct fs_device *device, const struct fs_machine *machine, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dry.h - a program that is executed but not measured: on plain memory of this process, without a setup or a device, to find out how many turns it
 * takes and what its regions are used for in each. From that and its profile follows what any setup's policy implies.
 */
#ifndef FIVESTEP_DRY_H
#define FIVESTEP_DRY_H

#include "harness/plan/cell.h"
#include "harness/round/job.h"

struct dry_turn {
	unsigned flags[FS_REGIONS];
	uint64_t items; /* of the launch */
};

struct dry {
	struct cell cell; /* the program's, without setup and device */
	struct share *share;
	struct fs_job job;
	struct fs_work work;
	struct dry_turn *turns;
	size_t n;
};

/* Executes the cell's kernel in this process. 0, or -errno with the reason. Call dry_free() in any case. */
int dry_run(struct dry *dry, const struct cell *cell, uint64_t seed, struct fs_reason *why);
void dry_free(struct dry *dry);

/*
 * What the setup of a cell of the same program implies, by step. granule: bytes that move together; 0: as the cell's device has it. 1; 0 if nobody
 * says what that setup implies on that device; or -errno with the reason.
 */
int dry_events(struct dry *dry, const struct cell *cell, size_t granule, uint64_t events[FS_STEPS][FS_COSTS], struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * same_work.h - cells that may be the same work, side by side, so that not every cell of a run has to be compared with every other.
 */
#ifndef FIVESTEP_SAME_WORK_H
#define FIVESTEP_SAME_WORK_H

#include "results/runfile.h"

/* A cell with a setup. Cells with different hashes are different work (cells_same_work()); those with one hash must still be compared. */
struct work_cell {
	uint64_t hash;
	size_t cell; /* of the run */
};

/* By hash, then in the order of the run. across_devices: the device makes no difference. 0 or -ENOMEM; free() frees *cells. */
int same_work_sort(const struct runfile *run, bool across_devices, struct work_cell **cells, size_t *n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell_key.h - identifies a cell by a text that is the same in every run, for other programs and for histories.
 *
 * "fault_latency/hmm/emu/granule=64K/size=64M": benchmark, setup, device and every parameter that is not at its initial value (identity.h), sorted
 * by name. 4096 and 4K are equal. A run file may have a cell twice: the duplicate is "...#2".
 */
#ifndef FIVESTEP_CELL_KEY_H
#define FIVESTEP_CELL_KEY_H

#include "analysis/summary/identity.h"
#include "analysis/summary/summary.h"

struct cell_keys {
	const struct runfile *run;
	char **keys; /* one for each cell of the run, in its order */
};

/* Return 0 or -ENOMEM; call cell_keys_free() in any case. */
int cell_keys_make(const struct runfile *run, struct cell_keys *keys);
/* With the initial values that are already known from other runs; adds those of this run. */
int cell_keys_make_by(struct identity *identity, const struct runfile *run, struct cell_keys *keys);
/* With every parameter, for runs of one build. */
int cell_keys_make_full(const struct runfile *run, struct cell_keys *keys);
void cell_keys_free(struct cell_keys *keys);
const char *cell_key(const struct cell_keys *keys, const struct runfile_cell *cell);

#endif

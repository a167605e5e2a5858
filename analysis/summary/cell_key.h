/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell_key.h - identifies a cell by a text that is the same in every run, for other programs and for histories.
 *
 * "fault_latency/hmm/emu/granule=4K/size=64M": benchmark, setup, device and every effective parameter, sorted by name. 4096 and 4K are one value.
 * A plan may name a cell twice: the duplicate is "...#2".
 */
#ifndef FIVESTEP_CELL_KEY_H
#define FIVESTEP_CELL_KEY_H

#include "analysis/summary/summary.h"

struct cell_keys {
	const struct runfile *run;
	char **keys; /* one for each cell of the run, in its order */
};

/* Returns 0 or -ENOMEM; call cell_keys_free() in any case. */
int cell_keys_make(const struct runfile *run, struct cell_keys *keys);
void cell_keys_free(struct cell_keys *keys);
const char *cell_key(const struct cell_keys *keys, const struct runfile_cell *cell);

/* "size=64M", with numbers in a canonical form; allocated, NULL if out of memory. */
char *cell_key_param(const struct runfile_text *param);

#endif

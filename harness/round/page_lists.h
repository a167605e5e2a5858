/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page_lists.h - puts the kernel into the same state at the start of every round that counts instructions.
 */
#ifndef FIVESTEP_PAGE_LISTS_H
#define FIVESTEP_PAGE_LISTS_H

#include "harness/machine/topology.h"

/*
 * Fills the per-CPU page lists of every node that has memory with as many pages as a buffer of that size needs. Best effort: a node without enough
 * free memory is left alone.
 */
void page_lists_fill(const struct fs_machine *machine, size_t bytes);

/*
 * Sleeps until the clock is at a multiple of a tenth of a second, so that timer ticks occur at the same instructions in every round, whatever was
 * executed before. The clock of an idle guest jumps, so that this takes no time.
 */
void page_lists_align_tick(void);

#endif

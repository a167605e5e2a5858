/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page_lists.h - what must be alike at the start of every round that is counted in instructions.
 */
#ifndef FIVESTEP_PAGE_LISTS_H
#define FIVESTEP_PAGE_LISTS_H

#include "harness/machine/topology.h"

/*
 * Fills the kernel's lists of free pages, on every node that has memory, with as many pages as a buffer of that many
 * bytes takes. Best effort: a node without room for it stays as it is.
 */
void page_lists_fill(const struct fs_machine *machine, size_t bytes);

/*
 * Sleeps until the clock is at a multiple of a tenth of a second: the kernel's ticks then fall on the same instructions in every round, whatever was
 * executed before. An idle machine's clock jumps, so that this takes no time.
 */
void page_lists_align_tick(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * warm.h - what must be alike at the start of every round that is counted in instructions.
 */
#ifndef FIVESTEP_WARM_H
#define FIVESTEP_WARM_H

#include "harness/machine/topology.h"

/*
 * Fills the kernel's lists of free pages, on every node that has memory, with as many pages as a buffer of that many
 * bytes takes. Best effort: a node without room for it stays as it is.
 */
void warm_free_lists(const struct fs_machine *machine, size_t bytes);

/*
 * Sleeps until the clock is at a multiple of a tenth of a second: the kernel's ticks then fall on the same instructions in every round, whatever was
 * executed before. An idle machine's clock jumps, so that this takes no time.
 */
void warm_align(void);

#endif

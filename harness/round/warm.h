/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * warm.h - first uses, before they are measured: what must be alike at the start of every round that is counted in instructions, and
 * mappings that nobody used yet.
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

/*
 * Reads and writes each page of a mapping, and leaves what is in it, whoever else writes there. That a page is in the page tables does not make its
 * first access like the second: a hypervisor without nested page tables fills its own then, at microseconds a page that no counter of the guest
 * shows.
 */
void warm_mapping(void *address, size_t bytes, size_t page_bytes);

#endif

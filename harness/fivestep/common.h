/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common.h - what all parts share: the round, its sides and steps, the sizes of pages, the clock. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_COMMON_H
#define FIVESTEP_CONTRACT_COMMON_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"
#include "harness/body.h"

struct fs_job;	   /* one round */
struct fs_args;	   /* the values of a cell's parameters */
struct fs_machine; /* harness/machine/topology.h */

enum fs_side { FS_HOST, FS_DEVICE, FS_SIDES };	  /* residence of a page, or initiator of an access */
extern const char *const fs_side_names[FS_SIDES]; /* host device */

/* The five steps. */
enum fs_step { FS_ALLOC, FS_CPU_BEFORE, FS_DEVICE_COMPUTE, FS_CPU_AFTER, FS_RELEASE, FS_STEPS };
extern const char *const fs_step_names[FS_STEPS]; /* alloc cpu_before device cpu_after release */

/* Page sizes depend on the machine, they are never constants. */
size_t fs_page_bytes(void); /* of a base page */
/*
 * Of a PMD-mapped transparent huge page: 2 MiB with base pages of 4 KiB, 32 MiB with 16 KiB, 512 MiB with 64 KiB. If the kernel has none, the size
 * that it would have, so that a skip can name it.
 */
size_t fs_huge_bytes(void);

/* ns of CLOCK_MONOTONIC_RAW; under the reference guest's instruction clock one ns is one instruction. */
uint64_t fs_now(void);
/* The same clock for timing a device's work: it stops while the device does work that is to be excluded (fs_device.excluded_ns). */
uint64_t fs_device_clock(const struct fs_job *job);
/* Whether it counts instructions. */
bool fs_counts_instructions(void);

#endif

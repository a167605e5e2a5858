/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * registry.h - what is built in. registry.c is written by build-aux/registry.sh from the lists in the local.mk files:
 * the file bench/NAME.c must define bench_NAME, or the program does not link. Each list ends with NULL.
 */
#ifndef FIVESTEP_REGISTRY_H
#define FIVESTEP_REGISTRY_H

#include "harness/fivestep.h"

struct command;	      /* command.h */
struct export_format; /* analysis/export/export.h */

extern const struct fs_bench *const registry_benches[];
extern const struct fs_kernel *const registry_kernels[];
extern const struct fs_setup *const registry_setups[];
extern const struct fs_device *const registry_devices[];
extern const struct fs_counter *const registry_counters[];
extern const struct command *const registry_commands[];
extern const struct export_format *const registry_exports[];

#endif

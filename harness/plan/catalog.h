/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalog.h - everything that is registered: what the build listed (registry.h) and what an out-of-tree
 * program added through fivestep_main.
 */
#ifndef FIVESTEP_CATALOG_H
#define FIVESTEP_CATALOG_H

#include "harness/fivestep.h"

/* The i-th of each kind, NULL after the last. */
const struct fs_bench *catalog_bench(unsigned i);
const struct fs_bench *catalog_case(unsigned i); /* of conformance */
const struct fs_kernel *catalog_kernel(unsigned i);
const struct fs_setup *catalog_setup(unsigned i);
const struct fs_device *catalog_device(unsigned i);
const struct fs_counter *catalog_counter(unsigned i);

void catalog_extend(const struct fs_extension *extension);

#endif

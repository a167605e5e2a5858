/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * seeded.h - what kernels share: input that follows from a seed and an index, so that a reference answer can be computed
 * without reading the buffer; and whole pages, so that regions do not meet on one.
 */
#ifndef FIVESTEP_KERNELS_SEEDED_H
#define FIVESTEP_KERNELS_SEEDED_H

#include <stddef.h>
#include <stdint.h>

#include "harness/fivestep.h"

/* 64 well-mixed bits of an index. */
static inline uint64_t seeded(uint64_t seed, uint64_t index)
{
	return fs_mix(seed + index * FS_MIX_STEP);
}

static inline size_t whole_pages_down(size_t bytes)
{
	return bytes & ~(fs_page_bytes() - 1);
}

static inline size_t whole_pages_up(size_t bytes)
{
	return whole_pages_down(bytes + fs_page_bytes() - 1);
}

#endif

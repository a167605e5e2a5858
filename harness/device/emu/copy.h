/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy.h - copying between the memories of the emulated device.
 *
 * In pieces, because a C library chooses by size how to copy. glibc on AMD leaves the processor's own copy, which is the fastest one through the
 * cache, from the size of the second-level cache on, and takes a loop that first reads each line which it then overwrites. One large copy would be
 * slower than many small ones. Stores that bypass the cache would be faster still, but whoever caused the move uses the data next, and would find
 * them in no cache.
 */
#ifndef FIVESTEP_EMU_COPY_H
#define FIVESTEP_EMU_COPY_H

#include <stddef.h>
#include <string.h>

/* Any size from 32 to 512 KiB serves; `floor` has it among its own. */
#define COPY_PIECE ((size_t)64 << 10)

static inline void emu_copy(void *to, const void *from, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += COPY_PIECE)
		memcpy((unsigned char *)to + at, (const unsigned char *)from + at, bytes - at < COPY_PIECE ? bytes - at : COPY_PIECE);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy.h - copying between the memories of the emulated device.
 *
 * Copies are split into pieces, because a C library chooses its method by size. From the size of the second-level cache on, glibc on AMD does not use
 * the processor's string copy, which is the fastest through the cache, but a loop that first reads each line that it then overwrites. So one large
 * copy would be slower than many small ones. Stores that bypass the cache would be faster still, but the side that caused the move uses the data
 * next, and would not find it in any cache.
 */
#ifndef FIVESTEP_EMU_COPY_H
#define FIVESTEP_EMU_COPY_H

#include <stddef.h>
#include <string.h>

/* Any size from 32 to 512 KiB will do; `floor` measures with this size, too. */
#define COPY_PIECE ((size_t)64 << 10)

static inline void emu_copy(void *to, const void *from, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += COPY_PIECE)
		memcpy((unsigned char *)to + at, (const unsigned char *)from + at, bytes - at < COPY_PIECE ? bytes - at : COPY_PIECE);
}

#endif

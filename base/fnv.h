/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fnv.h - FNV-1a with 64 bits: distinguishes texts and files. It does not protect against intentional collisions.
 */
#ifndef FIVESTEP_FNV_H
#define FIVESTEP_FNV_H

#include <stddef.h>
#include <stdint.h>

#define FNV_BEGIN 0xcbf29ce484222325u
#define FNV_HEX	  17 /* 16 digits and the end */

/* hash of what came before, FNV_BEGIN at first, and of these bytes. */
static inline uint64_t fnv_add(uint64_t hash, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
	return hash;
}

#endif

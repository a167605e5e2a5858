/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * histogram.body.h - counts the keys of each block by bins, which divide the range of 32 bits evenly. An index is a block: it has bins of its own, so
 * that workers do not meet. u: offsets of the keys and of the blocks' bins, keys in a block, number of bins.
 */
#include "harness/body.h"

FS_BODY(histogram)
{
	ulong keys = a.u[2], bins = a.u[3];

	(void)out;
	FS_FOR(b)
	{
		FS_GLOBAL const uint *key = FS_ARRAY(uint, a.u[0]) + b * keys;
		FS_GLOBAL uint *count = FS_ARRAY(uint, a.u[1]) + b * bins;

		for (ulong k = 0; k < bins; k++)
			count[k] = 0;
		for (ulong i = 0; i < keys; i++)
			count[(key[i] * bins) >> 32]++;
	}
}

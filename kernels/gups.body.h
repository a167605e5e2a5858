/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gups.body.h - random updates: each index adds a random word to the word of the table that it points at. u: offset of the table, words that are
 * touched (below 2^32), the turn's seed. Two workers may meet on a word: additions are atomic, and their order does not matter.
 */
#ifndef FIVESTEP_KERNELS_GUPS_BODY_H
#define FIVESTEP_KERNELS_GUPS_BODY_H

#include "harness/body.h"

FS_BODY(gups)
{
	FS_GLOBAL ulong *table = FS_ARRAY(ulong, a.u[0]);

	(void)out;
	FS_FOR(i)
	{
		ulong word = fs_mix(a.u[2] + i * FS_MIX_STEP);

		FS_ADD_RELAXED(&table[((word >> 32) * a.u[1]) >> 32], word);
	}
}

#endif

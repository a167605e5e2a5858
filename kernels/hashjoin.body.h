/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hashjoin.body.h - looks keys up in a hash table with linear probing. u: offsets of the table, the probes and the results, slots of the table (below
 * 2^32). An index is a probe.
 */
#ifndef FIVESTEP_KERNELS_HASHJOIN_BODY_H
#define FIVESTEP_KERNELS_HASHJOIN_BODY_H

#include "harness/body.h"

#define JOIN_MISSING ((ulong)-1)

struct join_slot {
	ulong key; /* 0: the slot is empty */
	ulong value;
};

FS_DEVICE_FN static inline ulong join_first_slot(ulong key, ulong slots)
{
	return (((key * 0x9e3779b97f4a7c15ul) >> 32) * slots) >> 32;
}

/* The slot of a key, or the empty one where it would be. A table without either ends as well: it did not cross. */
FS_DEVICE_FN static inline ulong join_find(FS_GLOBAL const struct join_slot *table, ulong slots, ulong key)
{
	ulong at = join_first_slot(key, slots);

	for (ulong tried = 0; tried < slots && table[at].key != key && table[at].key != 0; tried++)
		at = at + 1 < slots ? at + 1 : 0;
	return at;
}

FS_BODY(hashjoin)
{
	FS_GLOBAL const struct join_slot *table = FS_ARRAY(struct join_slot, a.u[0]);
	FS_GLOBAL const ulong *probes = FS_ARRAY(ulong, a.u[1]);
	FS_GLOBAL ulong *results = FS_ARRAY(ulong, a.u[2]);

	(void)out;
	FS_FOR(i)
	{
		ulong at = join_find(table, a.u[3], probes[i]);

		results[i] = table[at].key == probes[i] ? table[at].value : JOIN_MISSING;
	}
}

#endif

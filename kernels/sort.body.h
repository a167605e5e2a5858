/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sort.body.h - half of a pass of a radix sort: the blocks' records are counted by one digit of their keys, or each goes to the place that the
 * counts, added up by the CPU in between, say. u: offsets of the records, of where they go and of the counts, records in a block, blocks, the digit's
 * lowest bit, whether they go. An index is a block, with counters of its own.
 */
#ifndef FIVESTEP_KERNELS_SORT_BODY_H
#define FIVESTEP_KERNELS_SORT_BODY_H

#include "harness/body.h"

#define SORT_DIGITS 256

FS_DEVICE_FN static inline void sort_count(FS_GLOBAL const ulong *record, ulong records, ulong shift, FS_GLOBAL ulong *count)
{
	for (ulong d = 0; d < SORT_DIGITS; d++)
		count[d] = 0;
	for (ulong i = 0; i < records; i++)
		count[(record[i] >> shift) % SORT_DIGITS]++;
}

/* A place beyond the last is no place: counts that did not cross make a wrong answer, and no wild store. */
FS_DEVICE_FN static inline void sort_place(
	FS_GLOBAL const ulong *record, ulong records, ulong shift, FS_GLOBAL ulong *place, FS_GLOBAL ulong *to, ulong places)
{
	for (ulong i = 0; i < records; i++) {
		ulong word = record[i], at = place[(word >> shift) % SORT_DIGITS]++;

		if (at < places)
			to[at] = word;
	}
}

FS_BODY(sort)
{
	ulong records = a.u[3], places = records * a.u[4];

	(void)out;
	FS_FOR(b)
	{
		FS_GLOBAL const ulong *record = FS_ARRAY(ulong, a.u[0]) + b * records;
		FS_GLOBAL ulong *count = FS_ARRAY(ulong, a.u[2]) + b * SORT_DIGITS;

		if (a.u[6] == 0)
			sort_count(record, records, a.u[5], count);
		else
			sort_place(record, records, a.u[5], count, FS_ARRAY(ulong, a.u[1]), places);
	}
}

#endif

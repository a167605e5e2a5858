/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_burst.body.h - touches one word on each of some pages; an index is a touch.
 *
 * u[0] bits: the buffer has 2^bits pages   u[1] bytes of a page   u[2] key of the order   u[3] enum burst_order   u[4] pages from one touch to the
 * next, strided   u[5] != 0: the touch writes, adding one. out[i]: the word that touch i read.
 */
#ifndef FIVESTEP_BENCH_FAULT_BURST_BODY_H
#define FIVESTEP_BENCH_FAULT_BURST_BODY_H

#include "bench/order.body.h"

enum burst_order { BURST_RANDOM, BURST_ASCENDING, BURST_STRIDED };

/* The page of touch i. */
FS_DEVICE_FN static inline ulong burst_page(ulong i, ulong order, ulong bits, ulong key, ulong step)
{
	return order == BURST_RANDOM ? order_at(i, bits, key) : order == BURST_ASCENDING ? i : i * step;
}

FS_BODY(fault_burst)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(i)
	{
		volatile FS_GLOBAL ulong *word = FS_ARRAY(ulong, burst_page(i, a.u[3], a.u[0], a.u[2], a.u[4]) * a.u[1]);
		ulong seen = *word;

		if (a.u[5] != 0)
			*word = seen + 1;
		out[i] = seen;
	}
}

#endif

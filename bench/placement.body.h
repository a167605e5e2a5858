/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * placement.body.h - changes words on pages of two parts of a random order: those of the device alone, and those of both sides. An index is a page of
 * these.
 *
 * u[0] bits: the buffer has 2^bits pages   u[1] bytes of a page   u[2] key of the order   u[3] pages of a part   u[4] words of a page that are
 * changed
 */
#include "bench/order.body.h"

/* The parts of the order: the device's own pages, the CPU's own, those of both sides, those of nobody. */
FS_DEVICE_FN static inline ulong placement_order(ulong i, ulong part)
{
	return i < part ? i : i + part;
}

FS_BODY(placement)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(i)
	{
		ulong at = placement_order(i, a.u[3]), stride = a.u[1] / sizeof(ulong) / a.u[4];
		FS_GLOBAL ulong *word = FS_ARRAY(ulong, order_at(at, a.u[0], a.u[2]) * a.u[1]);

		for (ulong k = 0; k < a.u[4]; k++)
			word[k * stride] = word[k * stride] * 3 + at;
	}
}

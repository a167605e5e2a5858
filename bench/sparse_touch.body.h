/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sparse_touch.body.h - reads and changes one word on each of some pages, in a random order; an index is a touch.
 *
 * u[0] bits: the buffer has 2^bits pages   u[1] bytes of a page   u[2] key of the order
 */
#include "bench/order.body.h"

FS_BODY(sparse_touch)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(i)
	{
		FS_GLOBAL ulong *word = FS_ARRAY(ulong, order_at(i, a.u[0], a.u[2]) * a.u[1]);

		*word = *word * 3 + i;
	}
}

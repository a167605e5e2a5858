/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_latency.body.h - one touch a stride, one after the other, each timed by the device's own clock.
 *
 * u[0] bits: 2^bits touches   u[1] stride in bytes   u[2] key of the order   u[3] key of the data
 * Index 0 is the whole: one worker, so that no touch waits for another's fault. out[i]: ns of the i-th touch.
 */
#include "bench/order.body.h"

FS_BODY(fault_latency)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(once)
	{
		for (ulong i = 0; i < (ulong)1 << a.u[0]; i++) {
			volatile FS_GLOBAL ulong *word = FS_ARRAY(ulong, order_at(i, a.u[0], a.u[2]) * a.u[1]);
			ulong start = FS_CLOCK();

			*word = *word + 1;
			out[i] = FS_CLOCK() - start;
		}
	}
}

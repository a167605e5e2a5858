/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * order.body.h - random orders without a table, the same on both sides: a seeded bijection of [0, 2^bits).
 *
 * Pages and lines are visited in such an order, so that neither a prefetcher nor a recycled page helps. A
 * closed form needs no memory that could itself be cached, moved or faulted on, and the position after any
 * number of steps is known without walking them, which makes it an oracle.
 */
#ifndef FIVESTEP_BENCH_ORDER_BODY_H
#define FIVESTEP_BENCH_ORDER_BODY_H

#include "harness/body.h"

/* Each line is a bijection modulo 2^bits: an odd multiplier, an addend, a shift to the right folded in. */
FS_DEVICE_FN static inline ulong order_at(ulong i, ulong bits, ulong key)
{
	ulong mask = ((ulong)1 << bits) - 1, fold = (bits + 1) / 2;
	ulong x = (i * (key | 1) + (key >> 17)) & mask;

	x ^= x >> fold;
	x = (x * 0x9e3779b97f4a7c15ul + (key >> 7)) & mask;
	x ^= x >> fold;
	x = (x * 0xd6e8feb86659fd93ul) & mask;
	x ^= x >> fold;
	return x;
}

/* A word that says where it is from: data of item i. */
FS_DEVICE_FN static inline ulong order_word(ulong i, ulong key)
{
	ulong x = (i + 1) * 0x9e3779b97f4a7c15ul + key;

	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ul;
	return x ^ x >> 32;
}

#endif

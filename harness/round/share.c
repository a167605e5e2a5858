/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * share.c - the histogram's buckets.
 */
#include "config.h"

#include "harness/round/share.h"

unsigned histogram_bucket(uint64_t value)
{
	unsigned shift;

	if (value < 1u << HISTOGRAM_BITS)
		return (unsigned)value;
	shift = 63 - __builtin_clzll(value) - HISTOGRAM_BITS;
	return (unsigned)(((uint64_t)(shift + 1) << HISTOGRAM_BITS) + ((value >> shift) - (1u << HISTOGRAM_BITS)));
}

void histogram_bounds(unsigned bucket, uint64_t *low, uint64_t *high)
{
	unsigned shift;

	if (bucket < 1u << HISTOGRAM_BITS) {
		*low = bucket;
		*high = bucket + 1;
		return;
	}
	shift = (bucket >> HISTOGRAM_BITS) - 1;
	*low = ((uint64_t)(bucket & ((1u << HISTOGRAM_BITS) - 1)) + (1u << HISTOGRAM_BITS)) << shift;
	*high = *low + ((uint64_t)1 << shift);
}

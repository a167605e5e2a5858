/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access_bandwidth.body.h - reads or writes every word, several times over; an index is a word of 8 bytes.
 *
 * u[0] 1 to write, 0 to read   u[1] how many times, 0 for the cost of a start alone   u[2] key of the data. out[0]: sum of what was read.
 */
#include "harness/body.h"

FS_BODY(access_bandwidth)
{
	FS_GLOBAL ulong *words = FS_ARRAY(ulong, 0);
	ulong sum = 0;

	for (ulong time = 0; time < a.u[1]; time++) {
		/* Another one each time, so that the last shows; added here, since an operation more in the loop costs time in a cache. */
		ulong key = a.u[2] + time;

		if (a.u[0] != 0) {
			FS_FOR(i)
			{
				words[i] = i ^ key;
			}
		} else {
			FS_UNROLL
			FS_FOR(i)
			{
				sum += words[i];
			}
		}
	}
	FS_ADD(&out[0], sum);
}

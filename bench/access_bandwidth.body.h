/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access_bandwidth.body.h - reads or writes every word, several times over; one index is one line of 64 bytes.
 *
 * u[0] 1 to write, 0 to read   u[1] how many times   u[2] key of the data. out[0]: sum of what was read.
 */
#include "harness/body.h"

#define ACCESS_LINE 8

FS_BODY(access_bandwidth)
{
	ulong sum = 0;

	for (ulong time = 0; time < a.u[1]; time++) {
		if (a.u[0] != 0) {
			FS_FOR(i)
			{
				FS_GLOBAL ulong *line = FS_ARRAY(ulong, i * ACCESS_LINE * sizeof(ulong));

				for (ulong k = 0; k < ACCESS_LINE; k++)
					line[k] = ((i * ACCESS_LINE + k) ^ a.u[2]) + time;
			}
		} else {
			FS_FOR(i)
			{
				FS_GLOBAL ulong *line = FS_ARRAY(ulong, i * ACCESS_LINE * sizeof(ulong));

				sum += (line[0] + line[1]) + (line[2] + line[3]) + ((line[4] + line[5]) + (line[6] + line[7]));
			}
		}
	}
	FS_ADD(&out[0], sum);
}

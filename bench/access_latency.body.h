/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access_latency.body.h - follows links from line to line: each address is known only when the one before it was read.
 *
 * u[0] offset of the first line   u[1] how many links to follow. out[0]: offset of the last line. Index 0 is the whole.
 */
#include "harness/body.h"

FS_BODY(access_latency)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(once)
	{
		ulong at = a.u[0];

		for (ulong n = 0; n < a.u[1]; n++)
			at = *FS_ARRAY(ulong, at);
		out[0] = at;
	}
}

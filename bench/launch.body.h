/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * launch.body.h - next to nothing, so that starting it is what costs.
 *
 * u[0] != 0: adds one to the first word of the buffer. out[0]: how often it ran. Index 0 is the whole.
 */
#include "harness/body.h"

FS_BODY(launch)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(once)
	{
		FS_GLOBAL ulong *word = FS_ARRAY(ulong, 0);

		if (a.u[0] != 0)
			*word = *word + 1;
		out[0] = out[0] + 1;
	}
}

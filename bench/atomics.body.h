/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * atomics.body.h - the device adds to shared words, one after the other. u[0] words   u[1] bytes from one to the next   u[2] additions.
 * out[0]: additions made. Index 0 is the whole.
 */
#include "harness/body.h"

FS_BODY(atomics)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(once)
	{
		ulong done = 0, word = 0;

		for (; done < a.u[2]; done++) {
			FS_GLOBAL ulong *p = FS_ARRAY(ulong, word * a.u[1]);

			(void)FS_ADD(p, 1);
			word = word + 1 < a.u[0] ? word + 1 : 0;
		}
		out[0] = done;
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * false_sharing.body.h - the device's word grows by one, again and again. u[0] offset of the word   u[1] times. out[0]: times. Index 0 is the whole.
 */
#include "harness/body.h"

FS_BODY(false_sharing)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(once)
	{
		volatile FS_GLOBAL ulong *word = FS_ARRAY(ulong, a.u[0]);
		ulong times = 0;

		for (; times < a.u[1]; times++)
			*word = *word + 1;
		out[0] = times;
	}
}

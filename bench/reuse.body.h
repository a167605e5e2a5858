/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reuse.body.h - adds to every word of the buffer; an index is a word. u[0]: what is added
 */
#include "harness/body.h"

FS_BODY(reuse)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(i)
	{
		FS_GLOBAL ulong *word = FS_ARRAY(ulong, 0);

		word[i] = word[i] + a.u[0];
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * touch_pages.body.h - touches one word on each page, in ascending order; an index is a page.
 *
 * u[0] bytes of a page   u[1] != 0: the touch writes, adding one. out[i]: the word that the touch of page i read.
 */
#include "harness/body.h"

FS_BODY(touch_pages)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(i)
	{
		volatile FS_GLOBAL ulong *word = FS_ARRAY(ulong, i * a.u[0]);
		ulong seen = *word;

		if (a.u[1] != 0)
			*word = seen + 1;
		out[i] = seen;
	}
}

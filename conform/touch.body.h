/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * touch.body.h - writes whole pages, or compares them with what they should hold; an index is a page. What a page holds follows from its number and
 * a key; with key 0 zeros.
 *
 * u[0] bytes of a page   u[1] key   u[2] != 0: writes   u[3] the page that buf begins with
 * out[0]: words that differ
 */
#include "harness/body.h"

#ifndef FIVESTEP_CONFORM_WORD
#define FIVESTEP_CONFORM_WORD
FS_DEVICE_FN static inline ulong touch_word(ulong page, ulong word, ulong key)
{
	return key == 0 ? 0 : fs_mix(fs_mix(key + page * FS_MIX_STEP) + word);
}
#endif

FS_BODY(touch)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(page)
	{
		FS_GLOBAL ulong *words = FS_ARRAY(ulong, (page - a.u[3]) * a.u[0]);
		ulong different = 0;

		for (ulong i = 0; i < a.u[0] / sizeof(ulong); i++) {
			if (a.u[2] != 0)
				words[i] = touch_word(page, i, a.u[1]);
			else
				different += words[i] != touch_word(page, i, a.u[1]);
		}
		if (different != 0)
			FS_ADD_RELAXED(&out[0], different);
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ping_pong.body.h - the device's turns: whenever the word is odd, it makes it even by adding one.
 *
 * u[0] offset of the word   u[1] turns to take   u[2] ns, u[3] looks at the word, after which it gives up a turn, so that it
 * ends should the other side have died: a device may have no clock. out[0]: turns taken. Index 0 is the whole.
 */
#include "harness/body.h"

FS_BODY(ping_pong)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(once)
	{
		FS_GLOBAL ulong *word = FS_ARRAY(ulong, a.u[0]);
		ulong turn = 0, looks = 0, since = FS_CLOCK();

		while (turn < a.u[1] && looks < a.u[3]) {
			ulong seen = FS_LOAD(word);

			if (seen % 2 != 0) {
				FS_STORE(word, seen + 1);
				turn++;
				looks = 0;
				since = FS_CLOCK();
				continue;
			}
			looks++;
			if (looks % 1024 == 0 && FS_CLOCK() - since > a.u[2])
				break;
			FS_RELAX();
		}
		out[0] = turn;
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bfs.body.h - one level: every vertex at this depth marks its unseen neighbours one deeper. u: offsets of the rows, the
 * edges and the levels; the depth; the mark of unseen. An index is a vertex. Two workers may mark the same
 * neighbour: with the same word, so that it does not matter who is first.
 */
#include "harness/body.h"

FS_BODY(bfs)
{
	FS_GLOBAL const ulong *rows = FS_ARRAY(ulong, a.u[0]);
	FS_GLOBAL const uint *edges = FS_ARRAY(uint, a.u[1]);
	FS_GLOBAL ulong *levels = FS_ARRAY(ulong, a.u[2]);

	(void)out;
	FS_FOR(v)
	{
		if (FS_LOAD(&levels[v]) != a.u[3])
			continue;
		for (ulong e = rows[v]; e < rows[v + 1]; e++) {
			if (FS_LOAD(&levels[edges[e]]) == a.u[4])
				FS_STORE(&levels[edges[e]], a.u[3] + 1);
		}
	}
}

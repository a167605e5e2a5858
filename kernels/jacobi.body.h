/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jacobi.body.h - one sweep: every inner point becomes the mean of its four neighbours, the border is copied. u: offsets
 * of the grid that is read and of the one that is written, points in a row; an index is a row.
 */
#include "harness/body.h"

FS_BODY(jacobi)
{
	FS_GLOBAL const double *from = FS_ARRAY(double, a.u[0]);
	FS_GLOBAL double *to = FS_ARRAY(double, a.u[1]);
	ulong n = a.u[2];

	(void)out;
	FS_FOR(i)
	{
		for (ulong j = 0; j < n; j++) {
			ulong k = i * n + j;

			to[k] = i == 0 || i == n - 1 || j == 0 || j == n - 1 ? from[k]
									     : 0.25 * ((from[k - n] + from[k + n]) + (from[k - 1] + from[k + 1]));
		}
	}
}

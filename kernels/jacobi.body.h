/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jacobi.body.h - one sweep: every inner point becomes the mean of its four neighbours, the border is copied. u: offsets
 * of the grid that is read and of the one that is written, points in a row, bytes of a point if it is a float; an index is a row.
 */
#include "harness/body.h"

/* The loop over inner points has no condition inside: compilers make vectors of it. */
#define JACOBI(real)                                                                                                                                 \
	FS_FOR(i)                                                                                                                                    \
	{                                                                                                                                            \
		FS_GLOBAL const real *row = FS_ARRAY(real, a.u[0]) + i * n;                                                                          \
		FS_GLOBAL real *to = FS_ARRAY(real, a.u[1]) + i * n;                                                                                 \
                                                                                                                                                     \
		if (i == 0 || i == n - 1) {                                                                                                          \
			for (ulong j = 0; j < n; j++)                                                                                                \
				to[j] = row[j];                                                                                                      \
			continue;                                                                                                                    \
		}                                                                                                                                    \
		FS_INDEPENDENT                                                                                                                       \
		for (ulong j = 1; j < n - 1; j++)                                                                                                    \
			to[j] = (real)0.25 * (((row - n)[j] + (row + n)[j]) + (row[j - 1] + row[j + 1]));                                            \
		to[0] = row[0];                                                                                                                      \
		to[n - 1] = row[n - 1];                                                                                                              \
	}

FS_BODY(jacobi)
{
	ulong n = a.u[2];

	(void)out;
	if (a.u[3] == sizeof(float))
		JACOBI(float)
	else
		JACOBI(double)
}

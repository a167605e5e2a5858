/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cg.body.h - q = A * p for a sparse matrix in rows (CSR). u: offsets of where the rows begin, of the columns, the values, p and q; the last one:
 * bytes of an element of the last three if it is a float. An index is a row.
 */
#include "harness/body.h"

#define CG(real)                                                                                                                                     \
	{                                                                                                                                            \
		FS_GLOBAL const real *values = FS_ARRAY(real, a.u[2]), *p = FS_ARRAY(real, a.u[3]);                                                  \
		FS_GLOBAL real *q = FS_ARRAY(real, a.u[4]);                                                                                          \
                                                                                                                                                     \
		FS_FOR(i)                                                                                                                            \
		{                                                                                                                                    \
			real sum = 0;                                                                                                                \
                                                                                                                                                     \
			for (ulong k = rows[i]; k < rows[i + 1]; k++)                                                                                \
				sum += values[k] * p[columns[k]];                                                                                    \
			q[i] = sum;                                                                                                                  \
		}                                                                                                                                    \
	}

FS_BODY(cg)
{
	FS_GLOBAL const ulong *rows = FS_ARRAY(ulong, a.u[0]);
	FS_GLOBAL const uint *columns = FS_ARRAY(uint, a.u[1]);

	(void)out;
	if (a.u[7] == sizeof(float))
		CG(float)
	else
		CG(double)
}

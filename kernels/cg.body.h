/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cg.body.h - q = A * p for a sparse matrix in rows (CSR). u: offsets of where the rows begin, of the columns, the values, p and q. An index is a
 * row.
 */
#include "harness/body.h"

FS_BODY(cg)
{
	FS_GLOBAL const ulong *rows = FS_ARRAY(ulong, a.u[0]);
	FS_GLOBAL const uint *columns = FS_ARRAY(uint, a.u[1]);
	FS_GLOBAL const double *values = FS_ARRAY(double, a.u[2]), *p = FS_ARRAY(double, a.u[3]);
	FS_GLOBAL double *q = FS_ARRAY(double, a.u[4]);

	(void)out;
	FS_FOR(i)
	{
		double sum = 0;

		for (ulong k = rows[i]; k < rows[i + 1]; k++)
			sum += values[k] * p[columns[k]];
		q[i] = sum;
	}
}

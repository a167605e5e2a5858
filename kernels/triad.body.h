/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * triad.body.h - a = b + scale * c. u: offsets of a, b, c; f[0]: scale; an index is an element.
 */
#include "harness/body.h"

FS_BODY(triad)
{
	FS_GLOBAL double *x = FS_ARRAY(double, a.u[0]);
	FS_GLOBAL const double *y = FS_ARRAY(double, a.u[1]);
	FS_GLOBAL const double *z = FS_ARRAY(double, a.u[2]);
	double scale = a.f[0];

	(void)out;
	FS_FOR(i)
	{
		x[i] = y[i] + scale * z[i];
	}
}

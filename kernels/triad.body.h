/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * triad.body.h - a = b + scale * c. u: offsets of a, b, c, bytes of an element if it is a float; f[0]: scale; an index is an element.
 */
#include "harness/body.h"

#define TRIAD(real)                                                                                                                                  \
	{                                                                                                                                            \
		FS_GLOBAL real *x = FS_ARRAY(real, a.u[0]);                                                                                          \
		FS_GLOBAL const real *y = FS_ARRAY(real, a.u[1]);                                                                                    \
		FS_GLOBAL const real *z = FS_ARRAY(real, a.u[2]);                                                                                    \
		real scale = (real)a.f[0];                                                                                                           \
                                                                                                                                                     \
		FS_FOR(i)                                                                                                                            \
		{                                                                                                                                    \
			x[i] = y[i] + scale * z[i];                                                                                                  \
		}                                                                                                                                    \
	}

FS_BODY(triad)
{
	(void)out;
	if (a.u[3] == sizeof(float))
		TRIAD(float)
	else
		TRIAD(double)
}

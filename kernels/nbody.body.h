/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nbody.body.h - a step of bodies in the field of the heavy ones. u: offset of the coordinates x, bytes from there to y and on to z, u, v and w (the
 * velocities), offset of the heavy bodies, number of those, bytes of a coordinate if it is a float; f: step in time, what is added to squares of
 * distances. An index is NBODY_LANES bodies, so that they are computed in one vector.
 */
#ifndef FIVESTEP_KERNELS_NBODY_BODY_H
#define FIVESTEP_KERNELS_NBODY_BODY_H

#include "harness/body.h"

#define NBODY_LANES 8u

/* A body that attracts all others, as it was before the step: x, y, z and its mass. */
#define NBODY_HEAVY 4u

#define NBODY(real)                                                                                                                                  \
	FS_FOR(i)                                                                                                                                    \
	{                                                                                                                                            \
		FS_GLOBAL const real *heavy = FS_ARRAY(real, a.u[2]);                                                                                \
		FS_GLOBAL real *x = FS_ARRAY(real, a.u[0]) + i * NBODY_LANES, *u = FS_ARRAY(real, a.u[0] + 3 * a.u[1]) + i * NBODY_LANES;            \
		FS_GLOBAL real *y = FS_ARRAY(real, a.u[0] + a.u[1]) + i * NBODY_LANES, *v = FS_ARRAY(real, a.u[0] + 4 * a.u[1]) + i * NBODY_LANES;   \
		FS_GLOBAL real *z = FS_ARRAY(real, a.u[0] + 2 * a.u[1]) + i * NBODY_LANES;                                                           \
		FS_GLOBAL real *w = FS_ARRAY(real, a.u[0] + 5 * a.u[1]) + i * NBODY_LANES;                                                           \
		real fx[NBODY_LANES] = {0}, fy[NBODY_LANES] = {0}, fz[NBODY_LANES] = {0}, step = (real)a.f[0], soften = (real)a.f[1];                \
                                                                                                                                                     \
		for (ulong h = 0; h < NBODY_HEAVY * a.u[3]; h += NBODY_HEAVY) {                                                                      \
			real hx = heavy[h], hy = heavy[h + 1], hz = heavy[h + 2], mass = heavy[h + 3];                                               \
                                                                                                                                                     \
			for (uint l = 0; l < NBODY_LANES; l++) {                                                                                     \
				real dx = hx - x[l], dy = hy - y[l], dz = hz - z[l];                                                                 \
				real square = dx * dx + dy * dy + dz * dz + soften;                                                                  \
				real pull = FS_QUOTIENT_##real(mass, square * FS_SQRT_##real(square));                                               \
                                                                                                                                                     \
				fx[l] += dx * pull;                                                                                                  \
				fy[l] += dy * pull;                                                                                                  \
				fz[l] += dz * pull;                                                                                                  \
			}                                                                                                                            \
		}                                                                                                                                    \
		for (uint l = 0; l < NBODY_LANES; l++) {                                                                                             \
			u[l] += fx[l] * step;                                                                                                        \
			v[l] += fy[l] * step;                                                                                                        \
			w[l] += fz[l] * step;                                                                                                        \
			x[l] += u[l] * step;                                                                                                         \
			y[l] += v[l] * step;                                                                                                         \
			z[l] += w[l] * step;                                                                                                         \
		}                                                                                                                                    \
	}

FS_BODY(nbody)
{
	(void)out;
	if (a.u[4] == sizeof(float))
		NBODY(float)
	else
		NBODY(double)
}

#endif

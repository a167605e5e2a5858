/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nbody.body.h - a step of bodies in the field of the heavy ones. u: offsets of the coordinates x, y, z, of the velocities u, v, w and of the heavy
 * bodies, number of those; f: step in time, what is added to squares of distances. An index is NBODY_LANES bodies, so that they are computed in one
 * vector.
 */
#ifndef FIVESTEP_KERNELS_NBODY_BODY_H
#define FIVESTEP_KERNELS_NBODY_BODY_H

#include "harness/body.h"

#define NBODY_LANES 8u

/* A body that attracts all others, as it was before the step. */
struct nbody_heavy {
	double x, y, z, mass;
};

FS_BODY(nbody)
{
	FS_GLOBAL const struct nbody_heavy *heavy = FS_ARRAY(struct nbody_heavy, a.u[6]);
	double step = a.f[0], soften = a.f[1];

	(void)out;
	FS_FOR(i)
	{
		FS_GLOBAL double *x = FS_ARRAY(double, a.u[0]) + i * NBODY_LANES, *u = FS_ARRAY(double, a.u[3]) + i * NBODY_LANES;
		FS_GLOBAL double *y = FS_ARRAY(double, a.u[1]) + i * NBODY_LANES, *v = FS_ARRAY(double, a.u[4]) + i * NBODY_LANES;
		FS_GLOBAL double *z = FS_ARRAY(double, a.u[2]) + i * NBODY_LANES, *w = FS_ARRAY(double, a.u[5]) + i * NBODY_LANES;
		double fx[NBODY_LANES] = {0}, fy[NBODY_LANES] = {0}, fz[NBODY_LANES] = {0};

		for (ulong h = 0; h < a.u[7]; h++) {
			double hx = heavy[h].x, hy = heavy[h].y, hz = heavy[h].z, mass = heavy[h].mass;

			for (uint l = 0; l < NBODY_LANES; l++) {
				double dx = hx - x[l], dy = hy - y[l], dz = hz - z[l];
				double square = dx * dx + dy * dy + dz * dz + soften, pull = mass / (square * FS_SQRT(square));

				fx[l] += dx * pull;
				fy[l] += dy * pull;
				fz[l] += dz * pull;
			}
		}
		for (uint l = 0; l < NBODY_LANES; l++) {
			u[l] += fx[l] * step;
			v[l] += fy[l] * step;
			w[l] += fz[l] * step;
			x[l] += u[l] * step;
			y[l] += v[l] * step;
			z[l] += w[l] * step;
		}
	}
}

#endif

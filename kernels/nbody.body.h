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

/*
 * In C the lanes are vectors as wide as the form's registers (see FS_VECTOR_BYTES): of arrays, gcc makes vectors of heavy bodies instead, and sums up
 * their parts one by one, three times slower. Square roots are a loop over an array, of which compilers make one instruction.
 */
#if defined(__OPENCL_VERSION__) || defined(__CUDACC__)
#define NBODY_VECTOR_BYTES()  0
#define NBODY_OF(real, width) NBODY_LANES_OF(real)
#define NBODY_LANES_OF(real)                                                                                                                         \
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
#else
#define NBODY_VECTOR_BYTES() FS_VECTOR_BYTES()
#define NBODY_OF(real, width)                                                                                                                        \
	FS_FOR(i)                                                                                                                                    \
	{                                                                                                                                            \
		typedef real vector __attribute__((vector_size(width), aligned(sizeof(real)), may_alias));                                           \
		enum { IN_ONE = (width) / sizeof(real) };                                                                                            \
		const real *heavy = FS_ARRAY(real, a.u[2]);                                                                                          \
		const real step = (real)a.f[0], soften = (real)a.f[1];                                                                               \
                                                                                                                                                     \
		for (uint l = 0; l < NBODY_LANES; l += IN_ONE) {                                                                                     \
			vector *at[6], force[3] = {{0}};                                                                                             \
                                                                                                                                                     \
			for (uint c = 0; c < 6; c++)                                                                                                 \
				at[c] = (vector *)(FS_ARRAY(real, a.u[0] + c * a.u[1]) + i * NBODY_LANES + l);                                       \
			for (ulong h = 0; h < NBODY_HEAVY * a.u[3]; h += NBODY_HEAVY) {                                                              \
				vector dx = heavy[h] - *at[0], dy = heavy[h + 1] - *at[1], dz = heavy[h + 2] - *at[2];                               \
				vector square = dx * dx + dy * dy + dz * dz + soften, root, pull;                                                    \
				real squares[IN_ONE];                                                                                                \
                                                                                                                                                     \
				*(vector *)squares = square;                                                                                         \
				for (uint r = 0; r < IN_ONE; r++)                                                                                    \
					squares[r] = FS_SQRT_##real(squares[r]);                                                                     \
				root = *(vector *)squares;                                                                                           \
				pull = heavy[h + 3] / (square * root);                                                                               \
				force[0] += dx * pull;                                                                                               \
				force[1] += dy * pull;                                                                                               \
				force[2] += dz * pull;                                                                                               \
			}                                                                                                                            \
			for (uint c = 0; c < 3; c++) {                                                                                               \
				*at[3 + c] += force[c] * step;                                                                                       \
				*at[c] += *at[3 + c] * step;                                                                                         \
			}                                                                                                                            \
		}                                                                                                                                    \
	}
#endif

FS_BODY(nbody)
{
	(void)out;
	if (a.u[4] == sizeof(float)) {
		if (NBODY_VECTOR_BYTES() >= 32)
			NBODY_OF(float, 32)
		else
			NBODY_OF(float, 16)
	} else if (NBODY_VECTOR_BYTES() == 64)
		NBODY_OF(double, 64)
	else if (NBODY_VECTOR_BYTES() == 32)
		NBODY_OF(double, 32)
	else
		NBODY_OF(double, 16)
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kmeans.body.h - gives each point the number of the centre that is nearest, the first one of several that are equally near. u: offsets of the
 * points, the centres and the labels, coordinates of a point, number of centres, bytes of a coordinate if it is a float. An index is KMEANS_LANES
 * points, stored coordinate by coordinate, so that they are computed in one vector.
 */
#ifndef FIVESTEP_KERNELS_KMEANS_BODY_H
#define FIVESTEP_KERNELS_KMEANS_BODY_H

#include "harness/body.h"

#define KMEANS_LANES 8u
#define KMEANS_FAR   1e30 /* farther than any point */

/*
 * In C the lanes are vectors as wide as the form's registers (see FS_VECTOR_BYTES), of which compilers keep sums and labels in registers; of arrays,
 * they make code that is five times slower. Which centre is nearer is a mask of all bits or none.
 */
#if defined(__OPENCL_VERSION__) || defined(__CUDACC__)
#define KMEANS_VECTOR_BYTES()		0
#define KMEANS_OF(real, integer, width) KMEANS_LANES_OF(real)
#define KMEANS_LANES_OF(real)                                                                                                                        \
	FS_FOR(i)                                                                                                                                    \
	{                                                                                                                                            \
		FS_GLOBAL const real *centres = FS_ARRAY(real, a.u[1]), *points = FS_ARRAY(real, a.u[0]) + i * dims * KMEANS_LANES;                  \
		FS_GLOBAL ulong *labels = FS_ARRAY(ulong, a.u[2]) + i * KMEANS_LANES;                                                                \
		real nearest[KMEANS_LANES];                                                                                                          \
		ulong label[KMEANS_LANES];                                                                                                           \
                                                                                                                                                     \
		for (uint l = 0; l < KMEANS_LANES; l++) {                                                                                            \
			nearest[l] = (real)KMEANS_FAR;                                                                                               \
			label[l] = 0;                                                                                                                \
		}                                                                                                                                    \
		for (ulong c = 0; c < a.u[4]; c++) {                                                                                                 \
			real far[KMEANS_LANES] = {0};                                                                                                \
                                                                                                                                                     \
			for (ulong d = 0; d < dims; d++) {                                                                                           \
				real centre = centres[c * dims + d];                                                                                 \
                                                                                                                                                     \
				for (uint l = 0; l < KMEANS_LANES; l++)                                                                              \
					far[l] += (points[d * KMEANS_LANES + l] - centre) * (points[d * KMEANS_LANES + l] - centre);                 \
			}                                                                                                                            \
			for (uint l = 0; l < KMEANS_LANES; l++) {                                                                                    \
				label[l] = far[l] < nearest[l] ? c : label[l];                                                                       \
				nearest[l] = far[l] < nearest[l] ? far[l] : nearest[l];                                                              \
			}                                                                                                                            \
		}                                                                                                                                    \
		for (uint l = 0; l < KMEANS_LANES; l++)                                                                                              \
			labels[l] = label[l];                                                                                                        \
	}
#else
#define KMEANS_VECTOR_BYTES() FS_VECTOR_BYTES()
#define KMEANS_OF(real, integer, width)                                                                                                              \
	FS_FOR(i)                                                                                                                                    \
	{                                                                                                                                            \
		typedef real vector __attribute__((vector_size(width), aligned(sizeof(real)), may_alias));                                           \
		typedef integer numbers __attribute__((vector_size(width)));                                                                         \
		enum { IN_ONE = (width) / sizeof(real), PARTS = KMEANS_LANES / IN_ONE };                                                             \
		const real *centres = FS_ARRAY(real, a.u[1]), *points = FS_ARRAY(real, a.u[0]) + i * dims * KMEANS_LANES;                            \
		ulong *labels = FS_ARRAY(ulong, a.u[2]) + i * KMEANS_LANES;                                                                          \
		numbers nearest[PARTS], label[PARTS];                                                                                                \
                                                                                                                                                     \
		for (uint p = 0; p < PARTS; p++) {                                                                                                   \
			nearest[p] = (numbers)((vector){0} + (real)KMEANS_FAR);                                                                      \
			label[p] = (numbers){0};                                                                                                     \
		}                                                                                                                                    \
		for (ulong c = 0; c < a.u[4]; c++) {                                                                                                 \
			vector far[PARTS] = {{0}};                                                                                                   \
                                                                                                                                                     \
			for (ulong d = 0; d < dims; d++) {                                                                                           \
				for (uint p = 0; p < PARTS; p++) {                                                                                   \
					vector away = *(const vector *)(points + d * KMEANS_LANES + p * IN_ONE) - centres[c * dims + d];             \
                                                                                                                                                     \
					far[p] += away * away;                                                                                       \
				}                                                                                                                    \
			}                                                                                                                            \
			for (uint p = 0; p < PARTS; p++) {                                                                                           \
				numbers nearer = (numbers)(far[p] < (vector)nearest[p]);                                                             \
                                                                                                                                                     \
				label[p] = (label[p] & ~nearer) | (nearer & (integer)c);                                                             \
				nearest[p] = (nearest[p] & ~nearer) | ((numbers)far[p] & nearer);                                                    \
			}                                                                                                                            \
		}                                                                                                                                    \
		for (uint l = 0; l < KMEANS_LANES; l++)                                                                                              \
			labels[l] = (ulong)label[l / IN_ONE][l % IN_ONE];                                                                            \
	}
#endif

FS_BODY(kmeans)
{
	ulong dims = a.u[3];

	(void)out;
	if (a.u[5] == sizeof(float)) {
		if (KMEANS_VECTOR_BYTES() >= 32)
			KMEANS_OF(float, int, 32)
		else
			KMEANS_OF(float, int, 16)
	} else if (KMEANS_VECTOR_BYTES() == 64)
		KMEANS_OF(double, long, 64)
	else if (KMEANS_VECTOR_BYTES() == 32)
		KMEANS_OF(double, long, 32)
	else
		KMEANS_OF(double, long, 16)
}

#endif

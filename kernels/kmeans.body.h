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

#define KMEANS(real)                                                                                                                                 \
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

FS_BODY(kmeans)
{
	ulong dims = a.u[3];

	(void)out;
	if (a.u[5] == sizeof(float))
		KMEANS(float)
	else
		KMEANS(double)
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kmeans.body.h - gives each point the number of the centre that is nearest, the first one of several that are equally near. u: offsets of the
 * points, the centres and the labels, coordinates of a point, number of centres. An index is KMEANS_LANES points, stored coordinate by coordinate, so
 * that they are computed in one vector.
 */
#ifndef FIVESTEP_KERNELS_KMEANS_BODY_H
#define FIVESTEP_KERNELS_KMEANS_BODY_H

#include "harness/body.h"

#define KMEANS_LANES 8u

FS_BODY(kmeans)
{
	FS_GLOBAL const double *centres = FS_ARRAY(double, a.u[1]);
	ulong dims = a.u[3];

	(void)out;
	FS_FOR(i)
	{
		FS_GLOBAL const double *points = FS_ARRAY(double, a.u[0]) + i * dims * KMEANS_LANES;
		FS_GLOBAL ulong *labels = FS_ARRAY(ulong, a.u[2]) + i * KMEANS_LANES;
		double nearest[KMEANS_LANES];
		ulong label[KMEANS_LANES];

		for (uint l = 0; l < KMEANS_LANES; l++) {
			nearest[l] = 1e300;
			label[l] = 0;
		}
		for (ulong c = 0; c < a.u[4]; c++) {
			double far[KMEANS_LANES] = {0};

			for (ulong d = 0; d < dims; d++) {
				double centre = centres[c * dims + d];

				for (uint l = 0; l < KMEANS_LANES; l++)
					far[l] += (points[d * KMEANS_LANES + l] - centre) * (points[d * KMEANS_LANES + l] - centre);
			}
			for (uint l = 0; l < KMEANS_LANES; l++) {
				label[l] = far[l] < nearest[l] ? c : label[l];
				nearest[l] = far[l] < nearest[l] ? far[l] : nearest[l];
			}
		}
		for (uint l = 0; l < KMEANS_LANES; l++)
			labels[l] = label[l];
	}
}

#endif

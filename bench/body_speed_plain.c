/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * body_speed_plain.c - the loops that body_speed holds bodies against, written out in vectors of 64 bytes. They take what the bodies take, and are
 * compiled for the same vector units.
 */
#include "config.h"

#include <string.h>

#include "harness/body.h"

#define VECTOR 8 /* words of a vector */

typedef double reals __attribute__((vector_size(VECTOR * sizeof(double)), aligned(sizeof(double)), may_alias));
typedef ulong words __attribute__((vector_size(VECTOR * sizeof(ulong)), aligned(sizeof(ulong)), may_alias));

FS_BODY(plain_triad)
{
	double *x = FS_ARRAY(double, a.u[0]), *y = FS_ARRAY(double, a.u[1]), *z = FS_ARRAY(double, a.u[2]);
	ulong i = first;

	(void)out;
	(void)stride;
	for (; i + VECTOR <= last; i += VECTOR)
		*(reals *)(x + i) = *(reals *)(y + i) + a.f[0] * *(reals *)(z + i);
	for (; i < last; i++)
		x[i] = y[i] + a.f[0] * z[i];
}

static inline __attribute__((always_inline)) void plain_row(const double *row, double *to, ulong n)
{
	ulong j = 1;

	for (; j + VECTOR < n; j += VECTOR)
		*(reals *)(to + j) =
			0.25 * ((*(reals *)(row + j - n) + *(reals *)(row + j + n)) + (*(reals *)(row + j - 1) + *(reals *)(row + j + 1)));
	for (; j + 1 < n; j++)
		to[j] = 0.25 * ((row[j - n] + row[j + n]) + (row[j - 1] + row[j + 1]));
	to[0] = row[0];
	to[n - 1] = row[n - 1];
}

FS_BODY(plain_jacobi)
{
	ulong n = a.u[2];

	(void)out;
	FS_FOR(i)
	{
		const double *row = FS_ARRAY(double, a.u[0]) + i * n;
		double *to = FS_ARRAY(double, a.u[1]) + i * n;

		if (i == 0 || i == n - 1)
			memcpy(to, row, n * sizeof(*to));
		else
			plain_row(row, to, n);
	}
}

FS_BODY(plain_read)
{
	ulong *w = FS_ARRAY(ulong, 0), i = first, sum = 0;
	words one = {0}, two = {0};

	(void)a;
	(void)stride;
	for (; i + 2 * VECTOR <= last; i += 2 * VECTOR) {
		one += *(words *)(w + i);
		two += *(words *)(w + i + VECTOR);
	}
	for (; i < last; i++)
		sum += w[i];
	one += two;
	for (int k = 0; k < VECTOR; k++)
		sum += one[k];
	out[0] += sum;
}

FS_BODY(plain_write)
{
	ulong *w = FS_ARRAY(ulong, 0), i = first;
	words at = {0, 1, 2, 3, 4, 5, 6, 7};

	(void)out;
	(void)stride;
	for (at += first; i + VECTOR <= last; i += VECTOR, at += VECTOR)
		*(words *)(w + i) = at ^ a.u[2];
	for (; i < last; i++)
		w[i] = i ^ a.u[2];
}

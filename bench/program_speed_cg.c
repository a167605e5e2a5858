/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed_cg.c - the product of cg, a sparse matrix with a vector, against a plain loop over rows (CSR). See program_speed.c.
 */
#include "config.h"

#include <string.h>

#include "bench/program_speed.h"

#define DEGREE 9u /* elements of a row */

FS_BODY_DECLARE(cg);

static FS_BODY(plain_product)
{
	const ulong *rows = FS_ARRAY(ulong, a.u[0]);
	const uint *columns = FS_ARRAY(uint, a.u[1]);
	const double *values = FS_ARRAY(double, a.u[2]), *p = FS_ARRAY(double, a.u[3]);
	double *q = FS_ARRAY(double, a.u[4]);

	(void)out;
	FS_FOR(i)
	{
		double even = 0, odd = 0;
		ulong k = rows[i], end = rows[i + 1];

		for (; k + 2 <= end; k += 2) {
			even += values[k] * p[columns[k]];
			odd += values[k + 1] * p[columns[k + 1]];
		}
		if (k < end)
			even += values[k] * p[columns[k]];
		q[i] = even + odd;
	}
}

int speed_cg(const struct speed *t, double *expected)
{
	ulong n = t->bytes / (sizeof(ulong) + DEGREE * (sizeof(uint) + sizeof(double)) + 2 * sizeof(double)) - 2;
	double *values, *p, *q;
	struct fs_body_args args = {.u = {0, (n + 1) * sizeof(ulong)}};
	ulong *rows = (ulong *)t->buf;
	struct speed_times times;
	uint *columns;

	args.u[2] = (args.u[1] + n * DEGREE * sizeof(uint) + sizeof(double) - 1) / sizeof(double) * sizeof(double);
	args.u[3] = args.u[2] + n * DEGREE * sizeof(double);
	args.u[4] = args.u[3] + n * sizeof(double);
	columns = (uint *)(t->buf + args.u[1]);
	values = (double *)(t->buf + args.u[2]);
	p = (double *)(t->buf + args.u[3]);
	q = (double *)(t->buf + args.u[4]);
	for (ulong i = 0; i <= n; i++)
		rows[i] = i * DEGREE;
	for (ulong i = 0; i < n * DEGREE; i++) {
		columns[i] = (uint)((fs_mix(i) >> 32) * n >> 32);
		values[i] = speed_small(i);
	}
	for (ulong i = 0; i < n; i++)
		p[i] = speed_small(i);
	for (unsigned i = 0; i < SPEED_PASSES; i++) {
		times.plain_ns[i] = speed_timed(plain_product_body, t->buf, args, n);
		memcpy(expected, q, n * sizeof(*q));
		times.body_ns[i] = speed_timed(cg_body, t->buf, args, n);
	}
	q[0] += fs_is(t->job, "wrong", "cg");
	for (ulong i = 0; i < n; i++) {
		if (q[i] != expected[i])
			return fs_wrong(t->job, "cg: element %lu is %g, not %g", i, q[i], expected[i]);
	}
	speed_sample(t, "cg_share", "cg", "cg_plain", &times, 2.0 * (double)n * DEGREE);
	return 0;
}

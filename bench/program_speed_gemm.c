/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed_gemm.c - gemm's body, which has panels of rows and of columns, against a plain product of matrices in rows. See program_speed.c.
 */
#include "config.h"

#include "bench/program_speed.h"

#define TILE 8u	 /* of gemm's body */
#define EDGE 64u /* rows and columns of a block */

FS_BODY_DECLARE(gemm);

static FS_BODY(plain_gemm)
{
	const double *x = FS_ARRAY(double, a.u[0]), *y = FS_ARRAY(double, a.u[1]);
	double *z = FS_ARRAY(double, a.u[2]);
	ulong n = a.u[3];

	(void)out;
	FS_FOR(row)
	{
		for (ulong j = 0; j < n; j++)
			z[row * n + j] = 0;
		for (ulong k = 0; k < n; k += 4) {
			double x0 = x[row * n + k], x1 = x[row * n + k + 1], x2 = x[row * n + k + 2], x3 = x[row * n + k + 3];
			const double *y0 = y + k * n, *y1 = y0 + n, *y2 = y1 + n, *y3 = y2 + n;

			FS_INDEPENDENT
			for (ulong j = 0; j < n; j++)
				z[row * n + j] += (x0 * y0[j] + x1 * y1[j]) + (x2 * y2[j] + x3 * y3[j]);
		}
	}
}

static ulong in_panels(ulong n, ulong i, ulong j)
{
	return i / TILE * TILE * n + j * TILE + i % TILE;
}

/* x: in panels, y: in rows; both behind their factors. */
static int expect_product(const struct speed *t, const char *who, const double *x, const double *y, ulong n)
{
	for (ulong i = 0; i < n * n; i++) {
		double seen = x[2 * n * n + in_panels(n, i / n, i % n)], expected = y[2 * n * n + i];

		if (seen != expected)
			return fs_wrong(t->job, "%s: element %lu is %g, not %g", who, i, seen, expected);
	}
	return 0;
}

int speed_gemm(const struct speed *t, unsigned char *plain)
{
	ulong n = TILE, tiles, blocks, edge = EDGE / TILE;
	double *x = (double *)t->buf, *y = (double *)plain;
	struct fs_body_args args = {0};
	struct speed_times times;
	int err = 0;

	while (3 * (n + TILE) * (n + TILE) * sizeof(double) <= t->bytes && n < 1024)
		n += TILE;
	tiles = n / TILE;
	blocks = (tiles + edge - 1) / edge;
	for (ulong i = 0; i < n * n; i++) {
		ulong row = i / n, column = i % n;

		x[in_panels(n, row, column)] = y[i] = speed_small(i);
		x[n * n + in_panels(n, column, row)] = y[n * n + i] = speed_small(n * n + i);
	}
	for (unsigned k = 0; k < 3; k++)
		args.u[k] = k * n * n * sizeof(double);
	args.u[3] = n;
	args.u[4] = edge;
	for (unsigned i = 0; i < SPEED_PASSES && err == 0; i++) {
		times.body_ns[i] = speed_timed(gemm_body, t->buf, args, blocks * blocks);
		if (speed_blas_is_there()) {
			uint64_t start = fs_now();

			speed_blas_product(plain, n);
			times.blas_ns[i] = (double)(fs_now() - start);
			y[2 * n * n] += fs_is(t->job, "wrong", "blas");
			err = expect_product(t, "OpenBLAS", x, y, n);
		}
		times.plain_ns[i] = speed_timed(plain_gemm_body, plain, args, n);
	}
	x[2 * n * n] += fs_is(t->job, "wrong", "gemm");
	if (err == 0)
		err = expect_product(t, "gemm", x, y, n);
	if (err != 0)
		return err;
	if (speed_blas_is_there())
		fs_sample(t->job, "gemm_blas", 2.0 * (double)n * (double)n * (double)n / repeat_median(times.blas_ns, SPEED_PASSES));
	if (speed_blas_is_there())
		fs_sample(t->job, "gemm_blas_share", 100 * repeat_median(times.blas_ns, SPEED_PASSES) / repeat_median(times.body_ns, SPEED_PASSES));
	speed_sample(t, "gemm_share", "gemm", "gemm_plain", &times, 2.0 * (double)n * (double)n * (double)n);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gemm - powers of a matrix modulo a prime: the device multiplies, C = A * B, the CPU reduces the product and makes it the next A. Much is computed
 * on little data: if a device is ever worth its transfers, it is here.
 *
 * Elements are whole numbers that a sum holds, so that sums are exact in any order and under any contraction, and the answer is compared bit by bit.
 * The matrices are stored in panels, as libraries copy them before they multiply; that copying is not shown. Misleading where the matrices fit a
 * cache.
 */
#include "config.h"

#include "kernels/element.h"
#include "kernels/gemm.body.h"
#include "kernels/regions.h"

#include <errno.h>
#include <math.h>

/* 2^53 / 251^2 terms of a sum of doubles are exact, 2^24 / 7^2 of a sum of floats: more than a row of any matrix here. */
#define PRIME	    251
#define PRIME_FLOAT 7

enum { A, B, C };

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "three matrices")},
	{.name = "edge",
		.type = FS_PARAM_COUNT,
		.initial = "64",
		.min = GEMM_TILE,
		.max = 4096,
		.help = "rows and columns of a block, an index of the body; a quarter of the matrix at most"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "2", .min = 1, .max = 10000, .help = "products"},
	{ELEMENT_PARAM},
	{0},
};

static uint64_t rows_of(const struct fs_work *work)
{
	return work->launch.args.u[3];
}

static uint64_t prime_of(const struct fs_work *work)
{
	return element_bytes(work) == sizeof(float) ? PRIME_FLOAT : PRIME;
}

/* Where row i, column j is, in panels of rows; in panels of columns it is the other way round. */
static uint64_t in_panels(uint64_t n, uint64_t i, uint64_t j)
{
	return i / GEMM_TILE * GEMM_TILE * n + j * GEMM_TILE + i % GEMM_TILE;
}

static uint64_t value(const struct fs_work *work, unsigned matrix, uint64_t i, uint64_t j, uint64_t prime)
{
	return seeded(work->seed + matrix, i * rows_of(work) + j) % prime;
}

static int layout(struct fs_work *work)
{
	/* Two pages for the rounding of the regions. */
	size_t element = element_bytes(work);
	uint64_t elements = (work->bytes - 2 * fs_page_bytes()) / 3 / element;
	uint64_t n = (uint64_t)sqrt((double)elements) / GEMM_TILE * GEMM_TILE, edge = fs_count(work->job, "edge") / GEMM_TILE, blocks;

	/* Of small matrices a quarter: there is something to do for every worker. */
	edge = edge < n / GEMM_TILE / 4 ? edge : n / GEMM_TILE / 4;
	blocks = (n / GEMM_TILE + edge - 1) / edge;
	region_add(work, A, "a", n * n * element, FS_IN);
	region_add(work, B, "b", n * n * element, FS_IN);
	region_add(work, C, "c", n * n * element, FS_OUT);
	work->launch.args.u[3] = n;
	work->launch.args.u[4] = edge;
	work->launch.args.u[5] = element;
	work->launch.last = blocks * blocks;
	return 0;
}

static int cpu_before(struct fs_work *work)
{
	void *a = region_at(work, A), *b = region_at(work, B);
	uint64_t n = rows_of(work), prime = prime_of(work);
	size_t element = element_bytes(work);

	for (uint64_t i = 0; i < n; i++) {
		for (uint64_t j = 0; j < n; j++) {
			element_put(a, in_panels(n, i, j), element, (double)value(work, A, i, j, prime));
			element_put(b, in_panels(n, j, i), element, (double)value(work, B, i, j, prime));
		}
	}
	return 0;
}

/* x modulo a prime, of whole numbers from 0 to 2^53: exact, and without a function of the C library for each. */
static void reduce(double *x, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		x[i] = (double)((uint64_t)x[i] % PRIME);
}

static void reduce_float(float *x, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		x[i] = (float)((uint32_t)x[i] % PRIME_FLOAT);
}

static int cpu_after(struct fs_work *work)
{
	void *c = region_at(work, C);

	if (element_bytes(work) == sizeof(float))
		reduce_float(c, rows_of(work) * rows_of(work));
	else
		reduce(c, rows_of(work) * rows_of(work));
	if (work->iteration + 1 >= fs_count(work->job, "turns"))
		return 0;
	memcpy(region_at(work, A), c, work->regions[C].bytes);
	work->regions[B].flags |= FS_KEPT;
	return 1;
}

/* The product by rows, in whole numbers: to = from * b. */
static void reference_product(const struct fs_work *work, const uint64_t *from, uint64_t *to)
{
	uint64_t n = rows_of(work), prime = prime_of(work);

	memset(to, 0, n * n * sizeof(*to));
	for (uint64_t k = 0; k < n; k++) {
		for (uint64_t j = 0; j < n; j++) {
			uint64_t b = value(work, B, k, j, prime);

			for (uint64_t i = 0; i < n; i++)
				to[j * n + i] += from[k * n + i] * b;
		}
	}
	for (uint64_t i = 0; i < n * n; i++)
		to[i] %= prime;
}

/* Matrices of the reference lie column by column. */
static int expect_matrix(struct fs_work *work, unsigned matrix, const uint64_t *expected)
{
	const void *seen = region_at(work, matrix);
	size_t element = element_bytes(work);
	uint64_t n = rows_of(work);

	for (uint64_t j = 0; j < n; j++) {
		for (uint64_t i = 0; i < n; i++) {
			double expect = (double)expected[j * n + i];

			if (!element_is(seen, in_panels(n, i, j), element, expect))
				return fs_wrong(work->job, "%s(%llu,%llu) is %.17g, not %.17g", work->regions[matrix].name, (unsigned long long)i,
					(unsigned long long)j, element_get(seen, in_panels(n, i, j), element), expect);
		}
	}
	return 0;
}

static int check_b(struct fs_work *work)
{
	const void *b = region_at(work, B);
	size_t element = element_bytes(work);
	uint64_t n = rows_of(work), prime = prime_of(work);

	for (uint64_t i = 0; i < n; i++) {
		for (uint64_t j = 0; j < n; j++) {
			double expected = (double)value(work, B, i, j, prime);

			if (!element_is(b, in_panels(n, j, i), element, expected))
				return fs_wrong(work->job, "b(%llu,%llu) is %.17g, not %.17g", (unsigned long long)i, (unsigned long long)j,
					element_get(b, in_panels(n, j, i), element), expected);
		}
	}
	return 0;
}

static int check(struct fs_work *work)
{
	uint64_t n = rows_of(work), *a = malloc(n * n * sizeof(*a)), *c = malloc(n * n * sizeof(*c)), turns = fs_count(work->job, "turns");
	uint64_t prime = prime_of(work);
	int err = a != NULL && c != NULL ? check_b(work) : fs_error(work->job, -ENOMEM, "no memory for the reference");

	if (err != 0)
		goto out;
	for (uint64_t j = 0; j < n; j++) {
		for (uint64_t i = 0; i < n; i++)
			a[j * n + i] = value(work, A, i, j, prime);
	}
	reference_product(work, a, c);
	for (uint64_t turn = 1; turn < turns; turn++) {
		memcpy(a, c, n * n * sizeof(*a));
		reference_product(work, a, c);
	}
	err = expect_matrix(work, A, a);
	if (err == 0)
		err = expect_matrix(work, C, c);
out:
	free(a);
	free(c);
	return err;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	region_reads(work, C, pages);
	region_writes(work, C, pages);
	if (side == FS_DEVICE) {
		region_reads(work, A, pages);
		region_reads(work, B, pages);
	} else if (turn + 1 < work->iteration) {
		region_writes(work, A, pages);
	}
	return 0;
}

const struct fs_kernel kernel_gemm = {
	.name = "gemm",
	.summary = "products of matrices, block by block: much computation on little data",
	.params = params,
	.body_name = "gemm",
	.body = gemm_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.profile = profile,
};

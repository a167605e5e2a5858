/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed - whether the bodies of programs that compute more than they stream are as fast as straightforward good code for the same task: gemm
 * against a blocked loop over matrices in rows, the product of cg against a loop over rows (CSR), sort against a radix sort that counts all digits in
 * one pass. One CPU on a private buffer, body and plain code in turns. A share is the body's speed in percent of the other's.
 *
 * Not measured: several CPUs, and what a library reaches: it would be another program to depend on. body_speed does the same for bodies that stream.
 *
 * How it could lie: plain code that is slow itself would flatter a body, so the speeds of both are given. Answers must be the same: of the products
 * bit by bit, since all elements are small whole numbers.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/repeat.h"
#include "harness/fivestep.h"

#define PASSES	7
#define TILE	8u  /* of gemm's body */
#define EDGE	64u /* rows and columns of a block */
#define DEGREE	9u  /* elements of a row */
#define DIGITS	256u
#define RECORDS 4096u /* of a block of sort's body */

FS_BODY_DECLARE(gemm);
FS_BODY_DECLARE(cg);
FS_BODY_DECLARE(sort);

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "16M",
		.min = 512 << 10,
		.max = 1ull << 32,
		.help = "bytes of three matrices, of a sparse matrix, of records twice"},
	{.name = "wrong",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|gemm|cg|sort",
		.help = "corrupt this body's result: the check must find it",
		.test_only = true},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "gemm_share", .unit = "%", .better = FS_HIGHER, .help = "gemm's body of a plain blocked product"},
	{.name = "cg_share", .unit = "%", .better = FS_HIGHER, .help = "the product of cg of a plain one"},
	{.name = "sort_share", .unit = "%", .better = FS_HIGHER, .help = "sort's passes of a plain radix sort"},
	{.name = "gemm", .unit = "ops/ns", .better = FS_HIGHER, .help = "gemm's body: additions and multiplications"},
	{.name = "gemm_plain", .unit = "ops/ns", .better = FS_HIGHER, .help = "the plain product"},
	{.name = "cg", .unit = "ops/ns", .better = FS_HIGHER, .help = "the product of cg: additions and multiplications"},
	{.name = "cg_plain", .unit = "ops/ns", .better = FS_HIGHER, .help = "the plain product"},
	{.name = "sort", .unit = "ns", .better = FS_LOWER, .help = "sort's passes, for a record"},
	{.name = "sort_plain", .unit = "ns", .better = FS_LOWER, .help = "the plain radix sort, for a record"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "gemm_share cg_share sort_share", .title = "are programs' bodies as fast as straightforward good code?"},
	{0},
};

/* One buffer each; what is computed is compared behind the last pass. */
struct trial {
	struct fs_job *job;
	unsigned char *buf;
	size_t bytes;
};

/* ---- gemm: the body has panels of rows and of columns, the plain code rows */

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

static double small(ulong i)
{
	return (double)(fs_mix(i) % 16);
}

static void give(const struct trial *t, const char *share, const char *body, const char *plain, double *body_ns, double *plain_ns, double amount)
{
	double b = repeat_median(body_ns, PASSES), p = repeat_median(plain_ns, PASSES);

	fs_sample(t->job, share, 100 * p / b);
	fs_sample(t->job, body, amount > 0 ? amount / b : b / -amount);
	fs_sample(t->job, plain, amount > 0 ? amount / p : p / -amount);
}

static double timed(fs_body_fn body, unsigned char *buf, struct fs_body_args args, ulong last)
{
	uint64_t start = fs_now();

	body(buf, NULL, args, 0, last, 1);
	return (double)(fs_now() - start);
}

static int measure_gemm(const struct trial *t, unsigned char *plain)
{
	ulong n = TILE, tiles, blocks, edge = EDGE / TILE;
	double body_ns[PASSES], plain_ns[PASSES], *x = (double *)t->buf, *y = (double *)plain;
	struct fs_body_args args = {0};

	while (3 * (n + TILE) * (n + TILE) * sizeof(double) <= t->bytes && n < 1024)
		n += TILE;
	tiles = n / TILE;
	blocks = (tiles + edge - 1) / edge;
	for (ulong i = 0; i < n * n; i++) {
		ulong row = i / n, column = i % n;

		x[in_panels(n, row, column)] = y[i] = small(i);
		x[n * n + in_panels(n, column, row)] = y[n * n + i] = small(n * n + i);
	}
	for (unsigned k = 0; k < 3; k++)
		args.u[k] = k * n * n * sizeof(double);
	args.u[3] = n;
	args.u[4] = edge;
	for (unsigned i = 0; i < PASSES; i++) {
		body_ns[i] = timed(gemm_body, t->buf, args, blocks * blocks);
		plain_ns[i] = timed(plain_gemm_body, plain, args, n);
	}
	x[2 * n * n] += fs_is(t->job, "wrong", "gemm");
	for (ulong i = 0; i < n * n; i++) {
		double seen = x[2 * n * n + in_panels(n, i / n, i % n)], expected = y[2 * n * n + i];

		if (seen != expected)
			return fs_wrong(t->job, "gemm: element %lu is %g, not %g", i, seen, expected);
	}
	give(t, "gemm_share", "gemm", "gemm_plain", body_ns, plain_ns, 2.0 * (double)n * (double)n * (double)n);
	return 0;
}

/* ---- the product of cg */

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

static int measure_cg(const struct trial *t, double *expected)
{
	ulong n = t->bytes / (sizeof(ulong) + DEGREE * (sizeof(uint) + sizeof(double)) + 2 * sizeof(double)) - 2;
	double body_ns[PASSES], plain_ns[PASSES], *values, *p, *q;
	struct fs_body_args args = {.u = {0, (n + 1) * sizeof(ulong)}};
	ulong *rows = (ulong *)t->buf;
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
		values[i] = small(i);
	}
	for (ulong i = 0; i < n; i++)
		p[i] = small(i);
	for (unsigned i = 0; i < PASSES; i++) {
		plain_ns[i] = timed(plain_product_body, t->buf, args, n);
		memcpy(expected, q, n * sizeof(*q));
		body_ns[i] = timed(cg_body, t->buf, args, n);
	}
	q[0] += fs_is(t->job, "wrong", "cg");
	for (ulong i = 0; i < n; i++) {
		if (q[i] != expected[i])
			return fs_wrong(t->job, "cg: element %lu is %g, not %g", i, q[i], expected[i]);
	}
	give(t, "cg_share", "cg", "cg_plain", body_ns, plain_ns, 2.0 * (double)n * DEGREE);
	return 0;
}

/* ---- sort: records whose upper 32 bits are the key */

/* Counts become places, block by block and digit by digit: what the CPU does between the body's passes. */
static void add_up(ulong *counts, ulong blocks)
{
	ulong next[DIGITS] = {0}, sum = 0;

	for (ulong i = 0; i < blocks * DIGITS; i++)
		next[i % DIGITS] += counts[i];
	for (ulong d = 0; d < DIGITS; d++) {
		ulong count = next[d];

		next[d] = sum;
		sum += count;
	}
	for (ulong i = 0; i < blocks * DIGITS; i++) {
		ulong count = counts[i];

		counts[i] = next[i % DIGITS];
		next[i % DIGITS] += count;
	}
}

static double sort_by_body(unsigned char *buf, struct fs_body_args args, ulong blocks)
{
	uint64_t start = fs_now();

	for (ulong shift = 32; shift < 64; shift += 8) {
		ulong from = args.u[0];

		args.u[5] = shift;
		for (args.u[6] = 0; args.u[6] < 2; args.u[6]++) {
			sort_body(buf, NULL, args, 0, blocks, 1);
			if (args.u[6] == 0)
				add_up((ulong *)(buf + args.u[2]), blocks);
		}
		args.u[0] = args.u[1];
		args.u[1] = from;
	}
	return (double)(fs_now() - start);
}

static double sort_plainly(ulong *from, ulong *to, ulong n)
{
	ulong count[4][DIGITS] = {{0}};
	uint64_t start = fs_now();

	for (ulong i = 0; i < n; i++) {
		for (unsigned pass = 0; pass < 4; pass++)
			count[pass][from[i] >> (32 + 8 * pass) & (DIGITS - 1)]++;
	}
	for (unsigned pass = 0; pass < 4; pass++) {
		ulong *swap = from;

		add_up(count[pass], 1);
		for (ulong i = 0; i < n; i++)
			to[count[pass][from[i] >> (32 + 8 * pass) & (DIGITS - 1)]++] = from[i];
		from = to;
		to = swap;
	}
	return (double)(fs_now() - start);
}

static int measure_sort(const struct trial *t, ulong *plain)
{
	ulong blocks = t->bytes / (2 * RECORDS + DIGITS) / sizeof(ulong), n = blocks * RECORDS, *records = (ulong *)t->buf;
	double body_ns[PASSES], plain_ns[PASSES];
	struct fs_body_args args = {.u = {0, n * sizeof(ulong), 2 * n * sizeof(ulong), RECORDS, blocks}};

	for (unsigned i = 0; i < PASSES; i++) {
		for (ulong k = 0; k < n; k++)
			records[k] = plain[k] = fs_mix(k) >> 32 << 32 | k;
		body_ns[i] = sort_by_body(t->buf, args, blocks);
		plain_ns[i] = sort_plainly(plain, plain + n, n);
	}
	records[0] += fs_is(t->job, "wrong", "sort");
	for (ulong k = 0; k < n; k++) {
		if (records[k] != plain[k])
			return fs_wrong(t->job, "sort: record %lu is %lx, not %lx", k, records[k], plain[k]);
	}
	give(t, "sort_share", "sort", "sort_plain", body_ns, plain_ns, -(double)n);
	return 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .bytes = fs_size(job, "size") / sizeof(double) * sizeof(double)};
	unsigned char *plain = malloc(t.bytes);
	int err;

	t.buf = malloc(t.bytes);
	if (t.buf == NULL || plain == NULL) {
		err = fs_error(job, -ENOMEM, "no memory for twice %zu bytes", t.bytes);
		goto out;
	}
	/* No first touch is timed. */
	memset(t.buf, 0, t.bytes);
	memset(plain, 0, t.bytes);
	fs_code_variant(job, "C, %s", fs_body_form_name(fs_body_form()));
	err = measure_gemm(&t, plain);
	if (err == 0)
		err = measure_cg(&t, (double *)plain);
	if (err == 0)
		err = measure_sort(&t, (ulong *)plain);
out:
	free(t.buf);
	free(plain);
	return err;
}

const struct fs_bench bench_program_speed = {
	.name = "program_speed",
	.summary = "the bodies of gemm, cg and sort, against straightforward good code for the same task",
	.host_only = true,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

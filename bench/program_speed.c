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

#include "bench/program_speed.h"

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

static int run(struct fs_job *job)
{
	struct speed t = {.job = job, .bytes = fs_size(job, "size") / sizeof(double) * sizeof(double)};
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
	err = speed_gemm(&t, plain);
	if (err == 0)
		err = speed_cg(&t, (double *)plain);
	if (err == 0)
		err = speed_sort(&t, (ulong *)plain);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed - whether the bodies of programs are as fast as straightforward good code for the same task: triad against STREAM's loop, gemm
 * against a blocked loop over matrices in rows and, with blas=openblas, against OpenBLAS, the product of cg against a loop over rows (CSR), sort
 * against a radix sort that counts all digits in one pass. On a private buffer, body and other code in turns; one CPU, but for triad, which has
 * `threads` of them. A share is the body's speed in percent of the other's.
 *
 * Not measured: programs but triad on several CPUs. body_speed has the other bodies that stream.
 *
 * How it could lie: plain code that is slow itself would flatter a body, so the speeds of both are given. Answers must be the same: of the products
 * bit by bit, since all elements are small whole numbers.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/crew.h"
#include "bench/program_speed.h"

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "16M",
		.min = 512 << 10,
		.max = 1ull << 32,
		.help = "bytes of three arrays, of three matrices, of a sparse matrix, of records twice"},
	{.name = "threads", .type = FS_PARAM_COUNT, .initial = "1", .min = 1, .max = CREW_MAX, .help = "threads of triad and of STREAM's loop"},
	{.name = "blas",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|openblas",
		.help = "openblas: hold gemm against that library as well, if it is installed"},
	{.name = "wrong",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|triad|gemm|blas|cg|sort",
		.help = "corrupt this body's result: the check must find it",
		.test_only = true},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "triad_share", .unit = "%", .better = FS_HIGHER, .help = "triad's body of STREAM's loop"},
	{.name = "gemm_share", .unit = "%", .better = FS_HIGHER, .help = "gemm's body of a plain blocked product"},
	{.name = "gemm_blas_share", .unit = "%", .better = FS_HIGHER, .help = "gemm's body of the product by OpenBLAS"},
	{.name = "cg_share", .unit = "%", .better = FS_HIGHER, .help = "the product of cg of a plain one"},
	{.name = "sort_share", .unit = "%", .better = FS_HIGHER, .help = "sort's passes of a plain radix sort"},
	{.name = "triad", .unit = "GB/s", .better = FS_HIGHER, .help = "triad's body, read and written"},
	{.name = "triad_stream", .unit = "GB/s", .better = FS_HIGHER, .help = "STREAM's loop"},
	{.name = "gemm", .unit = "ops/ns", .better = FS_HIGHER, .help = "gemm's body: additions and multiplications"},
	{.name = "gemm_plain", .unit = "ops/ns", .better = FS_HIGHER, .help = "the plain product"},
	{.name = "gemm_blas", .unit = "ops/ns", .better = FS_HIGHER, .help = "the product by OpenBLAS"},
	{.name = "cg", .unit = "ops/ns", .better = FS_HIGHER, .help = "the product of cg: additions and multiplications"},
	{.name = "cg_plain", .unit = "ops/ns", .better = FS_HIGHER, .help = "the plain product"},
	{.name = "sort", .unit = "ns", .better = FS_LOWER, .help = "sort's passes, for a record"},
	{.name = "sort_plain", .unit = "ns", .better = FS_LOWER, .help = "the plain radix sort, for a record"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "triad_share gemm_share gemm_blas_share cg_share sort_share",
		.title = "are programs' bodies as fast as straightforward good code?"},
	{0},
};

static int run(struct fs_job *job)
{
	struct speed t = {.job = job, .bytes = fs_size(job, "size") / sizeof(double) * sizeof(double)};
	unsigned char *plain = malloc(t.bytes);
	int err = speed_blas_open(job);

	if (err != 0)
		goto out;
	t.buf = malloc(t.bytes);
	if (t.buf == NULL || plain == NULL) {
		err = fs_error(job, -ENOMEM, "no memory for twice %zu bytes", t.bytes);
		goto out;
	}
	/* No first touch is timed. */
	memset(t.buf, 0, t.bytes);
	memset(plain, 0, t.bytes);
	fs_code_variant(job, "C, %s", fs_body_form_name(fs_body_form()));
	err = speed_triad(&t);
	if (err == 0)
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
	.summary = "the bodies of triad, gemm, cg and sort, against straightforward good code for the same task",
	.host_only = true,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

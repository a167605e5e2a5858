/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * device_ceiling - how close a setup's copies, and a body on the device, come to the device's own raw copies in the same round.
 *
 * Measured, each the best of a few, since this is a ceiling (and the first one, as NAME_first): the device's own copies of the
 * whole buffer (ceiling_*), the setup's moves of the same buffer (moved_*), and the body of triad over it (triad), which reads two thirds and writes
 * one. The shares are the ratios.
 *
 * Not measured: several copies at once, both ways at once, what a driver does on small pieces.
 *
 * How it could lie: with a size that a GPU's cache holds, copies within it and triad are figures of the cache; with a small one, of the request and
 * the wait. The body's result and what came back are checked.
 */
#include "config.h"

#include <errno.h>

#include "bench/order.h"
#include "harness/body.h"

#define PASSES 10
#define SCALE  3.0

FS_BODY_DECLARE(triad);

static const struct fs_param params[] = {
	SIZE_PARAM("256M", "bytes of the buffer: several times the device's cache"),
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "to_device_share", .unit = "%", .better = FS_HIGHER, .help = "moved_to_device relative to ceiling_to_device"},
	{.name = "to_host_share", .unit = "%", .better = FS_HIGHER, .help = "moved_to_host relative to ceiling_to_host"},
	{.name = "triad_share", .unit = "%", .better = FS_HIGHER, .help = "triad relative to ceiling_within"},
	{.name = "ceiling_to_device", .unit = "GB/s", .better = FS_HIGHER, .help = "the device's own copies to it"},
	{.name = "ceiling_to_host", .unit = "GB/s", .better = FS_HIGHER, .help = "the device's own copies back"},
	{.name = "ceiling_within", .unit = "GB/s", .better = FS_HIGHER, .help = "the device's own copies within its memory, read and written"},
	{.name = "moved_to_device", .unit = "GB/s", .better = FS_HIGHER, .help = "the setup's moves to the device"},
	{.name = "moved_to_host", .unit = "GB/s", .better = FS_HIGHER, .help = "the setup's moves back"},
	{.name = "triad", .unit = "GB/s", .better = FS_HIGHER, .help = "the body on data that are there, read and written"},
	{.name = "moved_to_device_first", .unit = "GB/s", .better = FS_HIGHER, .help = "the first of the moves to the device"},
	{.name = "moved_to_host_first", .unit = "GB/s", .better = FS_HIGHER, .help = "the first of the moves back"},
	{.name = "triad_first", .unit = "GB/s", .better = FS_HIGHER, .help = "the first run of the body"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "to_device_share to_host_share triad_share", .title = "how close is it to the device's own copies?"},
	{0},
};

static double rate(const struct fs_buffer *buf, uint64_t ns)
{
	return (double)buf->bytes / (double)(ns != 0 ? ns : 1);
}

/* The fastest of the setup's moves, in GB/s; negative on error. */
static double move(struct fs_job *job, struct fs_buffer *buf, enum fs_side to)
{
	uint64_t best_ns = UINT64_MAX;

	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t start = fs_device_clock(job), took_ns;

		if (fs_move(job, buf, 0, buf->bytes, to) < 0)
			return -1;
		took_ns = fs_device_clock(job) - start;
		if (pass == 0)
			fs_sample(job, to == FS_HOST ? "moved_to_host_first" : "moved_to_device_first", rate(buf, took_ns));
		best_ns = took_ns < best_ns ? took_ns : best_ns;
	}
	return rate(buf, best_ns);
}

static double compute(struct fs_job *job, struct fs_buffer *buf, const struct fs_launch *launch)
{
	uint64_t best_ns = UINT64_MAX;

	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t start = fs_device_clock(job), took_ns;

		if (fs_launch_start(job, buf, launch) < 0 || fs_launch_wait(job) < 0)
			return -1;
		took_ns = fs_device_clock(job) - start;
		if (pass == 0)
			fs_sample(job, "triad_first", rate(buf, took_ns));
		best_ns = took_ns < best_ns ? took_ns : best_ns;
	}
	return rate(buf, best_ns);
}

static int ceilings(struct fs_job *job, struct fs_buffer *buf, double ceiling[FS_SIDES + 1])
{
	static const char *const names[FS_SIDES + 1] = {"ceiling_to_host", "ceiling_to_device", "ceiling_within"};
	int err = 0;

	for (int to = 0; to <= FS_SIDES && err == 0; to++) {
		uint64_t best_ns;

		err = fs_ceiling(job, buf, (enum fs_side)to, &best_ns);
		if (err < 0)
			return err;
		ceiling[to] = rate(buf, best_ns);
		fs_sample(job, names[to], ceiling[to]);
	}
	return err;
}

static void give(struct fs_job *job, const char *metric, const char *share, double seen, double ceiling)
{
	fs_sample(job, metric, seen);
	fs_sample(job, share, 100 * seen / ceiling);
}

static int check(struct fs_job *job, const struct fs_buffer *buf, size_t n, ulong key)
{
	const double *x = buf->cpu;

	for (size_t i = 0; i < n; i++) {
		double expected = (double)(order_word(n + i, key) >> 40) + SCALE * (double)(order_word(2 * n + i, key) >> 40);

		if (x[i] != expected)
			return fs_wrong(job, "element %zu is %g, not %g", i, x[i], expected);
	}
	return 0;
}

static int measure(struct fs_job *job, struct fs_buffer *buf, ulong key)
{
	size_t n = buf->bytes / 3 / sizeof(double);
	struct fs_launch launch = {
		.name = "triad", .body = triad_body, .args = {.u = {0, n * sizeof(double), 2 * n * sizeof(double)}, .f = {SCALE}}, .last = n};
	double ceiling[FS_SIDES + 1], there, back, triad, *x = buf->cpu;
	int err = ceilings(job, buf, ceiling);

	if (err < 0)
		return err;
	for (size_t i = 0; i < buf->bytes / sizeof(*x); i++)
		x[i] = (double)(order_word(i, key) >> 40);
	there = move(job, buf, FS_DEVICE);
	triad = there > 0 ? compute(job, buf, &launch) : -1;
	back = triad > 0 ? move(job, buf, FS_HOST) : -1;
	if (back < 0)
		return -EIO;
	give(job, "moved_to_device", "to_device_share", there, ceiling[FS_DEVICE]);
	give(job, "moved_to_host", "to_host_share", back, ceiling[FS_HOST]);
	give(job, "triad", "triad_share", triad, ceiling[FS_SIDES]);
	return check(job, buf, n, key);
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	int err = fs_alloc(job, fs_size(job, "size"), &buf);

	if (err == 0)
		err = measure(job, &buf, fs_seed(job));
	if (buf.cpu != NULL)
		fs_release(job, &buf);
	return err;
}

const struct fs_bench bench_device_ceiling = {
	.name = "device_ceiling",
	.summary = "a setup's copies and a body on the device, against the device's own copies",
	.needs = FS_MOVE | FS_TRANSFER,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

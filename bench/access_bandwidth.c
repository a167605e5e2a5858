/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access_bandwidth - reading and writing a buffer from end to end: who touches (initiator) x where it is (residence).
 *
 * The body is the same on both sides. It goes over the buffer once, then four times: the difference is three times the buffer
 * without the cost of starting a device.
 *
 * Not measured: random access (access_latency), moving the data there (migrate_bandwidth), more than one CPU on the
 * host's side; the device uses all of its workers.
 *
 * How it could lie: below twice the last-level cache this is a figure of the cache. Where an access migrates instead of
 * reaching over, it would be the figure of the wrong memory: nothing may fault, and places are the same before and after. A write
 * to a line that is not cached reads it first unless the machine avoids that: bytes on the wire can be twice those counted.
 */
#include "config.h"

#include "bench/access.h"
#include "bench/access_bandwidth.body.h"

#define TRIALS 3

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "64M",
		.min = 64 << 10,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer, whole pages"},
	ACCESS_PARAMS,
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "read", .unit = "GB/s", .better = FS_HIGHER, .floor = "floor.stream_read", .help = "bytes read"},
	{.name = "write", .unit = "GB/s", .better = FS_HIGHER, .help = "bytes written"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_HEAT, "read", "initiator", "residence", .title = "who reads, and where the memory is"},
	{FS_DRAW_HEAT, "write", "initiator", "residence", .title = "who writes, and where the memory is"},
	{0},
};

struct trial {
	struct access access;
	struct fs_launch launch;
	ulong words, key;
};

static void fill(struct trial *t)
{
	ulong *words = t->access.buf.cpu;

	for (ulong i = 0; i < t->words; i++)
		words[i] = order_word(i, t->key);
}

static ulong sum_expected(const struct trial *t)
{
	ulong sum = 0;

	for (ulong i = 0; i < t->words; i++)
		sum += order_word(i, t->key);
	return sum;
}

/* ns of so many times over the buffer, or negative. */
static int64_t go_over(struct trial *t, bool write, ulong times, ulong *sum)
{
	t->launch.args.u[0] = write;
	t->launch.args.u[1] = times;
	t->launch.args.u[2] = t->key;
	return access_run(&t->access, &t->launch, sum);
}

static int measure(struct trial *t, bool write, ulong expected)
{
	struct fs_job *job = t->access.job;

	for (int i = 0; i < TRIALS; i++) {
		ulong once_sum, four_sum;
		int64_t once_ns = go_over(t, write, 1, &once_sum), four_ns = once_ns < 0 ? once_ns : go_over(t, write, 4, &four_sum);

		if (four_ns < 0)
			return (int)four_ns;
		if (once_sum != expected || four_sum != 4 * expected)
			return fs_wrong(job, "the sums read are %lx and %lx, not %lx and %lx", once_sum, four_sum, expected, 4 * expected);
		if (four_ns > once_ns)
			fs_sample(job, write ? "write" : "read", 3.0 * (double)t->access.buf.bytes / (double)(four_ns - once_ns));
	}
	return 0;
}

/* The last of four times is what must be there. */
static int check_written(struct trial *t)
{
	const ulong *words = t->access.buf.cpu;
	int err = access_fetch(&t->access);

	for (ulong i = 0; i < t->words && err == 0; i++) {
		if (words[i] != (i ^ (t->key + 3)))
			err = fs_wrong(t->access.job, "word %lu was written as %lx, not %lx", i, words[i], i ^ (t->key + 3));
	}
	return err;
}

static int run(struct fs_job *job)
{
	struct trial t = {.launch = {.name = "access_bandwidth", .body = access_bandwidth_body}, .key = fs_seed(job)};
	int err = access_open(&t.access, job);

	if (err < 0)
		return err;
	t.words = t.access.buf.bytes / sizeof(ulong);
	t.launch.last = t.words;
	fill(&t);
	err = access_place(&t.access);
	if (err <= 0)
		goto out;
	err = measure(&t, false, sum_expected(&t));
	if (err == 0)
		err = measure(&t, true, 0);
	if (err == 0)
		err = access_stayed(&t.access);
	if (err > 0)
		err = check_written(&t);
out:
	fs_release(job, &t.access.buf);
	return err;
}

const struct fs_bench bench_access_bandwidth = {
	.name = "access_bandwidth",
	.summary = "reading and writing a buffer: initiator x residence",
	.needs = FS_MOVE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reuse - K passes of the device over a buffer for each pass of the CPU: from how many on does it pay to bring the data to the device?
 *
 * first is the device's first pass, with all that the setup does to bring the data; again is each of the other K - 1, which find them there (or,
 * where memory is reached from afar, do not); cpu is the CPU's pass after them, with what brings the data back. total is all of it over K. Each pass
 * reads and writes every word. All of that is repeated (bench/repeat.h); its first time is total_first.
 *
 * Not measured: sparse use (sparse_touch), the CPU's filling of the buffer.
 *
 * How it could lie: a buffer that fits a cache makes the later passes too cheap for a larger one; where memory stays remote, first and again are the
 * same, and a single pass says all.
 */
#include "config.h"

#include "bench/order.h"
#include "bench/repeat.h"
#include "bench/reuse.body.h"

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = sizeof(ulong),
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer; what is left over of a word is not used"},
	{.name = "passes", .type = FS_PARAM_COUNT, .initial = "4", .min = 1, .max = 4096, .help = "passes of the device for one of the CPU"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "total", .unit = "ns", .better = FS_LOWER, .help = "all passes of the device and the CPU's, over the passes of the device"},
	{.name = "first", .unit = "ns", .better = FS_LOWER, .help = "the device's first pass after the CPU's, with what brings the data"},
	{.name = "again", .unit = "ns", .better = FS_LOWER, .help = "each of the device's other passes, their median; absent with passes=1"},
	{.name = "cpu", .unit = "ns", .better = FS_LOWER, .help = "the CPU's pass, with what brings the data back"},
	{.name = "total_first", .unit = "ns", .better = FS_LOWER, .help = "total, the first time"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_CROSSING, "total", "passes", .title = "after how many passes does bringing the data pay?"},
	{0},
};

#define PASSES_MAX 4096

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	ulong words, passes, key, added; /* added: to each word so far */
};

static struct fs_launch launch_of(const struct trial *t)
{
	return (struct fs_launch){.name = "reuse", .body = reuse_body, .args = {.u = {1}}, .last = t->words};
}

static int first_pass(struct trial *t, uint64_t *ns)
{
	struct fs_launch launch = launch_of(t);
	uint64_t start = fs_device_clock(t->job);
	int err = fs_device_compute(t->job, &t->buf, &launch);

	*ns = fs_device_clock(t->job) - start;
	return err;
}

/* The data are where the first pass left them: the body alone. */
static int next_pass(struct trial *t, uint64_t *ns)
{
	struct fs_launch launch = launch_of(t);
	uint64_t start = fs_device_clock(t->job);
	int err = fs_launch_start(t->job, &t->buf, &launch);

	if (err >= 0)
		err = fs_launch_wait(t->job);
	*ns = fs_device_clock(t->job) - start;
	return err;
}

/* Reads and writes every word, and tells by their sum whether all passes were there. */
static int cpu_pass(struct trial *t, uint64_t *ns)
{
	ulong *words = t->buf.cpu, sum = 0, expected = 0;
	uint64_t start = fs_device_clock(t->job);
	int err = fs_cpu_begin(t->job, &t->buf);

	if (err < 0)
		return err;
	for (ulong i = 0; i < t->words; i++) {
		sum += words[i] ^ i;
		words[i] += 1;
	}
	*ns = fs_device_clock(t->job) - start;
	for (ulong i = 0; i < t->words; i++)
		expected += (order_word(i, t->key) + t->added) ^ i;
	t->added += 1;
	if (sum != expected)
		return fs_wrong(t->job, "after %lu passes the words add up to %lx, not %lx", t->passes, sum, expected);
	return 0;
}

static int turn(struct trial *t, bool is_first)
{
	double again[PASSES_MAX], all = 0;
	uint64_t first_ns, ns;
	int err = first_pass(t, &first_ns);

	for (ulong pass = 1; pass < t->passes && err >= 0; pass++) {
		err = next_pass(t, &ns);
		again[pass - 1] = (double)ns;
		all += (double)ns;
	}
	t->added += t->passes;
	if (err >= 0)
		err = cpu_pass(t, &ns);
	if (err < 0)
		return err;
	fs_sample(t->job, is_first ? "total_first" : "total", (all + (double)first_ns + (double)ns) / (double)t->passes);
	if (is_first)
		return 0;
	fs_sample(t->job, "first", (double)first_ns);
	if (t->passes > 1)
		fs_sample(t->job, "again", repeat_median(again, t->passes - 1));
	fs_sample(t->job, "cpu", (double)ns);
	return 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .key = fs_seed(job), .passes = fs_count(job, "passes"), .words = fs_size(job, "size") / sizeof(ulong)};
	int err = fs_alloc(job, fs_size(job, "size"), &t.buf);

	if (err < 0)
		return err;
	for (ulong i = 0; i < t.words; i++)
		((ulong *)t.buf.cpu)[i] = order_word(i, t.key);
	for (int n = 0; n < 1 + REPEATS && err >= 0; n++)
		err = turn(&t, n == 0);
	fs_release(job, &t.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_reuse = {
	.name = "reuse",
	.summary = "passes of the device for one of the CPU: when does bringing the data pay?",
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

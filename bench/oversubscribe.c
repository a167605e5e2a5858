/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * oversubscribe - the device passes over a buffer that does not fit its memory: what does a page cost if another must be evicted for it?
 *
 * How much fits is the device's parameter `capacity` (0: all). The device touches every page in ascending order, PASSES times: where not all fits,
 * the oldest page is evicted for each that comes, and is missing again in the next pass. pass is a pass after the first over its pages, pass_first
 * the first, for which the device's memory is empty. access=read leaves pages clean. evicted says how many pages left in a pass.
 *
 * Not measured: other orders, for which some pages are still there; what is evicted while the CPU works on the buffer.
 *
 * How it could lie: capacity at or above size measures no eviction at all: evicted is 0 then, and pass is a touch.
 */
#include "config.h"

#include "bench/order.h"
#include "bench/touch_pages.h"

#define PASSES 4

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = 64 << 10,
		.min_pages = 16,
		.form = FS_FORM_PAGES,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer"},
	{.name = "access",
		.type = FS_PARAM_CHOICE,
		.initial = "write",
		.choices = "read|write",
		.help = "what a touch does: pages that leave are clean or dirty"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "pass", .unit = "ns", .better = FS_LOWER, .help = "a page of a pass after the first"},
	{.name = "pass_first", .unit = "ns", .better = FS_LOWER, .help = "a page of the first pass"},
	{.name = "evicted", .unit = "pages", .better = FS_LOWER, .help = "pages evicted in a pass after the first"},
	{.name = "faults", .unit = "faults", .better = FS_LOWER, .help = "faults by the device in a pass after the first"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "pass", .title = "what does a page cost when the buffer does not fit?"},
	{0},
};

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	uint64_t pages;
	ulong key, written; /* written: times that a pass wrote */
	bool writes;
};

static ulong sum_of(const struct trial *t)
{
	ulong sum = 0;

	for (uint64_t i = 0; i < t->pages; i++)
		sum += order_word(i, t->key) + t->written;
	return sum;
}

/* Of the words that the device read. */
static ulong results_sum(const struct trial *t)
{
	const ulong *results = fs_results(t->job);
	ulong sum = 0;

	for (uint64_t i = 0; i < t->pages; i++)
		sum += results[i];
	return sum;
}

static int touch_all(struct trial *t, uint64_t *ns)
{
	struct fs_launch launch = touch_pages_launch(t->pages, t->writes);
	uint64_t start;
	int err;

	fs_results_clear(t->job);
	fs_step_begin(t->job, FS_DEVICE_COMPUTE);
	start = fs_device_clock(t->job);
	err = fs_launch_start(t->job, &t->buf, &launch);
	if (err >= 0)
		err = fs_launch_wait(t->job);
	*ns = fs_device_clock(t->job) - start;
	return fs_step_end(t->job, FS_DEVICE_COMPUTE, err);
}

/* Positive where it holds. */
static int pass(struct trial *t, bool is_first)
{
	uint64_t faults_before = count_now(t->job, "faults_to_device"), evicted_before = count_now(t->job, "evicted_pages"), ns, by, on_device;
	ulong expected = sum_of(t), seen;
	int err = touch_all(t, &ns);

	if (err < 0)
		return err;
	seen = results_sum(t);
	if (seen != expected)
		return fs_wrong(t->job, "the words that the device read add up to %lx, not %lx", seen, expected);
	t->written += t->writes;
	fs_sample(t->job, is_first ? "pass_first" : "pass", (double)ns / (double)t->pages);
	err = pages_on_side(t->job, &t->buf, FS_DEVICE, &on_device);
	if (err < 0 || is_first)
		return err < 0 ? err : 1;
	if (count_grew(t->job, "faults_to_device", faults_before, &by))
		fs_sample(t->job, "faults", (double)by);
	if (!count_grew(t->job, "evicted_pages", evicted_before, &by))
		return 1;
	fs_sample(t->job, "evicted", (double)by);
	/* Every page was touched: those that are not there any more have left in this pass. */
	return fs_expect(t->job, "evicted_pages", (double)by, FS_GE, (double)(t->pages - on_device));
}

static int check(struct trial *t)
{
	for (uint64_t i = 0; i < t->pages; i++) {
		ulong *word = (ulong *)((unsigned char *)t->buf.cpu + i * page_bytes());

		if (*word != order_word(i, t->key) + t->written)
			return fs_wrong(t->job, "page %llu holds %lx, not %lx", (unsigned long long)i, *word, order_word(i, t->key) + t->written);
	}
	return 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .key = fs_seed(job), .writes = fs_is(job, "access", "write")};
	int err;

	t.pages = fs_size(job, "size") / page_bytes();
	if (t.pages > FS_OUT_WORDS)
		return fs_skip(job, "a smaller size, or larger pages", "%llu pages are more than %d", (unsigned long long)t.pages, FS_OUT_WORDS);
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	for (uint64_t i = 0; i < t.pages; i++)
		*(ulong *)((unsigned char *)t.buf.cpu + i * page_bytes()) = order_word(i, t.key);
	err = 1;
	for (int n = 0; n < PASSES && err > 0; n++)
		err = pass(&t, n == 0);
	if (err > 0)
		err = check(&t);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_oversubscribe = {
	.name = "oversubscribe",
	.summary = "the device passes over more than fits its memory",
	.needs = FS_FAULTS | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

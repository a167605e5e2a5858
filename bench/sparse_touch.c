/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sparse_touch - the device touches some of the pages of a buffer that the CPU filled, then the CPU touches the same
 * ones: from which share on does it pay to move everything, rather than what is touched?
 *
 * device is step 3 with all that the setup does to bring data to the device; cpu is step 4 with all that it does to
 * bring them back. Pages are chosen at random, and each touch reads and changes one word. That is repeated with the same pages: the first time is
 * NAME_first, which a program pays that does it once, NAME the median of the others (bench/repeat.h).
 *
 * Not measured: filling the buffer, real computing. With filled=none the first pass touches memory that does not exist yet.
 *
 * How it could lie: a granule above the page size moves neighbours along, so touched is a share of pages asked for, not of
 * pages moved (pages_moved tells, where pages or bytes are counted). Under a setup that knows what a kernel
 * reads, less than everything could be copied: here it is told nothing, as a program that cannot know.
 */
#include "config.h"

#include "bench/sparse_touch.h"

#include "bench/repeat.h"
#include "bench/sparse_touch.body.h"
#include "bench/words.h"

static const struct fs_param params[] = {
	SIZE_PARAM("16M", "bytes of the buffer, a power of two"),
	{.name = "touched", .type = FS_PARAM_REAL, .initial = "10", .min = 0.001, .max = 100, .help = "percent of the pages; at least one page"},
	{.name = "filled",
		.type = FS_PARAM_CHOICE,
		.initial = "all",
		.choices = "all|none",
		.help = "what the CPU fills before; none: the first touch of a page is the device's"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "total", .unit = "ns", .better = FS_LOWER, .help = "device and cpu together"},
	{.name = "device", .unit = "ns", .better = FS_LOWER, .help = "the device touches the pages, with what brings them there"},
	{.name = "cpu", .unit = "ns", .better = FS_LOWER, .help = "the CPU touches the same pages, with what brings them back"},
	{.name = "total_first", .unit = "ns", .better = FS_LOWER, .help = "total, the first time"},
	{.name = "device_first", .unit = "ns", .better = FS_LOWER, .help = "device, the first time"},
	{.name = "cpu_first", .unit = "ns", .better = FS_LOWER, .help = "cpu, the first time"},
	{.name = "touches", .unit = "pages", .better = FS_EXACT, .help = "pages that each side touched"},
	{.name = "pages_moved", .unit = "pages", .better = FS_LOWER, .help = "pages that went to the device, by faults or by transfer"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_CROSSING, "total", "touched", .title = "from which share of the pages on do copies win?"},
	{FS_DRAW_STACK, "device cpu", .mark = "total", .title = "which side pays for what is touched"},
	{0},
};

static ulong *word_of(struct sparse *t, ulong i)
{
	return (ulong *)((unsigned char *)t->buf.cpu + order_at(i, t->bits, t->key) * page_bytes());
}

/* Undoes on the shadow of one word what both sides did to it; everything else is as it was filled. */
static int check(struct sparse *t)
{
	for (ulong i = 0; i < t->touches; i++) {
		ulong *word = word_of(t, i), filled = t->is_filled ? order_word((size_t)(word - (ulong *)t->buf.cpu), t->key) : 0, expected = filled;

		for (ulong pass = 0; pass < t->passes; pass++)
			expected = expected * 3 + i + 1;
		if (*word != expected)
			return fs_wrong(t->job, "touch %lu left %lx, not %lx", i, *word, expected);
		*word = filled;
	}
	return words_check(t->job, &t->buf, t->key, t->is_filled);
}

static int device_part(struct sparse *t)
{
	struct fs_launch launch = {
		.name = "sparse_touch",
		.body = sparse_touch_body,
		.args = {.u = {t->bits, page_bytes(), t->key}},
		.last = t->touches,
	};

	return fs_device_compute(t->job, &t->buf, &launch);
}

static int cpu_part(struct sparse *t)
{
	int err = fs_cpu_begin(t->job, &t->buf);

	for (ulong i = 0; i < t->touches && err >= 0; i++)
		*(volatile ulong *)word_of(t, i) += 1;
	return err;
}

/* Positive where it holds. */
static int measure(struct sparse *t, bool is_first)
{
	uint64_t start, between, end;
	int err;

	sparse_count_begin(t);
	fs_contains_begin(t->job);
	fs_step_begin(t->job, FS_DEVICE_COMPUTE);
	start = fs_device_clock(t->job);
	err = device_part(t);
	between = fs_device_clock(t->job);
	if (fs_step_end(t->job, FS_DEVICE_COMPUTE, err) < 0)
		return err;
	err = sparse_declare(t, FS_DEVICE, is_first);
	if (err == 0)
		err = sparse_count_end(t);
	if (err <= 0)
		return err;
	fs_contains_begin(t->job);
	fs_step_begin(t->job, FS_CPU_AFTER);
	end = fs_device_clock(t->job);
	err = cpu_part(t);
	end = fs_device_clock(t->job) - end;
	if (fs_step_end(t->job, FS_CPU_AFTER, err) < 0)
		return err;
	err = sparse_declare(t, FS_HOST, is_first);
	if (err < 0)
		return err;
	t->passes++;
	fs_sample(t->job, is_first ? "device_first" : "device", (double)(between - start));
	fs_sample(t->job, is_first ? "cpu_first" : "cpu", (double)end);
	fs_sample(t->job, is_first ? "total_first" : "total", (double)(between - start + end));
	return 1;
}

static int measure_all(struct sparse *t)
{
	int err = 1;

	for (int n = 0; n < 1 + REPEATS && err > 0; n++)
		err = measure(t, n == 0);
	return err > 0 ? check(t) : err;
}

static int run(struct fs_job *job)
{
	struct sparse t = {.job = job, .key = fs_seed(job)};
	int err = size_bits(job, page_bytes(), "size=16M", &t.bits);

	if (err < 0)
		return err;
	t.is_filled = fs_is(job, "filled", "all");
	t.touches = (ulong)((double)(1ul << t.bits) * fs_real(job, "touched") / 100 + 0.5);
	t.touches = t.touches != 0 ? t.touches : 1;
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	if (t.is_filled)
		words_fill(&t.buf, t.key);
	err = measure_all(&t);
	fs_release(job, &t.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_sparse_touch = {
	.name = "sparse_touch",
	.summary = "the device touches a share of the pages: when do copies win?",
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

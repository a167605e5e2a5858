/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * first_touch - what steps 1, 2 and 5 cost before anything is computed: allocating the buffer, the CPU's first touch of
 * every page, releasing it.
 *
 * Each is the time of the whole over the number of base pages. Pages are touched in ascending order, one word each, as a
 * program fills its input.
 *
 * Not measured: the rest of a page's filling, a device's first touch, device memory (it exists before step 1).
 *
 * How it could lie: were pages populated by alloc, the touch would look free: minor faults must be seen, at
 * least one for every huge page. A node may be full, or be emptied onto another while it is filled: all pages must be on
 * one side. With huge pages one touch pays for many: the figure is a mean. The kernel zeroes pages at the first
 * touch, or, told so at boot, when they are freed.
 */
#include "config.h"

#include "bench/order.h"

static const struct fs_param params[] = {
	SIZE_PARAM("16M", "bytes of the buffer"),
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "touch", .unit = "ns", .better = FS_LOWER, .help = "the CPU's first touch, a base page"},
	{.name = "alloc", .unit = "ns", .better = FS_LOWER, .help = "step 1, a base page"},
	{.name = "release", .unit = "ns", .better = FS_LOWER, .help = "step 5, a base page"},
	{.name = "minor_faults", .unit = "faults", .better = FS_LOWER, .help = "of the process during the touches"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_STACK, "alloc touch release", .title = "what memory costs before anything is shared, a page"},
	{0},
};

/*
 * A page keeps what is written, and is zero elsewhere if it is new: an allocator may give pages that it had before, and those did not
 * fault. Looked at afterwards: a read first would be a fault more.
 */
static int check(struct fs_job *job, const struct fs_buffer *buf, ulong key, size_t pages, size_t faults)
{
	size_t used = 0;

	for (size_t i = 0; i < pages; i++) {
		const ulong *words = (const ulong *)((const unsigned char *)buf->cpu + i * page_bytes());

		if (words[0] != order_word(i, key))
			return fs_wrong(job, "page %zu holds %lx, not %lx", i, words[0], order_word(i, key));
		used += words[1] != 0;
	}
	if (used + faults > pages && used > 0)
		return fs_wrong(job, "%zu of %zu pages are not zero where nothing was written, and %zu faulted", used, pages, faults);
	return 0;
}

static int touch(struct fs_job *job, struct fs_buffer *buf, ulong key, size_t pages)
{
	size_t page = page_bytes();
	unsigned char *p = buf->cpu;
	uint64_t faults = minor_faults();
	uint64_t start = fs_now(), took_ns;

	for (size_t i = 0; i < pages; i++)
		*(volatile ulong *)(p + i * page) = order_word(i, key);
	took_ns = fs_now() - start;
	faults = minor_faults() - faults;
	fs_sample(job, "touch", (double)took_ns / (double)pages);
	fs_sample(job, "minor_faults", (double)faults);
	if (faults == 0)
		return fs_skip(job, "another setup, or another device", "the buffer is there before its first touch");
	fs_expect(job, "minor_faults", (double)faults, FS_GE, (double)((buf->bytes + fs_huge_bytes() - 1) / fs_huge_bytes()));
	return check(job, buf, key, pages, (size_t)faults);
}

/* For the cost model: each value is the mean of a page. */
static int declare(struct fs_job *job, struct fs_buffer *buf, double pages)
{
	uint64_t on_device = 0;
	int err = (fs_offers(job) & FS_RESIDENCE) != 0 ? pages_on_side(job, buf, FS_DEVICE, &on_device) : 0;

	fs_contains(job, "alloc", FS_COST_ALLOC, 1 / pages);
	fs_contains(job, "alloc", FS_COST_ALLOC_PAGE, 1);
	fs_contains(job, "touch", FS_COST_FIRST_TOUCH + (on_device != 0 ? FS_DEVICE : FS_HOST), 1);
	fs_contains(job, "release", FS_COST_RELEASE, 1 / pages);
	fs_contains(job, "release", FS_COST_RELEASE_PAGE, 1);
	return err;
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	size_t bytes = fs_size(job, "size"), pages = (bytes + page_bytes() - 1) / page_bytes();
	uint64_t start = fs_device_clock(job), faults = count_now(job, "faults_to_host"), by;
	int err = fs_alloc(job, bytes, &buf);

	if (err < 0)
		return err;
	fs_sample(job, "alloc", (double)(fs_device_clock(job) - start) / (double)pages);
	err = touch(job, &buf, fs_seed(job), pages);
	/* Memory that is new comes from the kernel, not from the device. */
	if (err == 0 && count_grew(job, "faults_to_host", faults, &by))
		fs_expect(job, "faults_to_host", (double)by, FS_EQ, 0);
	if (err == 0)
		err = expect_one_side(job, &buf);
	if (err == 0)
		err = declare(job, &buf, (double)pages);
	start = fs_device_clock(job);
	fs_release(job, &buf);
	if (err == 0)
		fs_sample(job, "release", (double)(fs_device_clock(job) - start) / (double)pages);
	return err;
}

const struct fs_bench bench_first_touch = {
	.name = "first_touch",
	.summary = "allocation, the CPU's first touch, release: a page of a new buffer",
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

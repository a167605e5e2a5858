/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_back - what it costs the CPU to touch a buffer that was moved to the device, page by page, and to touch it again.
 *
 * Where coherence is in software the first touch of a page is a fault that brings it back; where memory is coherent it is
 * an access, and nothing moves. The buffer is filled by the CPU, moved to the device on request, then read once a page in a
 * random order, then read again. The whole pass is timed, so that reading the clock is not in every touch. That is repeated, from the move on: the
 * first time is NAME_first, NAME the median of the others (bench/repeat.h).
 *
 * Not measured: single touches (fault_latency), moving to the device (migrate_bandwidth). It could lie where a fault brings
 * back more than one page: then fewer faults than pages are counted, and the metrics say so.
 */
#include "config.h"

#include "bench/order.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	SIZE_PARAM("16M", "bytes of the buffer, a power of two"),
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "touch", .unit = "ns", .better = FS_LOWER, .help = "the CPU's first touch of a page after it moved to the device"},
	{.name = "again", .unit = "ns", .better = FS_LOWER, .help = "its second touch of the page"},
	{.name = "to_device", .unit = "ns", .better = FS_LOWER, .help = "a page moved there on request, before"},
	{.name = "touch_first", .unit = "ns", .better = FS_LOWER, .help = "touch, after the first move of all"},
	{.name = "again_first", .unit = "ns", .better = FS_LOWER, .help = "again, after the first move of all"},
	{.name = "to_device_first", .unit = "ns", .better = FS_LOWER, .help = "to_device, the first move of all"},
	{.name = "release", .unit = "ns", .better = FS_LOWER, .help = "step 5, a base page, after all were on the device"},
	{.name = "faults", .unit = "faults", .better = FS_EXACT, .help = "page faults of the process during the first touches"},
	{.name = "pages_back", .unit = "pages", .better = FS_EXACT, .help = "pages that the first touches brought back"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_MULTIPLES, "touch", .title = "how far apart are rounds of the CPU's first touch?"},
	{FS_DRAW_BARS, "touch", .title = "the CPU's first touch of a page on the device"},
	{FS_DRAW_BARS, "to_device", .title = "a page moved to the device on request"},
	{0},
};

/* Reads one word of each page. Returns their sum. */
static ulong pass(const struct fs_buffer *buf, unsigned bits, ulong key, uint64_t *ns)
{
	ulong sum = 0;
	uint64_t start = fs_now();

	for (ulong i = 0; i < 1ul << bits; i++)
		sum += *(volatile ulong *)((unsigned char *)buf->cpu + order_at(i, bits, key) * page_bytes());
	*ns = fs_now() - start;
	return sum;
}

/* Under software coherence the faults bring all of it back; under hardware coherence nothing moves. */
static int judge(struct fs_job *job, struct fs_buffer *buf, uint64_t pages, uint64_t faults, uint64_t *back)
{
	uint64_t on_device;
	int err = pages_on_side(job, buf, FS_DEVICE, &on_device);

	if (err < 0)
		return err;
	*back = pages - on_device;
	if ((fs_offers(job) & FS_REMOTE) != 0)
		fs_expect(job, "pages_back", (double)*back, FS_EQ, 0);
	else
		fs_expect(job, "pages_back", (double)*back, FS_EQ, (double)pages);
	if ((fs_offers(job) & FS_REMOTE) == 0)
		fs_expect(job, "faults", (double)faults, FS_GE, 1);
	return 0;
}

static int timed_move(struct fs_job *job, struct fs_buffer *buf, uint64_t *ns)
{
	uint64_t start;
	int err;

	fs_contains_begin(job);
	fs_step_begin(job, FS_DEVICE_COMPUTE);
	start = fs_device_clock(job);
	err = fs_move(job, buf, 0, buf->bytes, FS_DEVICE);
	*ns = fs_device_clock(job) - start;
	return fs_step_end(job, FS_DEVICE_COMPUTE, err);
}

/* Returns the sum of the words, which each pass must read. */
static ulong fill(struct fs_buffer *buf, uint64_t pages, ulong key)
{
	ulong sum = 0;

	for (ulong i = 0; i < pages; i++) {
		*(ulong *)((unsigned char *)buf->cpu + i * page_bytes()) = order_word(i, key);
		sum += order_word(i, key);
	}
	return sum;
}

/* From the host to the device: some setups place it there from the first touch on, and where nothing faults it is there still. */
static int put_on_device(struct fs_job *job, struct fs_buffer *buf, uint64_t *moved_ns)
{
	int err = fs_move(job, buf, 0, buf->bytes, FS_HOST);

	if (err >= 0)
		err = expect_side(job, buf, FS_HOST);
	if (err > 0)
		err = timed_move(job, buf, moved_ns);
	else
		return err;
	return err >= 0 ? expect_side(job, buf, FS_DEVICE) : err;
}

/* Positive where it holds. */
static int there_and_back(struct fs_job *job, struct fs_buffer *buf, unsigned bits, ulong key, ulong expected, bool is_first)
{
	uint64_t pages = 1ul << bits, moved_ns = 0, first_ns, second_ns, faults, back;
	ulong first, second;
	int err = put_on_device(job, buf, &moved_ns);

	if (err <= 0)
		return err;
	fs_contains_end(job, is_first ? "to_device_first" : "to_device", (double)pages, is_first);
	fs_contains_begin(job);
	fs_step_begin(job, FS_CPU_AFTER);
	faults = page_faults();
	first = pass(buf, bits, key, &first_ns);
	faults = page_faults() - faults;
	fs_step_end(job, FS_CPU_AFTER, 0);
	fs_contains_end(job, is_first ? "touch_first" : "touch", (double)pages, is_first);
	fs_contains(job, is_first ? "touch_first" : "touch", FS_COST_TOUCH + FS_HOST, 1);
	fs_contains(job, is_first ? "again_first" : "again", FS_COST_TOUCH + FS_HOST, 1);
	err = judge(job, buf, pages, faults, &back);
	if (err < 0)
		return err;
	second = pass(buf, bits, key, &second_ns);
	if (first != expected || second != expected)
		return fs_wrong(job, "the words add up to %lx and %lx, not %lx", first, second, expected);
	fs_sample(job, is_first ? "touch_first" : "touch", (double)first_ns / (double)pages);
	fs_sample(job, is_first ? "again_first" : "again", (double)second_ns / (double)pages);
	fs_sample(job, is_first ? "to_device_first" : "to_device", (double)moved_ns / (double)pages);
	fs_sample(job, "faults", (double)faults);
	fs_sample(job, "pages_back", (double)back);
	return 1;
}

static int measure(struct fs_job *job, struct fs_buffer *buf, unsigned bits, ulong key)
{
	ulong expected = fill(buf, 1ul << bits, key);
	uint64_t unused_ns;
	int err = 1;

	/* Where the words were just written nothing faults but the code itself, at its first use: those faults are none of the buffer's. */
	page_faults();
	pass(buf, bits, key, &unused_ns);
	for (int n = 0; n < 1 + REPEATS && err > 0; n++)
		err = there_and_back(job, buf, bits, key, expected, n == 0);
	return err;
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	unsigned bits;
	double pages;
	uint64_t start;
	int err = size_bits(job, page_bytes(), "size=16M", &bits);

	if (err < 0)
		return err;
	pages = (double)(1ul << bits);
	err = fs_alloc(job, fs_size(job, "size"), &buf);
	if (err >= 0)
		err = measure(job, &buf, bits, fs_seed(job));
	start = fs_device_clock(job);
	fs_release(job, &buf);
	if (err > 0) {
		fs_sample(job, "release", (double)(fs_device_clock(job) - start) / pages);
		fs_contains(job, "release", FS_COST_RELEASE, 1 / pages);
		fs_contains(job, "release", FS_COST_RELEASE_PAGE, 1);
		fs_contains(job, "release", FS_COST_RELEASE_VISITOR, 1);
	}
	return err < 0 ? err : 0;
}

const struct fs_bench bench_fault_back = {
	.name = "fault_back",
	.summary = "the CPU touches what was moved to the device, and touches it again",
	.needs = FS_MOVE | FS_SAME_ADDRESS | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

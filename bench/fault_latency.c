/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_latency - what it costs to touch a page that is on the other side: it faults, the page migrates, the touch completes.
 *
 * The CPU fills the buffer; the device touches one word in every stride, then the CPU touches the same words. Each
 * touch is timed by itself, by the clock of the side that touches, one at a time and in a random order. The stride is what
 * the device was seen to migrate for one fault (one touch beforehand, not timed), so that every touch is a fault; both
 * sides read and write the word, so that read-only duplicates would not do. All of it is done three times: the first time, which pays for page
 * tables that are new, is NAME_first, the touches of the others are NAME.
 *
 * Not measured: many faults at once, faults on memory that does not exist yet (first_touch), the time until
 * neighbours that came along are used.
 *
 * How it could lie: a driver that migrates more when faults come close together (prefetching, batches) makes some
 * touches cheap: then fewer faults than touches are counted and the round is invalid. The latency holds one reading of the
 * clock (floor: timer). It includes waking the thread that serves the fault, which an idle machine can make slow
 * (floor: raw_fault). The floor is of one base page; with a larger granule the copy alone is longer.
 */
#include "config.h"

#include "bench/fault_latency.body.h"
#include "bench/order.h"

#define PASSES 3

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer, a power of two; touches are size over what one fault migrates, at most 65536"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "to_host",
		.unit = "ns",
		.better = FS_LOWER,
		.kind = FS_HISTOGRAM,
		.floor = "floor.fault",
		.help = "the CPU's touch of a page on the device"},
	{.name = "to_device",
		.unit = "ns",
		.better = FS_LOWER,
		.kind = FS_HISTOGRAM,
		.floor = "floor.fault",
		.help = "the device's touch of a page on the host"},
	{.name = "to_host_first", .unit = "ns", .better = FS_LOWER, .kind = FS_HISTOGRAM, .help = "the CPU's first touch of each page on the device"},
	{.name = "to_device_first",
		.unit = "ns",
		.better = FS_LOWER,
		.kind = FS_HISTOGRAM,
		.help = "the device's first touch of each page on the host"},
	{.name = "faults_to_host", .unit = "faults", .better = FS_EXACT, .help = "faults by the CPU"},
	{.name = "faults_to_device", .unit = "faults", .better = FS_EXACT, .help = "faults by the device"},
	{.name = "pages_a_fault", .unit = "pages", .better = FS_EXACT, .help = "base pages that one fault migrates"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_DISTRIBUTION, "to_host", .title = "the CPU's touch of a page that is on the device"},
	{FS_DRAW_DISTRIBUTION, "to_device", .title = "the device's touch of a page that is on the host"},
	{0},
};

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	size_t stride;
	unsigned bits; /* 2^bits touches */
	ulong key;
	uint64_t faults_before, pages_before;
};

/* Every word of the buffer says where it is from; the touched ones also by how often they were touched. */
static void fill(struct trial *t)
{
	ulong *words = t->buf.cpu;

	for (size_t i = 0; i < t->buf.bytes / sizeof(*words); i++)
		words[i] = order_word(i, t->key);
}

static int check(struct trial *t, ulong touches, size_t pilot)
{
	const ulong *words = t->buf.cpu;

	for (size_t i = 0; i < t->buf.bytes / sizeof(*words); i++) {
		size_t offset = i * sizeof(*words);
		ulong expected = order_word(i, t->key) + (offset % t->stride == 0 ? touches : 0) + (offset == pilot ? 2 : 0);

		if (words[i] != expected)
			return fs_wrong(t->job, "the word at %zu is %lx, not %lx", offset, words[i], expected);
	}
	return 0;
}

static int launch(struct trial *t, size_t pilot)
{
	struct fs_launch launch = {
		.name = "fault_latency",
		.body = fault_latency_body,
		.args = {.link_base = (ulong)t->buf.cpu, .u = {t->bits, t->stride, t->key, 0, pilot}},
		.first = 0,
		.last = 1,
	};
	int err = fs_launch_start(t->job, &t->buf, &launch);

	return err < 0 ? err : fs_launch_wait(t->job);
}

/* What one fault migrates, seen by touching one page in the middle and asking where the pages are. */
static int find_stride(struct trial *t, size_t pilot)
{
	volatile ulong *word = (volatile ulong *)((unsigned char *)t->buf.cpu + pilot);
	uint64_t pages, left;
	int err = launch(t, pilot);

	if (err == 0)
		err = pages_on_side(t->job, &t->buf, FS_DEVICE, &pages);
	if (err < 0)
		return err;
	*word += 1;
	err = pages_on_side(t->job, &t->buf, FS_DEVICE, &left);
	if (err < 0)
		return err;
	if (left != 0)
		return fs_skip(t->job, "run fault_back: it times the CPU's faults", "one fault of the device moves %llu pages, one of the CPU %llu",
			(unsigned long long)pages, (unsigned long long)(pages - left));
	if (!fs_expect(t->job, "pages_a_fault", (double)pages, FS_GE, 1))
		return -EBADMSG;
	t->stride = (size_t)pages * page_bytes();
	if (order_bits(t->stride) == 64 || t->stride > t->buf.bytes)
		return fs_skip(t->job, "a larger size", "one fault migrated %llu pages, which do not divide the buffer", (unsigned long long)pages);
	t->bits = order_bits(t->buf.bytes / t->stride);
	if (1ul << t->bits > FS_OUT_WORDS)
		return fs_skip(t->job, "a smaller size", "%lu touches are more than %d", 1ul << t->bits, FS_OUT_WORDS);
	fs_sample(t->job, "pages_a_fault", (double)pages);
	return 0;
}

static void count_begin(struct trial *t, enum fs_side to)
{
	t->faults_before = count_now(t->job, to == FS_HOST ? "faults_to_host" : "faults_to_device");
	t->pages_before = count_now(t->job, to == FS_HOST ? "pages_to_host" : "pages_to_device");
}

/* Every touch faulted, every page moved, all of them are there. 1 where that holds, 0 where not, negative on error. */
static int count_end(struct trial *t, enum fs_side to)
{
	static const char *const faults_names[FS_SIDES] = {"faults_to_host", "faults_to_device"};
	static const char *const pages_names[FS_SIDES] = {"pages_to_host", "pages_to_device"};
	uint64_t by;
	bool holds = true;
	int err;

	if (count_grew(t->job, faults_names[to], t->faults_before, &by)) {
		fs_sample(t->job, faults_names[to], (double)by);
		holds = fs_expect(t->job, faults_names[to], (double)by, FS_EQ, (double)(1ul << t->bits));
	}
	if (count_grew(t->job, pages_names[to], t->pages_before, &by))
		holds = fs_expect(t->job, pages_names[to], (double)by, FS_EQ, (double)(t->buf.bytes / page_bytes())) && holds;
	err = expect_side(t->job, &t->buf, to);
	return err <= 0 ? err : holds;
}

static int touch_on_device(struct trial *t, bool first)
{
	struct fs_histogram *h = fs_histogram(t->job, first ? "to_device_first" : "to_device");
	const ulong *ns;
	ulong total = 0;
	int err;

	fs_results_clear(t->job);
	count_begin(t, FS_DEVICE);
	fs_step_begin(t->job, FS_DEVICE_COMPUTE);
	err = fs_step_end(t->job, FS_DEVICE_COMPUTE, launch(t, 0));
	if (err < 0)
		return err;
	ns = fs_results(t->job);
	for (ulong i = 0; i < 1ul << t->bits; i++)
		total += ns[i];
	/* A device without a clock for bodies leaves the histogram empty: absent, not zero. */
	for (ulong i = 0; i < 1ul << t->bits && total != 0; i++)
		fs_histogram_add(h, ns[i]);
	return count_end(t, FS_DEVICE);
}

static int touch_on_host(struct trial *t, bool first)
{
	struct fs_histogram *h = fs_histogram(t->job, first ? "to_host_first" : "to_host");

	count_begin(t, FS_HOST);
	fs_step_begin(t->job, FS_CPU_AFTER);
	for (ulong i = 0; i < 1ul << t->bits; i++) {
		volatile ulong *word = (volatile ulong *)((unsigned char *)t->buf.cpu + order_at(i, t->bits, t->key) * t->stride);
		uint64_t start = fs_now();

		*word += 1;
		fs_histogram_add(h, fs_now() - start);
	}
	fs_step_end(t->job, FS_CPU_AFTER, 0);
	return count_end(t, FS_HOST);
}

/* For the cost model: evidence is that every touch is a fault, and every page moves by one. */
static void declare(struct fs_job *job, double pages)
{
	static const char *const metric[FS_SIDES][2] = {{"to_host", "to_host_first"}, {"to_device", "to_device_first"}};

	for (int to = 0; to < FS_SIDES; to++) {
		for (unsigned first = 0; first < 2; first++) {
			fs_contains(job, metric[to][first], FS_COST_TOUCH + to, 1);
			fs_contains(job, metric[to][first], FS_COST_FAULT + to, 1);
			fs_contains(job, metric[to][first], FS_COST_PAGE + to, pages - 1);
		}
		fs_contains(job, metric[to][1], FS_COST_FIRST_WAY + to, pages);
	}
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .key = fs_seed(job)};
	size_t bytes = fs_size(job, "size"), pilot = bytes / 2;
	int err;

	if (order_bits(bytes) == 64)
		return fs_skip(job, "size=4M", "the size is not a power of two");
	err = fs_alloc(job, bytes, &t.buf);
	if (err < 0)
		return err;
	fill(&t);
	err = find_stride(&t, pilot);
	if (err == 0)
		err = expect_side(job, &t.buf, FS_HOST);
	for (int pass = 0; pass < PASSES && err > 0; pass++) {
		err = touch_on_device(&t, pass == 0);
		if (err > 0)
			err = touch_on_host(&t, pass == 0);
	}
	if (err > 0)
		declare(job, (double)(t.stride / page_bytes()));
	/* Data are looked at only where evidence holds: otherwise the verdict is that it does not. */
	if (err > 0)
		err = check(&t, 2 * PASSES, pilot);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_fault_latency = {
	.name = "fault_latency",
	.summary = "a touch that faults and migrates its page, one by one, both directions",
	.needs = FS_FAULTS | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

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

#include "bench/order.h"
#include "bench/repeat.h"
#include "bench/sparse_touch.body.h"

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "16M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer, a power of two"},
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

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	unsigned bits; /* 2^bits pages */
	ulong touches, key;
	ulong passes; /* so far */
	uint64_t faults_before, pages_before, copied_before, transferred_before;
};

static ulong *word_of(struct trial *t, ulong i)
{
	return (ulong *)((unsigned char *)t->buf.cpu + order_at(i, t->bits, t->key) * page_bytes());
}

static bool is_filled(const struct trial *t)
{
	return fs_is(t->job, "filled", "all");
}

static ulong filled_word(const struct trial *t, size_t i)
{
	return is_filled(t) ? order_word(i, t->key) : 0;
}

static void fill(struct trial *t)
{
	ulong *words = t->buf.cpu;

	for (size_t i = 0; i < t->buf.bytes / sizeof(*words) && is_filled(t); i++)
		words[i] = order_word(i, t->key);
}

/* Undoes on the shadow of one word what both sides did to it; everything else is as it was filled. */
static int check(struct trial *t)
{
	const ulong *words = t->buf.cpu;
	size_t in_page = page_bytes() / sizeof(*words);

	for (ulong i = 0; i < t->touches; i++) {
		ulong *word = word_of(t, i), filled = filled_word(t, (size_t)(word - words)), expected = filled;

		for (ulong pass = 0; pass < t->passes; pass++)
			expected = expected * 3 + i + 1;
		if (*word != expected)
			return fs_wrong(t->job, "touch %lu left %lx, not %lx", i, *word, expected);
		*word = filled;
	}
	for (size_t i = 0; i < t->buf.bytes / sizeof(*words); i++) {
		if (words[i] != filled_word(t, i))
			return fs_wrong(t->job, "the word at %zu of page %zu changed", i % in_page * sizeof(*words), i / in_page);
	}
	return 0;
}

/* Pages that went to the device so far, by faults, on request or by placement; false where no such thing is counted. */
static bool went_to_device(struct fs_job *job, uint64_t *pages)
{
	uint64_t placed;
	bool counted = fs_device_count(job, "pages_to_device", pages);

	if (!fs_device_count(job, "placed_on_device_pages", &placed))
		return counted;
	*pages = counted ? *pages + placed : placed;
	return true;
}

/* What moved, against what was touched. 1 where it fits, 0 where evidence fails, negative on error. */
static int moved(struct trial *t)
{
	uint64_t pages, faults, total = 1ul << t->bits;
	bool faulting = fs_offers(t->job) & FS_FAULTS;
	bool holds = true;
	int err = 0;

	fs_sample(t->job, "touches", (double)t->touches);
	if (fs_offers(t->job) & FS_TRANSFER) {
		uint64_t copied;

		/* What the device says that it copied, where it counts; else what it was asked to. */
		if (!count_grew(t->job, "copied_to_device_bytes", t->copied_before, &copied))
			copied = t->buf.transferred[FS_DEVICE] - t->transferred_before;
		fs_sample(t->job, "pages_moved", (double)copied / (double)page_bytes());
		return fs_expect(t->job, "pages_moved", (double)copied / (double)page_bytes(), FS_EQ, (double)total);
	}
	if (fs_offers(t->job) & FS_RESIDENCE) {
		err = pages_on_side(t->job, &t->buf, FS_DEVICE, &pages);
		holds = err < 0 || expect_no_conflicts(t->job);
	}
	/* Where the kernel moves pages by itself they are not counted: absent, not zero. */
	if ((fs_offers(t->job) & (FS_FAULTS | FS_MOVE)) && went_to_device(t->job, &pages)) {
		pages -= t->pages_before;
		fs_sample(t->job, "pages_moved", (double)pages);
		if (faulting)
			holds = fs_expect(t->job, "pages_to_device", (double)pages, FS_GE, (double)t->touches) && holds;
	}
	if (faulting && count_grew(t->job, "faults_to_device", t->faults_before, &faults)) {
		holds = fs_expect(t->job, "faults_to_device", (double)faults, FS_GE, 1) && holds;
		holds = fs_expect(t->job, "faults_to_device", (double)faults, FS_LE, (double)t->touches) && holds;
	}
	return err < 0 ? err : holds;
}

static int device_part(struct trial *t)
{
	struct fs_launch launch = {
		.name = "sparse_touch",
		.body = sparse_touch_body,
		.args = {.u = {t->bits, page_bytes(), t->key}},
		.last = t->touches,
	};

	return fs_device_compute(t->job, &t->buf, &launch);
}

static int cpu_part(struct trial *t)
{
	int err = fs_cpu_begin(t->job, &t->buf);

	for (ulong i = 0; i < t->touches && err >= 0; i++)
		*(volatile ulong *)word_of(t, i) += 1;
	return err;
}

static void count_begin(struct trial *t)
{
	t->faults_before = count_now(t->job, "faults_to_device");
	if (!went_to_device(t->job, &t->pages_before))
		t->pages_before = 0;
	t->copied_before = count_now(t->job, "copied_to_device_bytes");
	t->transferred_before = t->buf.transferred[FS_DEVICE];
}

/* Pages that are allocated: on the device by its touches, or when they move there; on the host when they are copied back. */
static int declare_new(struct trial *t, enum fs_side side)
{
	double pages = (double)(1ul << t->bits);
	uint64_t on_device = 0, moved = 0;
	int err = 0;

	/* Nothing that does not exist moves. */
	for (int to = 0; to < FS_SIDES && (fs_offers(t->job) & FS_REMOTE) != 0; to++) {
		fs_contains(t->job, side == FS_HOST ? "cpu_first" : "device_first", FS_COST_PAGE + to, 0);
		fs_contains(t->job, side == FS_HOST ? "cpu_first" : "device_first", FS_COST_FIRST_WAY + to, 0);
	}
	if ((fs_offers(t->job) & FS_TRANSFER) && side == FS_HOST)
		fs_contains(t->job, "cpu_first", FS_COST_FIRST_TOUCH + FS_HOST, pages);
	if (side == FS_HOST && (fs_offers(t->job) & (FS_TRANSFER | FS_REMOTE)) == 0 && fs_device_count(t->job, "pages_to_host", &moved))
		fs_contains(t->job, "cpu_first", FS_COST_ARRIVAL, (double)moved);
	if (side == FS_HOST || (fs_offers(t->job) & FS_TRANSFER))
		return 0;
	if (fs_offers(t->job) & FS_RESIDENCE)
		err = pages_on_side(t->job, &t->buf, FS_DEVICE, &on_device);
	if ((fs_offers(t->job) & FS_REMOTE) == 0 && fs_device_count(t->job, "pages_to_device", &moved))
		fs_contains(t->job, "device_first", FS_COST_FIRST_TOUCH + FS_DEVICE, (double)moved);
	else
		fs_contains(t->job, "device_first", FS_COST_FIRST_TOUCH + (on_device != 0 ? FS_DEVICE : FS_HOST), (double)t->touches);
	return err;
}

/* For the cost model: what was counted, and the touches. */
static int declare(struct trial *t, enum fs_side side, bool is_first)
{
	static const char *const metric[FS_SIDES][2] = {{"cpu", "cpu_first"}, {"device", "device_first"}};

	/* Later passes over memory that was not filled move what a first touch left, which not every setup counts. */
	if (!is_filled(t) && !is_first)
		return 0;
	fs_contains_end(t->job, metric[side][is_first], 1, is_first);
	fs_contains(t->job, metric[side][is_first], FS_COST_TOUCH + side, (double)t->touches);
	return is_first && !is_filled(t) ? declare_new(t, side) : 0;
}

/* Positive where it holds. */
static int measure(struct trial *t, bool is_first)
{
	uint64_t start, between, end;
	int err;

	count_begin(t);
	fs_contains_begin(t->job);
	fs_step_begin(t->job, FS_DEVICE_COMPUTE);
	start = fs_device_clock(t->job);
	err = device_part(t);
	between = fs_device_clock(t->job);
	if (fs_step_end(t->job, FS_DEVICE_COMPUTE, err) < 0)
		return err;
	err = declare(t, FS_DEVICE, is_first);
	if (err == 0)
		err = moved(t);
	if (err <= 0)
		return err;
	fs_contains_begin(t->job);
	fs_step_begin(t->job, FS_CPU_AFTER);
	end = fs_device_clock(t->job);
	err = cpu_part(t);
	end = fs_device_clock(t->job) - end;
	if (fs_step_end(t->job, FS_CPU_AFTER, err) < 0)
		return err;
	err = declare(t, FS_HOST, is_first);
	if (err < 0)
		return err;
	t->passes++;
	fs_sample(t->job, is_first ? "device_first" : "device", (double)(between - start));
	fs_sample(t->job, is_first ? "cpu_first" : "cpu", (double)end);
	fs_sample(t->job, is_first ? "total_first" : "total", (double)(between - start + end));
	return 1;
}

static int measure_all(struct trial *t)
{
	int err = 1;

	for (int n = 0; n < 1 + REPEATS && err > 0; n++)
		err = measure(t, n == 0);
	return err > 0 ? check(t) : err;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .key = fs_seed(job)};
	int err;

	t.bits = order_bits(fs_size(job, "size") / page_bytes());
	if (t.bits == 64 || fs_size(job, "size") % page_bytes() != 0)
		return fs_skip(job, "size=16M", "the size is not a power of two");
	t.touches = (ulong)((double)(1ul << t.bits) * fs_real(job, "touched") / 100 + 0.5);
	t.touches = t.touches != 0 ? t.touches : 1;
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	fill(&t);
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

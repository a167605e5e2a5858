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
#include "bench/granule.h"
#include "bench/words.h"

#define PASSES 3

static const struct fs_param params[] = {
	SIZE_PARAM("4M", "bytes of the buffer, a power of two; touches are size over what one fault migrates, at most 65536"),
	{0},
};

#define TOUCH(metric, what, ...)                                                                                                                     \
	{                                                                                                                                            \
		.name = metric, .unit = "ns", .better = FS_LOWER, .kind = FS_HISTOGRAM, .help = what, ##__VA_ARGS__                                  \
	}

static const struct fs_metric metrics[] = {
	TOUCH("to_host", "the CPU's touch of a page on the device", .floor = "floor.fault"),
	TOUCH("to_device", "the device's touch of a page on the host", .floor = "floor.fault"),
	TOUCH("to_host_first", "the CPU's first touch of each page on the device"),
	TOUCH("to_device_first", "the device's first touch of each page on the host"),
	{.name = "faults_to_host", .unit = "faults", .better = FS_EXACT, .help = "faults by the CPU"},
	{.name = "faults_to_device", .unit = "faults", .better = FS_EXACT, .help = "faults by the device"},
	{.name = "pages_a_fault", .unit = "pages", .better = FS_EXACT, .help = "base pages that one fault migrates"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_MULTIPLES, "to_host", .title = "how long does the CPU wait for a page that is on the device?"},
	{FS_DRAW_MULTIPLES, "to_device", .title = "how long does the device wait for a page that is on the host?"},
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
};

static ulong *word_of(const struct trial *t, ulong i)
{
	return (ulong *)((unsigned char *)t->buf.cpu + order_at(i, t->bits, t->key) * t->stride);
}

/* Undoes what the touches did. */
static int check(struct trial *t, ulong touches)
{
	*(ulong *)((unsigned char *)t->buf.cpu + granule_pilot(&t->buf) * page_bytes()) -= GRANULE_TOUCHES;
	for (ulong i = 0; i < 1ul << t->bits; i++)
		*word_of(t, i) -= touches;
	return words_check(t->job, &t->buf, t->key, true);
}

/* Every touch faulted, every page moved, all of them are there. 1 where that holds, 0 where not, negative on error. */
static int judge(struct trial *t, enum fs_side to, const struct traffic *before)
{
	uint64_t by;
	bool holds = true;
	int err;

	if (count_grew(t->job, faults_to(to), before->faults, &by)) {
		fs_sample(t->job, faults_to(to), (double)by);
		holds = fs_expect(t->job, faults_to(to), (double)by, FS_EQ, (double)(1ul << t->bits));
	}
	if (count_grew(t->job, pages_to(to), before->pages, &by))
		holds = fs_expect(t->job, pages_to(to), (double)by, FS_EQ, (double)(t->buf.bytes / page_bytes())) && holds;
	err = expect_side(t->job, &t->buf, to);
	return err <= 0 ? err : holds;
}

/* A device without a clock for bodies leaves the histogram empty: absent, not zero. */
static void note_device(const struct trial *t, struct fs_histogram *h)
{
	const ulong *ns = fs_results(t->job);
	ulong total = 0;

	for (ulong i = 0; i < 1ul << t->bits; i++)
		total += ns[i];
	for (ulong i = 0; i < 1ul << t->bits && total != 0; i++)
		fs_histogram_add(h, ns[i]);
}

static void touch_on_host(struct trial *t, struct fs_histogram *h)
{
	for (ulong i = 0; i < 1ul << t->bits; i++) {
		volatile ulong *word = word_of(t, i);
		uint64_t start = fs_now();

		*word += 1;
		fs_histogram_add(h, fs_now() - start);
	}
}

static const char *const metric[FS_SIDES][2] = {{"to_host", "to_host_first"}, {"to_device", "to_device_first"}};

/* Positive where it holds. */
static int touch_all(struct trial *t, enum fs_side to, bool first)
{
	struct fs_launch launch = {.name = "fault_latency", .body = fault_latency_body, .args = {.u = {t->bits, t->stride, t->key}}, .last = 1};
	enum fs_step step = to == FS_HOST ? FS_CPU_AFTER : FS_DEVICE_COMPUTE;
	struct fs_histogram *h = fs_histogram(t->job, metric[to][first]);
	struct traffic before;
	int err = 0;

	fs_results_clear(t->job);
	before = traffic_now(t->job, to);
	fs_step_begin(t->job, step);
	if (to == FS_HOST)
		touch_on_host(t, h);
	else
		err = launch_run(t->job, &t->buf, &launch);
	if (fs_step_end(t->job, step, err) < 0)
		return err;
	if (to == FS_DEVICE)
		note_device(t, h);
	return judge(t, to, &before);
}

/* For the cost model: evidence is that every touch is a fault, and every page moves by one. */
static void declare(struct fs_job *job, double pages)
{
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
	int err = size_bits(job, page_bytes(), "size=4M", &t.bits);

	if (err < 0)
		return err;
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	words_fill(&t.buf, t.key);
	err = granule_touches(job, &t.buf, &t.stride, &t.bits);
	if (err == 0)
		err = expect_side(job, &t.buf, FS_HOST);
	for (int way = 0; way < 2 * PASSES && err > 0; way++)
		err = touch_all(&t, way % 2 == 0 ? FS_DEVICE : FS_HOST, way < 2);
	/* Data are looked at only where evidence holds: otherwise the verdict is that it does not. */
	if (err > 0) {
		declare(job, (double)(t.stride / page_bytes()));
		err = check(&t, 2 * PASSES);
	}
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * migrate_under_load - a thread of the CPU works on pages while they are moved: how much does it slow down?
 *
 * One thread reads page after page and adds up the words; alone is the time of a page. Then all pages are moved to the device and back on request, a
 * batch at a time, again and again, while the thread goes on reading: moving is the time of a page now, slowdown their ratio, moved how fast pages
 * moved. Where memory is coherent the thread reads wherever the page is, and waits only for pages that are just being moved; where it is not, a page
 * on the device faults and comes back. The first time of each is NAME_first (bench/repeat.h).
 *
 * Not measured: work of the device on pages that move, the distribution of single reads.
 *
 * How it could lie: with one CPU for both threads half of the slowdown would be the scheduler's: that is a skip. The thread that moves polls while
 * alone is measured, so that the processor's clock is the same. Where the device's engine runs on the same CPUs as well, it takes its share.
 */
#include "config.h"

#include "bench/cpus.h"
#include "bench/loaders.h"
#include "bench/repeat.h"

#define ROUNDS 4 /* times that the thread reads all pages */

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.form = FS_FORM_PAGES,
		.initial = "4M",
		.min = 1,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer, whole pages"},
	{.name = "batch",
		.type = FS_PARAM_SIZE,
		.form = FS_FORM_PAGES,
		.initial = "64K",
		.min = 1,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of one request, whole pages"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "slowdown", .unit = "ratio", .better = FS_LOWER, .help = "moving over alone"},
	{.name = "moving", .unit = "ns", .better = FS_LOWER, .help = "a page read by the thread while pages move"},
	{.name = "alone", .unit = "ns", .better = FS_LOWER, .help = "a page read by the thread while none moves"},
	{.name = "moved", .unit = "GB/s", .better = FS_HIGHER, .help = "bytes of the requests made meanwhile, both directions"},
	{.name = "moved_first", .unit = "GB/s", .better = FS_HIGHER, .help = "moved, the first time"},
	{.name = "slowdown_first", .unit = "ratio", .better = FS_LOWER, .help = "slowdown, the first time"},
	{.name = "moving_first", .unit = "ns", .better = FS_LOWER, .help = "moving, the first time"},
	{.name = "alone_first", .unit = "ns", .better = FS_LOWER, .help = "alone, the first time"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "slowdown", .title = "how much does a thread slow down while its pages move?"},
	{FS_DRAW_LINES, "slowdown", "batch", .title = "do large requests disturb more?"},
	{0},
};

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	struct loaders loaders; /* one: the thread */
	size_t batch, at;	/* at: where the next request begins */
	enum fs_side to;
	uint64_t moved; /* bytes */
	double rate;	/* of them, in GB/s */
};

/* The next request: through the buffer to the device, then through it back. */
static int move_next(struct trial *t)
{
	size_t bytes = t->buf.bytes - t->at < t->batch ? t->buf.bytes - t->at : t->batch;
	int err = fs_move(t->job, &t->buf, t->at, bytes, t->to);

	t->moved += bytes;
	t->at += bytes;
	if (t->at == t->buf.bytes) {
		t->at = 0;
		t->to = t->to == FS_DEVICE ? FS_HOST : FS_DEVICE;
	}
	return err;
}

/* Until the thread has read all pages ROUNDS times; and, moving, until every page was there and back. *ns: a page. */
static int read_for_a_while(struct trial *t, bool moving, double *ns)
{
	ulong before = loaders_read(&t->loaders), read = 0;
	uint64_t start = fs_device_clock(t->job);
	int err = 0;

	t->moved = 0;
	while (err >= 0 && (read < ROUNDS * t->loaders.pages || (moving && t->moved < 2 * t->buf.bytes))) {
		if (moving)
			err = move_next(t);
		else
			sched_yield();
		read = loaders_read(&t->loaders) - before;
	}
	start = fs_device_clock(t->job) - start;
	*ns = (double)start / (double)read;
	t->rate = (double)t->moved / (double)start;
	return err;
}

/* Pages that went to the device, where it counts them: as those of mirrored memory, or of memory on a node. */
static bool went(struct fs_job *job, uint64_t *pages)
{
	uint64_t mirrored = 0, on_node = 0;
	bool counted = fs_device_count(job, "pages_to_device", &mirrored);

	counted = fs_device_count(job, "moved_to_device", &on_node) || counted;
	*pages = mirrored + on_node;
	return counted;
}

static int measure_once(struct trial *t, bool is_first)
{
	uint64_t before = 0, after = 0;
	double alone, moving = 0;
	bool counted = went(t->job, &before);
	int err = loaders_start(&t->loaders), stopped;

	if (err < 0)
		return err;
	err = read_for_a_while(t, false, &alone);
	if (err >= 0)
		err = read_for_a_while(t, true, &moving);
	stopped = loaders_stop(&t->loaders);
	if (err < 0 || stopped < 0)
		return err < 0 ? err : stopped;
	if (counted && went(t->job, &after) && !fs_expect(t->job, "pages that moved", (double)(after - before), FS_GE, (double)t->loaders.pages))
		return 0;
	fs_sample(t->job, is_first ? "alone_first" : "alone", alone);
	fs_sample(t->job, is_first ? "moving_first" : "moving", moving);
	fs_sample(t->job, is_first ? "moved_first" : "moved", t->rate);
	fs_sample(t->job, is_first ? "slowdown_first" : "slowdown", moving / alone);
	t->at = 0;
	t->to = FS_DEVICE;
	err = fs_move(t->job, &t->buf, 0, t->buf.bytes, FS_HOST);
	return err < 0 ? err : expect_side(t->job, &t->buf, FS_HOST);
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .batch = fs_size(job, "batch"), .to = FS_DEVICE};
	int err;

	if (cpus_count() < 2)
		return fs_skip(job, "a machine with more CPUs", "the thread that reads and the one that moves need a CPU each, and there is one");
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	t.loaders = (struct loaders){
		.job = job, .key = fs_seed(job), .n = 1, .base = t.buf.cpu, .stride = page_bytes(), .pages = t.buf.bytes / page_bytes()};
	loaders_fill(&t.loaders);
	err = fs_move(job, &t.buf, 0, t.buf.bytes, FS_HOST);
	if (err == 0)
		err = expect_side(job, &t.buf, FS_HOST);
	for (int n = 0; n < 1 + REPEATS && err > 0; n++)
		err = measure_once(&t, n == 0);
	fs_release(job, &t.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_migrate_under_load = {
	.name = "migrate_under_load",
	.summary = "a thread of the CPU reads pages while they move there and back",
	.needs = FS_MOVE | FS_SAME_ADDRESS | FS_SHARED,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

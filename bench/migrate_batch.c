/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * migrate_batch - one request for migration, by the number of pages in it: how long until all have moved, and how long until the first can be used?
 * The buffer is one batch. to_device and to_host are the time of the request over its pages. Then the request is made again, and meanwhile the side
 * that the pages move to touches the first page: a thread of the CPU reads its word, or the device is launched on it. usable_* is the time from the
 * request to the end of that touch, done_* to the end of the request. The first time of each is NAME_first (bench/repeat.h). Marks are checked when
 * pages are back. Not measured: requests of several threads (migrate_concurrent), a stream of batches (migrate_bandwidth).
 *
 * How it could lie: the touch may get ahead of the request, fault by itself and be served alone: faults_* counts the faults of these touches. On a
 * single CPU the touching thread waits until the scheduler lets it run. usable_to_device contains a launch.
 */
#include "config.h"

#include <stdatomic.h>
#include <stdio.h>

#include "bench/crew.h"
#include "bench/mark.h"
#include "bench/repeat.h"
#include "bench/touch_pages.h"

static const struct fs_param params[] = {
	{.name = "batch", .type = FS_PARAM_COUNT, .initial = "512", .min = 1, .max = 65536, .help = "base pages of one request"},
	{0},
};

#define TIME(metric, what)                                                                                                                           \
	{.name = metric "_to_device", .unit = "ns", .better = FS_LOWER, .help = what " to the device"},                                              \
		{.name = metric "_to_host", .unit = "ns", .better = FS_LOWER, .help = what " to the host"},                                          \
		{.name = metric "_to_device_first", .unit = "ns", .better = FS_LOWER, .help = "the first time"},                                     \
	{                                                                                                                                            \
		.name = metric "_to_host_first", .unit = "ns", .better = FS_LOWER, .help = "the first time"                                          \
	}

static const struct fs_metric metrics[] = {
	{.name = "to_device", .unit = "ns", .better = FS_LOWER, .help = "a page of a request to the device"},
	{.name = "to_host", .unit = "ns", .better = FS_LOWER, .help = "a page of a request to the host"},
	{.name = "to_device_first", .unit = "ns", .better = FS_LOWER, .help = "to_device, the first time"},
	{.name = "to_host_first", .unit = "ns", .better = FS_LOWER, .help = "to_host, the first time"},
	TIME("usable", "until the first page can be used, of a request"),
	TIME("done", "until all pages have moved, of a request"),
	{.name = "faults_to_device", .unit = "faults", .better = FS_LOWER, .help = "faults of the device's touch during a request"},
	{.name = "faults_to_host", .unit = "faults", .better = FS_LOWER, .help = "faults of the CPU's touch during a request"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_LINES, "to_device", "batch", .title = "what does a page cost in a batch to the device?"},
	{FS_DRAW_LINES, "to_host", "batch", .title = "what does a page cost in a batch to the host?"},
	{FS_DRAW_LINES, "usable_to_host", "batch", .title = "how long until the CPU can use the first page of a batch?"},
	{0},
};

static size_t bytes_of(const struct fs_args *args)
{
	return fs_arg_count(args, "batch") * page_bytes();
}

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	enum fs_side to;
	atomic_bool requested;
	uint64_t began, touched, done;
	ulong seen; /* by the touch */
};

static void sample(struct trial *t, const char *prefix, bool is_first, double ns)
{
	char name[48];

	snprintf(name, sizeof(name), "%s%s%s", prefix, t->to == FS_DEVICE ? "to_device" : "to_host", is_first ? "_first" : "");
	if (ns < 0) /* two threads read the clock */
		fs_drop(t->job, name, "by the clock, the touch ended before the request began");
	else
		fs_sample(t->job, name, ns);
}

/* Positive where every page is there. */
static int move(struct trial *t, enum fs_side to, bool is_first)
{
	enum fs_step step = to == FS_DEVICE ? FS_DEVICE_COMPUTE : FS_CPU_AFTER;
	int err;

	t->to = to;
	fs_step_begin(t->job, step);
	t->began = fs_device_clock(t->job);
	err = fs_move(t->job, &t->buf, 0, t->buf.bytes, to);
	t->done = fs_device_clock(t->job);
	if (fs_step_end(t->job, step, err) < 0)
		return err;
	sample(t, "", is_first, (double)(t->done - t->began) / (double)(t->buf.bytes / page_bytes()));
	return expect_side(t->job, &t->buf, to);
}

/* ---- the first page, while the request is on its way */

static int touch_on_device(struct trial *t)
{
	struct fs_launch launch = touch_pages_launch(1, false);
	int err;

	fs_results_clear(t->job);
	err = launch_run(t->job, &t->buf, &launch);
	t->touched = fs_device_clock(t->job);
	t->seen = fs_results(t->job)[0];
	return err;
}

/* Of two threads the caller, which is the last one, makes the request, and the other one touches. */
static int request_or_touch(void *arg, ulong which, ulong n)
{
	struct trial *t = arg;
	int err = 0;

	if (which + 1 == n) {
		t->began = fs_device_clock(t->job);
		atomic_store(&t->requested, true);
		err = fs_move(t->job, &t->buf, 0, t->buf.bytes, t->to);
		t->done = fs_device_clock(t->job);
		return err;
	}
	while (!atomic_load(&t->requested))
		sched_yield();
	if (t->to == FS_DEVICE)
		return touch_on_device(t);
	t->seen = *(volatile ulong *)t->buf.cpu;
	t->touched = fs_device_clock(t->job);
	return 0;
}

static int move_and_use(struct trial *t, enum fs_side to, ulong key, bool is_first)
{
	uint64_t before = count_now(t->job, faults_to(to)), by;
	double unused_ns;
	int err;

	t->to = to;
	atomic_store(&t->requested, false);
	err = crew_run(t->job, 2, request_or_touch, t, &unused_ns);
	if (err < 0)
		return err;
	if (t->seen != mark_of(0, key))
		return fs_wrong(
			t->job, "the %s's touch of the first page read %lx, not %lx", to == FS_DEVICE ? "device" : "CPU", t->seen, mark_of(0, key));
	sample(t, "usable_", is_first, (double)t->touched - (double)t->began);
	sample(t, "done_", is_first, (double)(t->done - t->began));
	if (count_grew(t->job, faults_to(to), before, &by))
		fs_sample(t->job, faults_to(to), (double)by);
	return expect_side(t->job, &t->buf, to);
}

/* There and back: the request alone, or with a touch beside it. */
static int way(struct trial *t, bool with_touch, ulong key, bool is_first)
{
	int err;

	mark_all(&t->buf, key);
	err = with_touch ? move_and_use(t, FS_DEVICE, key, is_first) : move(t, FS_DEVICE, is_first);
	if (err > 0)
		mark_wipe(t->job, &t->buf);
	if (err > 0)
		err = with_touch ? move_and_use(t, FS_HOST, key, is_first) : move(t, FS_HOST, is_first);
	if (err <= 0)
		return err;
	err = mark_check(t->job, &t->buf, key);
	return err < 0 ? err : 1;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job};
	ulong key = fs_seed(job);
	int err = fs_alloc(job, bytes_of(fs_args(job)), &t.buf);

	if (err < 0)
		return err;
	mark_all(&t.buf, key);
	/* Where the policy places new pages on the device, the first way starts with none. */
	err = (fs_offers(job) & FS_TRANSFER) != 0 ? 1 : fs_move(job, &t.buf, 0, t.buf.bytes, FS_HOST);
	if (err == 0)
		err = expect_side(job, &t.buf, FS_HOST);
	for (ulong n = 0; n < 1 + REPEATS && err > 0; n++)
		err = way(&t, false, key + n, n == 0);
	for (ulong n = 0; n < 1 + REPEATS && err > 0 && fs_moves_in_threads(job); n++)
		err = way(&t, true, key + 1 + REPEATS + n, n == 0);
	fs_release(job, &t.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_migrate_batch = {
	.name = "migrate_batch",
	.summary = "one request for migration, by its number of pages: until all have moved, and until the first can be used",
	.needs = FS_MOVE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.bytes = bytes_of,
	.run = run,
};

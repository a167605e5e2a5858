/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * migrate_concurrent - several threads of the CPU ask for migration at once, each for a part of the buffer of its own: does it get faster?
 *
 * The buffer is divided among `threads` threads, which begin at once and ask for their parts in requests of `batch` bytes: to the device, then back.
 * A value is the whole buffer over the time until the last thread is done. The first time is NAME_first (bench/repeat.h). Data are marked before
 * each way and checked after it.
 *
 * Not measured: migration by faults (fault_burst), requests for the same pages.
 *
 * How it could lie: a device may take one request at a time, and the threads then wait for each other: that is a result. With fewer CPUs than
 * threads the scheduler is measured as well.
 */
#include "config.h"

#include "bench/crew.h"
#include "bench/mark.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.form = FS_FORM_PAGES,
		.initial = "16M",
		.min_pages = 16,
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
	{.name = "threads", .type = FS_PARAM_COUNT, .initial = "2", .min = 1, .max = CREW_MAX, .help = "threads that ask at once"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "to_device", .unit = "GB/s", .better = FS_HIGHER, .help = "bytes moved to the device by all threads"},
	{.name = "to_host", .unit = "GB/s", .better = FS_HIGHER, .help = "bytes moved to the host by all threads"},
	{.name = "to_device_first", .unit = "GB/s", .better = FS_HIGHER, .help = "to_device, the first time"},
	{.name = "to_host_first", .unit = "GB/s", .better = FS_HIGHER, .help = "to_host, the first time"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_LINES, "to_device", "threads", .title = "do several threads move pages to the device faster?"},
	{FS_DRAW_LINES, "to_host", "threads", .title = "do several threads bring pages back faster?"},
	{0},
};

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	size_t pages, batch; /* batch: pages of a request */
	enum fs_side to;
};

/* The part of one thread. */
static int move_part(void *arg, ulong which, ulong n)
{
	struct trial *t = arg;
	size_t page = t->pages * which / n, last = t->pages * (which + 1) / n;
	int err = 0;

	while (page < last && err >= 0) {
		size_t pages = last - page < t->batch ? last - page : t->batch;

		err = fs_move(t->job, &t->buf, page * page_bytes(), pages * page_bytes(), t->to);
		page += pages;
	}
	return err;
}

/* Positive where every page is there. */
static int move_all(struct trial *t, enum fs_side to, bool is_first)
{
	static const char *const names[FS_SIDES] = {"to_host", "to_device"}, *const first_names[FS_SIDES] = {"to_host_first", "to_device_first"};
	enum fs_step step = to == FS_DEVICE ? FS_DEVICE_COMPUTE : FS_CPU_AFTER;
	double ns;
	int err;

	t->to = to;
	fs_step_begin(t->job, step);
	err = crew_run(t->job, fs_count(t->job, "threads"), move_part, t, &ns);
	if (fs_step_end(t->job, step, err) < 0)
		return err;
	fs_sample(t->job, is_first ? first_names[to] : names[to], (double)t->buf.bytes / ns);
	return expect_side(t->job, &t->buf, to);
}

static int way(struct trial *t, ulong n)
{
	int err;

	mark_all(&t->buf, fs_seed(t->job) + n);
	err = move_all(t, FS_DEVICE, n == 0);
	if (err > 0)
		err = move_all(t, FS_HOST, n == 0);
	if (err <= 0)
		return err;
	err = mark_check(t->job, &t->buf, fs_seed(t->job) + n);
	return err < 0 ? err : 1;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .pages = fs_size(job, "size") / page_bytes(), .batch = fs_size(job, "batch") / page_bytes()};
	int err;

	if (!fs_moves_in_threads(job))
		return fs_skip_device(job, FS_TRAIT_IN_THREADS, NULL, "takes requests of one thread only");
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	mark_all(&t.buf, 0);
	/* Where the policy places new pages on the device, the first way starts with none. */
	err = fs_move(job, &t.buf, 0, t.buf.bytes, FS_HOST);
	if (err == 0)
		err = expect_side(job, &t.buf, FS_HOST);
	for (ulong n = 0; n < 1 + REPEATS && err > 0; n++)
		err = way(&t, n);
	fs_release(job, &t.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_migrate_concurrent = {
	.name = "migrate_concurrent",
	.summary = "several threads ask for migration at once",
	.needs = FS_MOVE | FS_SAME_ADDRESS | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

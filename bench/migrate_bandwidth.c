/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * migrate_bandwidth - moving a whole buffer to the device and back, a batch at a time, on request.
 *
 * Where both sides share an address a batch migrates; where each has memory of its own a batch is a transfer. Data are
 * used in between: the CPU marks every page before each move to the device, and what comes back must not differ.
 *
 * Not measured: migration by faults (fault_latency), overlap with computing, several requests at once.
 *
 * How it could lie: migration is best effort, so every page's residence is checked before and after, where possible;
 * with explicit transfers the CPU's copy is wiped in between, and only the device can bring the data back. Below twice the last-level
 * cache this is a figure of the cache. The request's return is waited for, not a device's later use. The first move
 * of a round pays for page tables that are new: it is NAME_first, and NAME the median of the others (bench/repeat.h).
 */
#include "config.h"

#include <string.h>

#include "bench/order.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.form = FS_FORM_PAGES,
		.initial = "64M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer, whole pages"},
	{.name = "batch",
		.type = FS_PARAM_SIZE,
		.form = FS_FORM_PAGES,
		.initial = "2M",
		.min = 1,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of one request, whole pages"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "to_device", .unit = "GB/s", .better = FS_HIGHER, .floor = "floor.memcpy", .help = "bytes moved to the device"},
	{.name = "to_host", .unit = "GB/s", .better = FS_HIGHER, .floor = "floor.memcpy", .help = "bytes moved to the host"},
	{.name = "to_device_first", .unit = "GB/s", .better = FS_HIGHER, .help = "the first move to the device"},
	{.name = "to_host_first", .unit = "GB/s", .better = FS_HIGHER, .help = "the first move to the host"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "to_device to_host", .title = "moving pages in bulk"},
	{FS_DRAW_LINES, "to_device", "size", .title = "moving pages to the device, over the buffer's size"},
	{FS_DRAW_LINES, "to_host", "size", .title = "moving pages back, over the buffer's size"},
	{0},
};

static void fill(struct fs_buffer *buf, ulong key)
{
	ulong *words = buf->cpu;

	for (size_t i = 0; i < buf->bytes / sizeof(*words); i++)
		words[i] = order_word(i, key);
}

/* One word in each page differs in every move, so that a stale page is seen. */
static void mark(struct fs_buffer *buf, ulong way)
{
	for (size_t at = 0; at < buf->bytes; at += page_bytes())
		*(ulong *)((unsigned char *)buf->cpu + at) = order_word(at, way);
}

static int check(struct fs_job *job, const struct fs_buffer *buf, ulong key, ulong way)
{
	const ulong *words = buf->cpu;
	size_t in_page = page_bytes() / sizeof(*words);

	for (size_t i = 0; i < buf->bytes / sizeof(*words); i++) {
		ulong expected = i % in_page == 0 ? order_word(i * sizeof(*words), way) : order_word(i, key);

		if (words[i] != expected)
			return fs_wrong(job, "the word at %zu is %lx, not %lx", i * sizeof(*words), words[i], expected);
	}
	return 0;
}

static int move_all(struct fs_job *job, struct fs_buffer *buf, enum fs_side to)
{
	size_t batch = fs_size(job, "batch");
	int err = 0;

	for (size_t at = 0; at < buf->bytes && err == 0; at += batch)
		err = fs_move(job, buf, at, at + batch < buf->bytes ? batch : buf->bytes - at, to);
	return err;
}

/* 1 where it was timed and every page is there, 0 where evidence fails, negative on error. */
static int timed_move(struct fs_job *job, struct fs_buffer *buf, enum fs_side to, bool first)
{
	static const char *const metric[FS_SIDES] = {"to_host", "to_device"}, *const first_metric[FS_SIDES] = {"to_host_first", "to_device_first"};
	static const char *const copied[FS_SIDES] = {"copied_to_host_bytes", "copied_to_device_bytes"};
	enum fs_step step = to == FS_DEVICE ? FS_DEVICE_COMPUTE : FS_CPU_AFTER;
	uint64_t before = count_now(job, copied[to]), by, start, took_ns;
	int err;

	fs_contains_begin(job);
	fs_step_begin(job, step);
	start = fs_device_clock(job);
	err = move_all(job, buf, to);
	took_ns = fs_device_clock(job) - start;
	if (fs_step_end(job, step, err) < 0)
		return err;
	fs_contains_end(job, first ? first_metric[to] : metric[to], (double)buf->bytes, first);
	fs_sample(job, first ? first_metric[to] : metric[to], (double)buf->bytes / (double)took_ns);
	if ((fs_offers(job) & FS_TRANSFER) && count_grew(job, copied[to], before, &by) &&
		!fs_expect(job, copied[to], (double)by, FS_EQ, (double)buf->bytes))
		return 0;
	return expect_side(job, buf, to);
}

/* There and back, with proof that it was the data that went. As timed_move(). */
static int way(struct fs_job *job, struct fs_buffer *buf, ulong key, ulong n)
{
	int err;

	mark(buf, n);
	err = timed_move(job, buf, FS_DEVICE, n == 0);
	if (err <= 0)
		return err;
	if (fs_offers(job) & FS_TRANSFER)
		memset(buf->cpu, 0xff, buf->bytes);
	err = timed_move(job, buf, FS_HOST, n == 0);
	if (err <= 0)
		return err;
	err = check(job, buf, key, n);
	return err < 0 ? err : 1;
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	int err;

	err = fs_alloc(job, fs_size(job, "size"), &buf);
	if (err < 0)
		return err;
	fill(&buf, fs_seed(job));
	/* Where the policy places new pages on the device, the first move starts with none. */
	err = (fs_offers(job) & FS_TRANSFER) ? 1 : move_all(job, &buf, FS_HOST);
	if (err == 0)
		err = expect_side(job, &buf, FS_HOST);
	for (ulong n = 0; n < 1 + REPEATS && err > 0; n++)
		err = way(job, &buf, fs_seed(job), n);
	fs_release(job, &buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_migrate_bandwidth = {
	.name = "migrate_bandwidth",
	.summary = "moving a buffer to the device and back on request, batch by batch",
	.needs = FS_MOVE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

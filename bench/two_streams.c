/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * two_streams - a copy to the device, a copy back and a launch: one after the other, and at once on the device's two streams.
 *
 * The buffer has three parts of `size` bytes. One is copied to the device, one is copied back, and the device adds to each word of the third.
 * copies_* are the two copies, all_* with the launch; *_in_turn waits for each before the next begins, *_at_once queues the copy back on one stream
 * and the rest on the other, and waits for both. overlap is all_in_turn over all_at_once. The first time of each is NAME_first (bench/repeat.h).
 *
 * Not measured: overlap within one direction, chunks (the setup copy-overlap has those).
 *
 * How it could lie: on an emulated device, copies and bodies share CPUs and memory, so that little can overlap; and two small copies may be carried
 * out by whoever waits, one after the other. With size far below the cache's the copies are of the cache.
 */
#include "config.h"

#include <string.h>

#include "bench/order.h"
#include "bench/repeat.h"

FS_BODY_DECLARE(reuse);

enum part { PART_THERE, PART_BACK, PART_BODY, PARTS };

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = sizeof(ulong),
		.max = 16.0 * (1ull << 30),
		.help = "bytes of each part, a multiple of 8"},
	{0},
};

#define TIME(metric, what)                                                                                                                           \
	{.name = metric, .unit = "ns", .better = FS_LOWER, .help = what},                                                                            \
	{                                                                                                                                            \
		.name = metric "_first", .unit = "ns", .better = FS_LOWER, .help = metric ", the first time"                                         \
	}

static const struct fs_metric metrics[] = {
	TIME("all_at_once", "both copies and a launch, on two streams"),
	TIME("all_in_turn", "both copies and a launch, one after the other"),
	TIME("copies_at_once", "a copy each way, on two streams"),
	TIME("copies_in_turn", "a copy each way, one after the other"),
	{.name = "overlap", .unit = "ratio", .better = FS_HIGHER, .help = "all_in_turn over all_at_once"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "all_in_turn all_at_once copies_in_turn copies_at_once", .title = "do copies and a launch overlap?"},
	{FS_DRAW_LINES, "overlap", "size", .title = "from which size on do copies and a launch overlap?"},
	{0},
};

static size_t bytes_of(const struct fs_args *args)
{
	return PARTS * fs_arg_size(args, "size");
}

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	size_t bytes; /* of a part */
	ulong key, launches;
};

static ulong *part_of(const struct trial *t, enum part part)
{
	return (ulong *)((unsigned char *)t->buf.cpu + part * t->bytes);
}

static int copy(struct trial *t, int stream, enum part part, enum fs_side to)
{
	t->buf.transferred[to] += t->bytes;
	return fs_device_copy(t->job, stream, &t->buf.memory, part * t->bytes, part_of(t, part), t->bytes, to);
}

static int launch(struct trial *t)
{
	ulong words = t->bytes / sizeof(ulong);
	struct fs_launch launch = {.name = "reuse", .body = reuse_body, .args = {.u = {1}}, .first = PART_BODY * words, .last = PARTS * words};

	t->launches++;
	return fs_launch_start(t->job, &t->buf, &launch);
}

/* All three, or only the copies. At once nothing is waited for before all is queued. */
static int work(struct trial *t, bool with_launch, bool at_once)
{
	int err = copy(t, 1, PART_BACK, FS_HOST);

	if (err >= 0 && !at_once)
		err = fs_device_wait(t->job, 1);
	if (err >= 0)
		err = copy(t, 0, PART_THERE, FS_DEVICE);
	if (err >= 0 && !at_once)
		err = fs_device_wait(t->job, 0);
	if (err >= 0 && with_launch)
		err = launch(t);
	if (err >= 0)
		err = fs_device_wait(t->job, 0);
	return err >= 0 && at_once ? fs_device_wait(t->job, 1) : err;
}

static void fill(struct trial *t, enum part part, ulong key)
{
	for (size_t i = 0; i < t->bytes / sizeof(ulong); i++)
		part_of(t, part)[i] = order_word(i, key);
}

static int check(struct trial *t, enum part part, ulong key, ulong added)
{
	static const char *const names[PARTS] = {"copied to the device", "copied back", "that the device added to"};

	for (size_t i = 0; i < t->bytes / sizeof(ulong); i++) {
		ulong seen = part_of(t, part)[i], expected = order_word(i, key) + added;

		if (seen != expected)
			return fs_wrong(t->job, "word %zu of the part %s is %lx, not %lx", i, names[part], seen, expected);
	}
	return 0;
}

/* One of the four; *ns is 0 or what it took. */
static int timed(struct trial *t, const char *const names[2], bool with_launch, bool at_once, bool is_first, double *ns)
{
	ulong key = ++t->key;
	uint64_t start;
	int err;

	/* What is to come back is put there first. Then neither part's other copy has what must be in it afterwards. */
	fill(t, PART_BACK, key);
	err = fs_move(t->job, &t->buf, PART_BACK * t->bytes, t->bytes, FS_DEVICE);
	memset(part_of(t, PART_BACK), 0xff, t->bytes);
	fill(t, PART_THERE, ~key);
	if (err < 0)
		return err;
	start = fs_device_clock(t->job);
	err = work(t, with_launch, at_once);
	*ns = (double)(fs_device_clock(t->job) - start);
	memset(part_of(t, PART_THERE), 0xff, t->bytes);
	if (err >= 0)
		err = fs_move(t->job, &t->buf, PART_THERE * t->bytes, t->bytes, FS_HOST);
	if (err >= 0)
		err = check(t, PART_THERE, ~key, 0);
	if (err >= 0)
		err = check(t, PART_BACK, key, 0);
	if (err >= 0)
		fs_sample(t->job, names[is_first], *ns);
	return err;
}

static int measure(struct trial *t, bool is_first)
{
	static const char *const names[4][2] = {{"copies_in_turn", "copies_in_turn_first"}, {"copies_at_once", "copies_at_once_first"},
		{"all_in_turn", "all_in_turn_first"}, {"all_at_once", "all_at_once_first"}};
	double ns[4];
	int err = 0;

	for (int i = 0; i < 4 && err >= 0; i++)
		err = timed(t, names[i], i >= 2, i % 2 == 1, is_first, &ns[i]);
	if (err >= 0 && !is_first)
		fs_sample(t->job, "overlap", ns[2] / ns[3]);
	return err;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .bytes = fs_size(job, "size"), .key = fs_seed(job)};
	ulong key = fs_seed(job) / 2;
	int err;

	if (t.bytes % sizeof(ulong) != 0)
		return fs_skip(job, "size=4M", "the size is not a multiple of %zu", sizeof(ulong));
	err = fs_alloc(job, bytes_of(fs_args(job)), &t.buf);
	if (err < 0)
		return err;
	fill(&t, PART_BODY, key);
	err = fs_move(job, &t.buf, PART_BODY * t.bytes, t.bytes, FS_DEVICE);
	for (int n = 0; n < 1 + REPEATS && err >= 0; n++)
		err = measure(&t, n == 0);
	if (err >= 0)
		err = fs_move(job, &t.buf, PART_BODY * t.bytes, t.bytes, FS_HOST);
	if (err >= 0)
		err = check(&t, PART_BODY, key, t.launches);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_two_streams = {
	.name = "two_streams",
	.summary = "a copy each way and a launch, one after the other and at once",
	.needs = FS_TRANSFER,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.bytes = bytes_of,
	.run = run,
};

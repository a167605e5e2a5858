/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copies - explicit copies by size and alignment, one way at a time and both ways at once.
 *
 * The buffer has two halves; in each `size` bytes are copied, from `shift` bytes behind the start of a page on both sides. to_device and to_host
 * are copies of one half, both_ways the copies of one half there and of the other back, on the device's two streams, their bytes together. What the
 * host's memory is depends on the setup: pageable (copy), allocated by the driver (copy-pinned). The first time is NAME_first (bench/repeat.h).
 *
 * Not measured: copies in chunks (copy-overlap), together with a launch (two_streams), handing a mapped buffer over (copy-mapped).
 *
 * How it could lie: a small copy is mostly the request and the wait for it. Bytes that are copied again and again stay in caches.
 */
#include "config.h"

#include <string.h>

#include "bench/order.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	{.name = "size", .type = FS_PARAM_SIZE, .initial = "1M", .min = 1, .max = 32.0 * (1ull << 30), .help = "bytes of a copy, any number"},
	{.name = "shift",
		.type = FS_PARAM_SIZE,
		.initial = "0",
		.min = 0,
		.max = 1ull << 20,
		.help = "bytes from the start of a page to that of the copy"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "to_device", .unit = "GB/s", .better = FS_HIGHER, .floor = "floor.memcpy", .help = "a copy to the device"},
	{.name = "to_host", .unit = "GB/s", .better = FS_HIGHER, .floor = "floor.memcpy", .help = "a copy to the host"},
	{.name = "both_ways", .unit = "GB/s", .better = FS_HIGHER, .help = "a copy each way at once, the bytes of both"},
	{.name = "to_device_first", .unit = "GB/s", .better = FS_HIGHER, .help = "to_device, the first time"},
	{.name = "to_host_first", .unit = "GB/s", .better = FS_HIGHER, .help = "to_host, the first time"},
	{.name = "both_ways_first", .unit = "GB/s", .better = FS_HIGHER, .help = "both_ways, the first time"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_LINES, "to_device", "size", .title = "how fast are copies to the device, by size?"},
	{FS_DRAW_LINES, "both_ways", "size", .title = "how fast are copies both ways at once, by size?"},
	{FS_DRAW_LINES, "to_device", "shift", .title = "does it matter where in a page a copy begins?"},
	{0},
};

static size_t half_of(const struct fs_args *args)
{
	size_t bytes = fs_arg_size(args, "shift") + fs_arg_size(args, "size");

	return (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
}

static size_t bytes_of(const struct fs_args *args)
{
	return 2 * half_of(args);
}

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	size_t bytes, shift, half;
	unsigned char *expected; /* a half: what must be in it when it is back */
};

static size_t at(const struct trial *t, int half)
{
	return (size_t)half * t->half + t->shift;
}

static unsigned char *host(const struct trial *t, int half)
{
	return (unsigned char *)t->buf.cpu + at(t, half);
}

static int queue(struct trial *t, int stream, int half, enum fs_side to)
{
	t->buf.transferred[to] += t->bytes;
	return fs_device_copy(t->job, stream, &t->buf.memory, at(t, half), host(t, half), t->bytes, to);
}

/* New bytes in a half, which are kept; those around what is copied are 0x5a and must stay so. */
static void fill(struct trial *t, int half, ulong key)
{
	memset(t->expected, 0x5a, t->half);
	for (size_t i = 0; i < t->bytes; i++)
		t->expected[t->shift + i] = (unsigned char)(order_word(i / sizeof(ulong), key) >> i % sizeof(ulong) * 8);
	memcpy(host(t, half) - t->shift, t->expected, t->half);
}

static void wipe(struct trial *t, int half)
{
	for (size_t i = 0; i < t->bytes; i++)
		host(t, half)[i] = (unsigned char)~t->expected[t->shift + i];
}

static int check(struct trial *t, int half)
{
	const unsigned char *seen = host(t, half) - t->shift;

	for (size_t i = 0; i < t->half; i++) {
		if (seen[i] != t->expected[i])
			return fs_wrong(t->job, "byte %zu of half %d is %02x, not %02x", i, half, seen[i], t->expected[i]);
	}
	return 0;
}

static void sample(struct trial *t, const char *const names[2], bool is_first, size_t bytes, uint64_t start)
{
	fs_sample(t->job, names[is_first], (double)bytes / (double)(fs_device_clock(t->job) - start));
}

static int one_way(struct trial *t, enum fs_side to, bool is_first)
{
	static const char *const names[FS_SIDES][2] = {{"to_host", "to_host_first"}, {"to_device", "to_device_first"}};
	uint64_t start = fs_device_clock(t->job);
	int err = queue(t, 0, 0, to);

	if (err >= 0)
		err = fs_device_wait(t->job, 0);
	if (err >= 0)
		sample(t, names[to], is_first, t->bytes, start);
	return err;
}

/* The first half comes back while the second goes. */
static int both_ways(struct trial *t, bool is_first)
{
	static const char *const names[2] = {"both_ways", "both_ways_first"};
	uint64_t start = fs_device_clock(t->job);
	int err = queue(t, 0, 0, FS_HOST), other;

	other = err >= 0 ? queue(t, 1, 1, FS_DEVICE) : 0;
	if (err >= 0)
		err = fs_device_wait(t->job, 0);
	if (err >= 0 && other >= 0)
		other = fs_device_wait(t->job, 1);
	if (err >= 0 && other >= 0)
		sample(t, names, is_first, 2 * t->bytes, start);
	return err < 0 ? err : other;
}

static int measure(struct trial *t, ulong key, bool is_first)
{
	int err;

	fill(t, 0, key);
	err = one_way(t, FS_DEVICE, is_first);
	wipe(t, 0);
	if (err >= 0)
		err = one_way(t, FS_HOST, is_first);
	if (err >= 0)
		err = check(t, 0);
	if (err < 0)
		return err;
	wipe(t, 0);
	fill(t, 1, key);
	err = both_ways(t, is_first);
	if (err >= 0)
		err = check(t, 0);
	wipe(t, 1);
	if (err >= 0)
		err = fs_move(t->job, &t->buf, at(t, 1), t->bytes, FS_HOST);
	return err < 0 ? err : check(t, 1);
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .bytes = fs_size(job, "size"), .shift = fs_size(job, "shift"), .half = half_of(fs_args(job))};
	int err = fs_alloc(job, bytes_of(fs_args(job)), &t.buf);

	if (err < 0)
		return err;
	t.expected = malloc(t.half);
	err = t.expected != NULL ? 0 : fs_error_memory(job);
	for (ulong n = 0; n < 1 + REPEATS && err >= 0; n++)
		err = measure(&t, fs_seed(job), n == 0);
	free(t.expected);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_copies = {
	.name = "copies",
	.summary = "explicit copies by size and alignment, one way at a time and both ways at once",
	.needs = FS_TRANSFER,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.bytes = bytes_of,
	.run = run,
};

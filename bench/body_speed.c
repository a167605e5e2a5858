/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * body_speed - whether the bodies that stream are as fast as the same loops written well by hand. Each is run by one CPU on a private buffer,
 * alternating with the same loop written out in vectors of 64 bytes, which a compiler turns into the widest instructions that it may use, whatever it
 * makes of the loop of the body. The share is the body's speed in percent of that.
 *
 * A body that is slow would make all memory look slow, and every way of sharing alike.
 *
 * Not measured: bodies that follow links or jump (btree, bfs, access_latency, the touches of pages): there is no better loop to compare with.
 * Several CPUs at once. Other devices' code: device_ceiling holds a body against the device's own copies.
 *
 * How it could lie: a plain loop that is slow itself would flatter the body: the speeds of both are given, and floor has the machine's. With a size
 * beyond the caches the memory decides, and everything is alike: look at a small size too. Results of body and loop must be the same, bit for bit.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/order.h"
#include "bench/repeat.h"
#include "harness/body.h"

#define PASSES	    9
#define PASS_BYTES  (16ul << 20) /* a pass goes over the buffer as often as it takes to see so many */
#define WRITE_FIRST 8		 /* what an array begins with is aligned to a line */

FS_BODY_DECLARE(access_bandwidth);
FS_BODY_DECLARE(jacobi);
FS_BODY_DECLARE(triad);
/* body_speed_plain.c */
FS_BODY_DECLARE(plain_read);
FS_BODY_DECLARE(plain_write);
FS_BODY_DECLARE(plain_jacobi);
FS_BODY_DECLARE(plain_triad);

static const struct fs_param params[] = {
	{.name = "size", .type = FS_PARAM_SIZE, .initial = "64M", .min = 16 << 10, .max = 64.0 * (1ull << 30), .help = "bytes of the buffer"},
	{.name = "wrong",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|triad|jacobi|read|write",
		.help = "corrupt this body's result: the check must find it",
		.test_only = true},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "triad_share", .unit = "%", .better = FS_HIGHER, .help = "triad's body relative to a plain loop"},
	{.name = "jacobi_share", .unit = "%", .better = FS_HIGHER, .help = "jacobi's body relative to a plain loop"},
	{.name = "read_share", .unit = "%", .better = FS_HIGHER, .help = "the body of access_bandwidth that reads, relative to a plain loop"},
	{.name = "write_share", .unit = "%", .better = FS_HIGHER, .help = "the body of access_bandwidth that writes, relative to a plain loop"},
	{.name = "triad", .unit = "GB/s", .better = FS_HIGHER, .help = "triad's body, read and written"},
	{.name = "triad_plain", .unit = "GB/s", .better = FS_HIGHER, .help = "the plain loop"},
	{.name = "jacobi", .unit = "GB/s", .better = FS_HIGHER, .help = "jacobi's body, each grid once"},
	{.name = "jacobi_plain", .unit = "GB/s", .better = FS_HIGHER, .help = "the plain loop"},
	{.name = "read", .unit = "GB/s", .better = FS_HIGHER, .help = "the body of access_bandwidth, read"},
	{.name = "read_plain", .unit = "GB/s", .better = FS_HIGHER, .help = "the plain loop"},
	{.name = "write", .unit = "GB/s", .better = FS_HIGHER, .help = "the body of access_bandwidth, written"},
	{.name = "write_plain", .unit = "GB/s", .better = FS_HIGHER, .help = "the plain loop"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "triad_share jacobi_share read_share write_share", .title = "are the bodies as fast as loops written well by hand?"},
	{0},
};

struct pair {
	const char *share, *body_name, *plain_name;
	fs_body_fn body, plain;
	struct fs_body_args args;
	ulong last;
	size_t bytes;		     /* that one time counts */
	size_t result, result_bytes; /* what it writes */
};

struct trial {
	struct fs_job *job;
	unsigned char *buf;
	size_t bytes;
};

/* ns of as many times as a pass takes; *out: what one time left there, so many times. */
static double pass(const struct trial *t, const struct pair *pair, fs_body_fn body, ulong *out)
{
	ulong times = pair->bytes < PASS_BYTES ? PASS_BYTES / pair->bytes : 1;
	uint64_t start = fs_now();

	*out = 0;
	for (ulong i = 0; i < times; i++)
		body(t->buf, out, pair->args, 0, pair->last, 1);
	return (double)(fs_now() - start) / (double)times;
}

/* What a body writes, in a word. */
static ulong digest(const struct trial *t, const struct pair *pair)
{
	const ulong *w = (const ulong *)(t->buf + pair->result);
	ulong sum = 0;

	for (size_t i = 0; i < pair->result_bytes / sizeof(*w); i++)
		sum = (sum ^ w[i]) * 0x9e3779b97f4a7c15ul + (sum >> 29);
	return sum;
}

static ulong run_once(const struct trial *t, const struct pair *pair, fs_body_fn body)
{
	bool wrong = body == pair->body && fs_is(t->job, "wrong", pair->body_name);
	ulong out = 0;

	memset(t->buf + pair->result, 0, pair->result_bytes);
	body(t->buf, &out, pair->args, 0, pair->last, 1);
	/* The last byte that it wrote, or the sum that it read. */
	if (wrong && pair->result_bytes != 0)
		t->buf[pair->result + pair->result_bytes - 1] ^= 1;
	else if (wrong)
		out++;
	return digest(t, pair) + out;
}

static int measure(const struct trial *t, const struct pair *pair)
{
	double body_ns[PASSES], plain_ns[PASSES], body, plain;
	ulong seen = run_once(t, pair, pair->body), expected = run_once(t, pair, pair->plain), out;

	if (seen != expected)
		return fs_wrong(t->job, "%s: body and plain loop differ: %lx and %lx", pair->body_name, seen, expected);
	for (int i = 0; i < PASSES; i++) {
		body_ns[i] = pass(t, pair, pair->body, &out);
		plain_ns[i] = pass(t, pair, pair->plain, &out);
	}
	body = repeat_median(body_ns, PASSES);
	plain = repeat_median(plain_ns, PASSES);
	fs_sample(t->job, pair->share, 100 * plain / body);
	fs_sample(t->job, pair->body_name, (double)pair->bytes / body);
	fs_sample(t->job, pair->plain_name, (double)pair->bytes / plain);
	return 0;
}

static int measure_all(const struct trial *t)
{
	size_t third = t->bytes / 3 / sizeof(double) / WRITE_FIRST * WRITE_FIRST * sizeof(double), half = t->bytes / 2;
	ulong n = (ulong)sqrt((double)(half / sizeof(double))), key = fs_seed(t->job);
	const struct pair pairs[] = {
		{"triad_share", "triad", "triad_plain", triad_body, plain_triad_body, {.u = {0, third, 2 * third}, .f = {3}}, third / sizeof(double),
			3 * third, 0, third},
		{"jacobi_share", "jacobi", "jacobi_plain", jacobi_body, plain_jacobi_body, {.u = {0, half, n}}, n, 2 * n * n * sizeof(double), half,
			n * n * sizeof(double)},
		{"read_share", "read", "read_plain", access_bandwidth_body, plain_read_body, {.u = {0, 1, key}}, t->bytes / sizeof(ulong), t->bytes,
			0, 0},
		{"write_share", "write", "write_plain", access_bandwidth_body, plain_write_body, {.u = {1, 1, key}}, t->bytes / sizeof(ulong),
			t->bytes, 0, t->bytes},
	};
	int err = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(pairs) && err == 0; i++)
		err = measure(t, &pairs[i]);
	return err;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .bytes = fs_size(job, "size") / sizeof(double) * sizeof(double)};
	double *x = mmap(NULL, t.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (x == MAP_FAILED)
		return fs_error(job, -errno, "no memory for %zu bytes", t.bytes);
	madvise(x, t.bytes, MADV_HUGEPAGE);
	t.buf = (unsigned char *)x;
	/* Small numbers: no time is lost with those that are denormal. */
	for (size_t i = 0; i < t.bytes / sizeof(*x); i++)
		x[i] = (double)(order_word(i, fs_seed(job)) >> 40);
	fs_code_variant(job, "C, %s", fs_body_form_name(fs_body_form()));
	err = measure_all(&t);
	munmap(x, t.bytes);
	return err;
}

const struct fs_bench bench_body_speed = {
	.name = "body_speed",
	.summary = "the bodies that stream, against the same loops written well by hand",
	.host_only = true,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

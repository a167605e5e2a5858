/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * atomics - both sides add to the same words by atomic operations: one word, or many that are in lines of their own.
 *
 * The device adds one to each of `words` words in turn, `turns` times in all; meanwhile a thread of the CPU does the same as fast as it can.
 * device and host are the times of an addition of each side while both work; device_alone and host_alone while the other is idle. The first time is
 * NAME_first (bench/repeat.h).
 *
 * Not measured: workers of the device against each other, operations other than additions, words that share a line (false_sharing).
 *
 * How it could lie: where pages migrate, a side makes many additions in a row while it has the page, and few are contended: look at migrations. The
 * two sides visit the words in one order, but not in step.
 */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>

#include "bench/atomics.body.h"
#include "bench/order.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	{.name = "words", .type = FS_PARAM_COUNT, .initial = "1", .min = 1, .max = 1 << 20, .help = "words that both sides add to"},
	{.name = "distance",
		.type = FS_PARAM_SIZE,
		.initial = "256",
		.min = sizeof(ulong),
		.max = 1ull << 30,
		.help = "bytes from one word to the next, a multiple of 8; a line at least, so that each has its own"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "1000000", .min = 1, .max = 1e12, .help = "additions by the device"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "device", .unit = "ns", .better = FS_LOWER, .help = "an addition by the device while the CPU adds"},
	{.name = "host", .unit = "ns", .better = FS_LOWER, .help = "an addition by the CPU while the device adds"},
	{.name = "device_alone", .unit = "ns", .better = FS_LOWER, .help = "an addition by the device alone"},
	{.name = "host_alone", .unit = "ns", .better = FS_LOWER, .help = "an addition by the CPU alone"},
	{.name = "device_first", .unit = "ns", .better = FS_LOWER, .help = "device, the first time"},
	{.name = "host_first", .unit = "ns", .better = FS_LOWER, .help = "host, the first time"},
	{.name = "device_alone_first", .unit = "ns", .better = FS_LOWER, .help = "device_alone, the first time"},
	{.name = "host_alone_first", .unit = "ns", .better = FS_LOWER, .help = "host_alone, the first time"},
	{.name = "migrations", .unit = "pages", .better = FS_LOWER, .help = "pages that moved while both added, both directions"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "device_alone device host_alone host", .title = "what does an atomic addition cost when both sides make them?"},
	{FS_DRAW_LINES, "device", "words", .title = "on how many words do the two sides no longer meet?"},
	{0},
};

static size_t bytes_of(const struct fs_args *args)
{
	return (fs_arg_count(args, "words") - 1) * fs_arg_size(args, "distance") + sizeof(ulong);
}

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	ulong words, distance, turns;
	ulong added; /* by both sides so far */
};

struct host {
	struct trial *t;
	ulong most; /* additions; 0: until stop */
	atomic_bool stop;
	atomic_ulong added;
	uint64_t ns;
};

static ulong *word_of(const struct trial *t, ulong i)
{
	return (ulong *)((unsigned char *)t->buf.cpu + i * t->distance);
}

static void *add_on_host(void *arg)
{
	struct host *host = arg;
	struct trial *t = host->t;
	ulong word = 0, added = 0;
	uint64_t start = fs_now();

	/* At least once, even if the device finishes immediately. */
	do {
		__atomic_fetch_add(word_of(t, word), 1, __ATOMIC_SEQ_CST);
		word = word + 1 < t->words ? word + 1 : 0;
		atomic_store_explicit(&host->added, ++added, memory_order_relaxed);
	} while (host->most != 0 ? added < host->most : !atomic_load_explicit(&host->stop, memory_order_relaxed));
	host->ns = fs_now() - start;
	return NULL;
}

static int add_on_device(struct trial *t, double *ns)
{
	struct fs_launch launch = {.name = "atomics", .body = atomics_body, .args = {.u = {t->words, t->distance, t->turns}}, .last = 1};
	uint64_t start;
	int err;

	fs_results_clear(t->job);
	start = fs_device_clock(t->job);
	err = fs_launch_start(t->job, &t->buf, &launch);
	if (err >= 0)
		err = fs_launch_wait(t->job);
	*ns = (double)(fs_device_clock(t->job) - start) / (double)t->turns;
	t->added += t->turns;
	return err;
}

static uint64_t migrations(struct fs_job *job)
{
	return count_now(job, "pages_to_host") + count_now(job, "pages_to_device");
}

static int add_together(struct trial *t, bool is_first)
{
	struct host host = {.t = t};
	uint64_t moved = migrations(t->job), counted;
	pthread_t thread;
	double ns;
	int err = pthread_create(&thread, NULL, add_on_host, &host);

	if (err != 0)
		return fs_error(t->job, -err, "no thread");
	/* Both are at it from the first addition of the device on. */
	while (atomic_load(&host.added) == 0)
		;
	err = add_on_device(t, &ns);
	atomic_store(&host.stop, true);
	pthread_join(thread, NULL);
	t->added += host.added;
	fs_sample(t->job, is_first ? "device_first" : "device", ns);
	fs_sample(t->job, is_first ? "host_first" : "host", (double)host.ns / (double)host.added);
	if (!is_first && fs_device_count(t->job, "pages_to_host", &counted))
		fs_sample(t->job, "migrations", (double)(migrations(t->job) - moved));
	return err;
}

static int measure(struct trial *t, bool is_first)
{
	struct host host = {.t = t, .most = t->turns};
	double ns;
	int err = add_together(t, is_first);

	if (err >= 0)
		err = add_on_device(t, &ns);
	if (err < 0)
		return err;
	fs_sample(t->job, is_first ? "device_alone_first" : "device_alone", ns);
	add_on_host(&host);
	t->added += host.added;
	fs_sample(t->job, is_first ? "host_alone_first" : "host_alone", (double)host.ns / (double)host.added);
	return 0;
}

/* No addition of either side is lost, on whichever word it was. */
static int check(const struct trial *t)
{
	ulong sum = 0;

	for (ulong i = 0; i < t->words; i++)
		sum += *(volatile ulong *)word_of(t, i);
	return sum == t->added ? 0 : fs_wrong(t->job, "%lu additions were made, and the words add up to %lu", t->added, sum);
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .words = fs_count(job, "words"), .distance = fs_size(job, "distance"), .turns = fs_count(job, "turns")};
	int err;

	if (t.distance % sizeof(ulong) != 0)
		return fs_skip(job, "distance=256", "the distance is not a multiple of %zu", sizeof(ulong));
	if (!fs_device_reaches(job))
		return fs_skip_device(job, FS_TRAIT_REACHES, NULL, "computes on a copy of the buffer, read before and written back after");
	err = fs_alloc(job, bytes_of(fs_args(job)), &t.buf);
	if (err < 0)
		return err;
	for (ulong i = 0; i < t.words; i++)
		*word_of(&t, i) = 0;
	for (int n = 0; n < 1 + REPEATS && err >= 0; n++)
		err = measure(&t, n == 0);
	if (err >= 0)
		err = check(&t);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_atomics = {
	.name = "atomics",
	.summary = "both sides add to the same words by atomic operations: one word and many",
	.needs = FS_SHARED,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.bytes = bytes_of,
	.run = run,
};

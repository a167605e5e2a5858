/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_burst - what a fault costs when many come at once: by the length of the burst, the order of the pages, the threads that touch, reading or
 * writing.
 *
 * All pages are on the host. The device touches `burst` of them, as many workers at a time as it has (its parameter `workers`); then `threads`
 * threads of the CPU touch the same pages. A value is the whole burst over its touches. The touches are made again with every page where it is now:
 * NAME_again is what the same touches, the launch and the threads cost without a fault. The first burst is NAME_first (bench/repeat.h).
 *
 * Not measured: a single touch (fault_latency has their distribution), bursts of both sides at once (ping_pong, false_sharing).
 *
 * How it could lie: with a granule above a base page neighbours come along, and an ascending burst has fewer faults than touches: faults_to_device
 * and faults_to_host say how many. Short bursts are mostly the launch: take NAME_again from it.
 */
#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "bench/fault_burst.body.h"
#include "bench/order.h"
#include "bench/repeat.h"

#define THREADS_MAX 64

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer, a power of two"},
	{.name = "burst", .type = FS_PARAM_COUNT, .initial = "256", .min = 1, .max = FS_OUT_WORDS, .help = "touches, each of a page of its own"},
	{.name = "order", .type = FS_PARAM_CHOICE, .initial = "random", .choices = "random|ascending|strided", .help = "of the pages"},
	{.name = "access", .type = FS_PARAM_CHOICE, .initial = "write", .choices = "read|write", .help = "what a touch does"},
	{.name = "threads", .type = FS_PARAM_COUNT, .initial = "1", .min = 1, .max = THREADS_MAX, .help = "threads of the CPU that touch"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "to_device", .unit = "ns", .better = FS_LOWER, .help = "a touch of the device's burst; pages are on the host"},
	{.name = "to_host", .unit = "ns", .better = FS_LOWER, .help = "a touch of the CPU's burst; pages are on the device"},
	{.name = "to_device_first", .unit = "ns", .better = FS_LOWER, .help = "to_device, the first burst"},
	{.name = "to_host_first", .unit = "ns", .better = FS_LOWER, .help = "to_host, the first burst"},
	{.name = "to_device_again", .unit = "ns", .better = FS_LOWER, .help = "the same touches with the pages on the device: no fault"},
	{.name = "to_host_again", .unit = "ns", .better = FS_LOWER, .help = "the same touches with the pages on the host: no fault"},
	{.name = "faults_to_device", .unit = "faults", .better = FS_LOWER, .help = "faults by the device in one burst"},
	{.name = "faults_to_host", .unit = "faults", .better = FS_LOWER, .help = "faults by the CPU in one burst"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_LINES, "to_device", "burst", .title = "does a fault by the device get cheaper in a burst?"},
	{FS_DRAW_LINES, "to_host", "burst", .title = "does a fault by the CPU get cheaper in a burst?"},
	{0},
};

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	ulong burst, order, bits, key, step, threads;
	bool writes;
	ulong passes; /* that wrote to each touched page, so far */
};

static ulong *word_of(const struct trial *t, ulong i)
{
	return (ulong *)((unsigned char *)t->buf.cpu + burst_page(i, t->order, t->bits, t->key, t->step) * page_bytes());
}

static void fill(struct trial *t)
{
	for (ulong page = 0; page < 1ul << t->bits; page++)
		*(ulong *)((unsigned char *)t->buf.cpu + page * page_bytes()) = order_word(page, t->key);
}

/* What touch i must read now. */
static ulong expected(const struct trial *t, ulong i)
{
	return order_word(burst_page(i, t->order, t->bits, t->key, t->step), t->key) + t->passes;
}

/* ---- the device's side */

static int touch_on_device(struct trial *t, double *ns)
{
	struct fs_launch launch = {
		.name = "fault_burst",
		.body = fault_burst_body,
		.args = {.u = {t->bits, page_bytes(), t->key, t->order, t->step, t->writes}},
		.last = t->burst,
	};
	const ulong *seen;
	uint64_t start;
	int err;

	fs_results_clear(t->job);
	start = fs_device_clock(t->job);
	err = fs_launch_start(t->job, &t->buf, &launch);
	if (err >= 0)
		err = fs_launch_wait(t->job);
	*ns = (double)(fs_device_clock(t->job) - start) / (double)t->burst;
	seen = fs_results(t->job);
	for (ulong i = 0; i < t->burst && err >= 0; i++) {
		if (seen[i] != expected(t, i))
			return fs_wrong(t->job, "the device's touch %lu read %lx, not %lx", i, seen[i], expected(t, i));
	}
	t->passes += t->writes;
	return err < 0 ? err : 0;
}

/* ---- the CPU's side */

enum start { START_WAIT, START_GO, START_GIVE_UP };

struct toucher {
	struct trial *t;
	atomic_int *start;	  /* enum start */
	atomic_ulong *ready;	  /* threads that wait for it */
	ulong first, last, wrong; /* touches, and the first one that read something else plus one */
};

static void touch(struct toucher *toucher)
{
	struct trial *t = toucher->t;

	for (ulong i = toucher->first; i < toucher->last; i++) {
		volatile ulong *word = word_of(t, i);
		ulong seen = *word;

		if (t->writes)
			*word = seen + 1;
		if (seen != expected(t, i) && toucher->wrong == 0)
			toucher->wrong = i + 1;
	}
}

static void *touch_in_thread(void *arg)
{
	struct toucher *toucher = arg;
	int start;

	atomic_fetch_add(toucher->ready, 1);
	while ((start = atomic_load(toucher->start)) == START_WAIT)
		sched_yield();
	if (start == START_GO)
		touch(toucher);
	return NULL;
}

static int touch_on_host(struct trial *t, double *ns)
{
	struct toucher toucher[THREADS_MAX];
	pthread_t thread[THREADS_MAX];
	atomic_int start = START_WAIT;
	atomic_ulong ready = 0;
	ulong n = t->threads < t->burst ? t->threads : t->burst, others = 0, wrong = 0;
	uint64_t began;
	int err = 0;

	for (ulong i = 0; i < n; i++)
		toucher[i] = (struct toucher){t, &start, &ready, t->burst * i / n, t->burst * (i + 1) / n, 0};
	/* This thread is the last of them: all others wait when the clock is read. */
	while (others + 1 < n && err == 0) {
		err = pthread_create(&thread[others], NULL, touch_in_thread, &toucher[others]);
		others += err == 0;
	}
	while (err == 0 && atomic_load(&ready) < others)
		sched_yield();
	began = fs_now();
	atomic_store(&start, err == 0 ? START_GO : START_GIVE_UP);
	if (err == 0)
		touch(&toucher[n - 1]);
	for (ulong i = 0; i < others; i++)
		pthread_join(thread[i], NULL);
	*ns = (double)(fs_now() - began) / (double)t->burst;
	if (err != 0)
		return fs_error(t->job, -err, "no thread for %lu of them: %s", n, strerror(err));
	for (ulong i = 0; i < n && wrong == 0; i++)
		wrong = toucher[i].wrong;
	if (wrong != 0)
		return fs_wrong(t->job, "the CPU's touch %lu read another word than was left there", wrong - 1);
	t->passes += t->writes;
	return 0;
}

/* ---- bursts */

/* A burst of one side, evidence that its pages came by faults, and the same touches again. Positive where it holds. */
static int burst(struct trial *t, enum fs_side to, bool is_first)
{
	static const char *const names[FS_SIDES] = {"to_host", "to_device"}, *const first_names[FS_SIDES] = {"to_host_first", "to_device_first"};
	static const char *const again_names[FS_SIDES] = {"to_host_again", "to_device_again"};
	static const char *const faults_names[FS_SIDES] = {"faults_to_host", "faults_to_device"};
	static const char *const pages_names[FS_SIDES] = {"pages_to_host", "pages_to_device"};
	int (*const touch_all)(struct trial *, double *) = to == FS_HOST ? touch_on_host : touch_on_device;
	enum fs_step step = to == FS_HOST ? FS_CPU_AFTER : FS_DEVICE_COMPUTE;
	uint64_t faults_before = count_now(t->job, faults_names[to]), pages_before = count_now(t->job, pages_names[to]), by;
	bool holds = true;
	double ns;
	int err;

	fs_step_begin(t->job, step);
	err = touch_all(t, &ns);
	if (fs_step_end(t->job, step, err) < 0)
		return err;
	fs_sample(t->job, is_first ? first_names[to] : names[to], ns);
	if (count_grew(t->job, faults_names[to], faults_before, &by)) {
		fs_sample(t->job, faults_names[to], (double)by);
		holds = fs_expect(t->job, "a fault a touch at most", (double)by, FS_LE, (double)t->burst);
	}
	if (count_grew(t->job, pages_names[to], pages_before, &by))
		holds = fs_expect(t->job, pages_names[to], (double)by, FS_GE, (double)t->burst) && holds;
	if (!holds)
		return 0;
	faults_before = count_now(t->job, faults_names[to]);
	err = touch_all(t, &ns);
	if (err < 0)
		return err;
	fs_sample(t->job, again_names[to], ns);
	return !count_grew(t->job, faults_names[to], faults_before, &by) || fs_expect(t->job, "faults again", (double)by, FS_EQ, 0);
}

static int measure(struct trial *t)
{
	int err = expect_side(t->job, &t->buf, FS_HOST);

	for (int n = 0; n < 1 + REPEATS && err > 0; n++) {
		err = burst(t, FS_DEVICE, n == 0);
		if (err > 0)
			err = burst(t, FS_HOST, n == 0);
	}
	return err < 0 ? err : 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .key = fs_seed(job), .burst = fs_count(job, "burst"), .threads = fs_count(job, "threads")};
	uint64_t pages = fs_size(job, "size") / page_bytes();
	int err;

	t.bits = order_bits(pages);
	if (t.bits == 64 || fs_size(job, "size") % page_bytes() != 0)
		return fs_skip(job, "size=4M", "the size is not a power of two");
	if (t.burst > pages)
		return fs_skip(job, "a larger size, or a shorter burst", "a burst of %lu touches needs as many pages, and there are %llu", t.burst,
			(unsigned long long)pages);
	t.order = fs_is(job, "order", "random") ? BURST_RANDOM : fs_is(job, "order", "ascending") ? BURST_ASCENDING : BURST_STRIDED;
	t.step = pages / t.burst;
	t.writes = fs_is(job, "access", "write");
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	fill(&t);
	err = measure(&t);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_fault_burst = {
	.name = "fault_burst",
	.summary = "many faults at once, by the length of the burst, order, threads and access",
	.needs = FS_FAULTS | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

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

#include <stdatomic.h>

#include "bench/crew.h"
#include "bench/fault_burst.body.h"
#include "bench/mark.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	SIZE_PARAM("4M", "bytes of the buffer, a power of two"),
	{.name = "burst", .type = FS_PARAM_COUNT, .initial = "256", .min = 1, .max = FS_OUT_WORDS, .help = "touches, each of a page of its own"},
	{.name = "order", .type = FS_PARAM_CHOICE, .initial = "random", .choices = "random|ascending|strided", .help = "of the pages"},
	{.name = "access", .type = FS_PARAM_CHOICE, .initial = "write", .choices = "read|write", .help = "what a touch does"},
	{.name = "threads", .type = FS_PARAM_COUNT, .initial = "1", .min = 1, .max = CREW_MAX, .help = "threads of the CPU that touch"},
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
	ulong burst, order, key, step, threads;
	unsigned bits; /* 2^bits pages */
	bool writes;
	ulong passes;	    /* that wrote to each touched page, so far */
	atomic_ulong wrong; /* a touch of the CPU that read something else, plus one */
};

static ulong *word_of(const struct trial *t, ulong i)
{
	return (ulong *)((unsigned char *)t->buf.cpu + burst_page(i, t->order, t->bits, t->key, t->step) * page_bytes());
}

/* What touch i must read now. */
static ulong expected(const struct trial *t, ulong i)
{
	return mark_of(burst_page(i, t->order, t->bits, t->key, t->step), t->key) + t->passes;
}

/* ---- the device's side */

static int touch_on_device(struct trial *t, double *ns)
{
	struct fs_body_args args = {.u = {t->bits, page_bytes(), t->key, t->order, t->step, t->writes}};
	struct fs_launch launch = {.name = "fault_burst", .body = fault_burst_body, .args = args, .last = t->burst};
	const ulong *seen;
	uint64_t start;
	int err;

	fs_results_clear(t->job);
	start = fs_device_clock(t->job);
	err = launch_run(t->job, &t->buf, &launch);
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

/* A thread's share. Threads do not end the round by themselves: which touch read another word is kept, plus one. */
static int touch_share(void *arg, ulong which, ulong n)
{
	struct trial *t = arg;

	for (ulong i = t->burst * which / n; i < t->burst * (which + 1) / n; i++) {
		volatile ulong *word = word_of(t, i);
		ulong seen = *word;

		if (t->writes)
			*word = seen + 1;
		if (seen != expected(t, i))
			atomic_store_explicit(&t->wrong, i + 1, memory_order_relaxed);
	}
	return 0;
}

static int touch_on_host(struct trial *t, double *ns)
{
	int err;

	atomic_store(&t->wrong, 0);
	err = crew_run(t->job, t->threads < t->burst ? t->threads : t->burst, touch_share, t, ns);
	*ns /= (double)t->burst;
	if (err == 0 && t->wrong != 0)
		err = fs_wrong(t->job, "the CPU's touch %lu read another word than was left there", t->wrong - 1);
	t->passes += t->writes;
	return err;
}

/* ---- bursts */

/* A burst of one side, evidence that its pages came by faults, and the same touches again. Positive where it holds. */
static int burst(struct trial *t, enum fs_side to, bool is_first)
{
	static const char *const names[FS_SIDES][3] = {
		{"to_host", "to_host_first", "to_host_again"}, {"to_device", "to_device_first", "to_device_again"}};
	int (*const touch_all)(struct trial *, double *) = to == FS_HOST ? touch_on_host : touch_on_device;
	enum fs_step step = to == FS_HOST ? FS_CPU_AFTER : FS_DEVICE_COMPUTE;
	struct traffic before = traffic_now(t->job, to);
	uint64_t by;
	bool holds = true;
	double ns;
	int err;

	fs_step_begin(t->job, step);
	err = touch_all(t, &ns);
	if (fs_step_end(t->job, step, err) < 0)
		return err;
	fs_sample(t->job, names[to][is_first], ns);
	if (count_grew(t->job, faults_to(to), before.faults, &by)) {
		fs_sample(t->job, faults_to(to), (double)by);
		holds = fs_expect(t->job, "a fault a touch at most", (double)by, FS_LE, (double)t->burst);
	}
	if (count_grew(t->job, pages_to(to), before.pages, &by))
		holds = fs_expect(t->job, pages_to(to), (double)by, FS_GE, (double)t->burst) && holds;
	if (!holds)
		return 0;
	before = traffic_now(t->job, to);
	err = touch_all(t, &ns);
	if (err < 0)
		return err;
	fs_sample(t->job, names[to][2], ns);
	return !count_grew(t->job, faults_to(to), before.faults, &by) || fs_expect(t->job, "faults again", (double)by, FS_EQ, 0);
}

static int measure(struct trial *t)
{
	int err = expect_side(t->job, &t->buf, FS_HOST);

	for (int n = 0; n < 2 * (1 + REPEATS) && err > 0; n++)
		err = burst(t, n % 2 == 0 ? FS_DEVICE : FS_HOST, n < 2);
	return err < 0 ? err : 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .key = fs_seed(job), .burst = fs_count(job, "burst"), .threads = fs_count(job, "threads")};
	int err = size_bits(job, page_bytes(), "size=4M", &t.bits);

	if (err == 0 && t.burst > 1ul << t.bits)
		err = fs_skip(job, "a larger size, or a shorter burst", "%lu touches need as many pages, and there are %lu", t.burst, 1ul << t.bits);
	if (err == 0)
		err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	t.order = fs_is(job, "order", "random") ? BURST_RANDOM : fs_is(job, "order", "ascending") ? BURST_ASCENDING : BURST_STRIDED;
	t.step = (1ul << t.bits) / t.burst;
	t.writes = fs_is(job, "access", "write");
	mark_all(&t.buf, t.key);
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

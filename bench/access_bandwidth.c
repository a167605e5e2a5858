/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access_bandwidth - reading and writing a buffer from end to end, by initiator (the side that accesses) and residence (where the buffer is).
 *
 * The body is the same on both sides. It passes over the buffer once and four times, alternating: the difference of the medians is three passes
 * without the cost of starting a device. If the two cannot be told apart (bench/legs.h), or their difference is one that no machine can make, the
 * sample is dropped and retried with four times as many passes: twice at least, and until the longer leg is a gibibyte, so that what a small buffer
 * takes stands above the noise of a busy machine. The very first pass, including the start, is NAME_first.
 *
 * Not measured: random access (access_latency), moving the data there (migrate_bandwidth), more than one CPU on the
 * host's side; the device uses all of its workers.
 *
 * How it could lie: below twice the last-level cache this measures the cache. Where an access migrates instead of
 * going remote, the wrong memory would be measured: nothing may fault, and residence must be the same before and after. A difference of two
 * times can be anything: with the most passes it must not exceed four times what all CPUs together can read from their innermost caches. A write
 * to a line that is not cached reads it first unless the machine avoids that: bytes on the wire can be twice those counted.
 */
#include "config.h"

#include "bench/access.h"
#include "bench/access_bandwidth.body.h"
#include "bench/legs.h"
#include "bench/limits.h"

#define ATTEMPTS	   3	       /* at least */
#define ENOUGH_BYTES	   (1ul << 30) /* of a longer leg: more of them make no difference clearer */
#define IMPOSSIBLE_DROPPED "the legs differ by less than any machine needs: a larger size, or a machine with less load"

static const struct fs_param params[] = {
	SIZE_PARAM("64M", "bytes of the buffer, whole pages"),
	ACCESS_PARAMS,
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "read", .unit = "GB/s", .better = FS_HIGHER, .floor = "floor.stream_read", .help = "bytes read"},
	{.name = "write", .unit = "GB/s", .better = FS_HIGHER, .help = "bytes written"},
	{.name = "read_first", .unit = "GB/s", .better = FS_HIGHER, .help = "the first pass that reads, including the start"},
	{.name = "write_first", .unit = "GB/s", .better = FS_HIGHER, .help = "the first pass that writes, including the start"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_HEAT, "read", "initiator", "residence", .title = "read bandwidth by initiator and residence"},
	{FS_DRAW_HEAT, "write", "initiator", "residence", .title = "write bandwidth by initiator and residence"},
	{0},
};

struct trial {
	struct access access;
	struct fs_launch launch;
	ulong words, key;
	ulong written_times; /* of the last launch that wrote */
	double most;	     /* GB/s; more is impossible */
};

static void fill(struct trial *t)
{
	ulong *words = t->access.buf.cpu;

	for (ulong i = 0; i < t->words; i++)
		words[i] = order_word(i, t->key);
}

static ulong sum_expected(const struct trial *t)
{
	ulong sum = 0;

	for (ulong i = 0; i < t->words; i++)
		sum += order_word(i, t->key);
	return sum;
}

/* Times that many passes over the buffer, in ns; negative on error. */
static int64_t go_over(struct trial *t, bool write, ulong times, ulong *sum)
{
	t->launch.args.u[0] = write;
	t->launch.args.u[1] = times;
	t->launch.args.u[2] = t->key;
	return access_run(&t->access, &t->launch, sum);
}

/* Runs that many passes and four times as many, alternating. 0, or negative on error. */
static int go_legs(struct trial *t, bool write, ulong times, ulong expected, struct legs *legs)
{
	for (int i = 0; i < LEGS; i++) {
		ulong short_sum, long_sum;
		int64_t short_ns = go_over(t, write, times, &short_sum);
		int64_t long_ns = short_ns < 0 ? short_ns : go_over(t, write, LEGS_LONGER * times, &long_sum);

		if (long_ns < 0)
			return (int)long_ns;
		if (short_sum != times * expected || long_sum != LEGS_LONGER * times * expected)
			return fs_wrong(t->access.job, "the sums read are %lx and %lx, not %lx and %lx", short_sum, long_sum, times * expected,
				LEGS_LONGER * times * expected);
		legs->shorter[i] = (double)short_ns;
		legs->longer[i] = (double)long_ns;
	}
	t->written_times = LEGS_LONGER * times;
	return 0;
}

/* Whether so many passes, after so many attempts, are the last to be tried. */
static bool is_last(const struct trial *t, int attempts, ulong times)
{
	return attempts >= ATTEMPTS && LEGS_LONGER * times * t->access.buf.bytes >= ENOUGH_BYTES;
}

static int measure(struct trial *t, bool write, ulong expected)
{
	static const char *const names[] = {"read", "write"}, *const first_names[] = {"read_first", "write_first"};
	struct fs_job *job = t->access.job;
	struct legs legs;
	double ns, rate;
	ulong sum, times = 1;
	int64_t first_ns = go_over(t, write, 1, &sum);
	int err = first_ns < 0 ? (int)first_ns : 0;
	bool last = false;

	if (err == 0)
		fs_sample(job, first_names[write], (double)t->access.buf.bytes / (double)(first_ns != 0 ? first_ns : 1));
	for (int attempt = 1; !last && err == 0; attempt++, times *= LEGS_LONGER) {
		last = is_last(t, attempt, times);
		err = go_legs(t, write, times, expected, &legs);
		if (err < 0)
			break;
		if (!legs_difference(&legs, &ns)) {
			fs_drop(job, names[write], LEGS_DROPPED);
			continue;
		}
		rate = (double)((LEGS_LONGER - 1) * times) * (double)t->access.buf.bytes / ns;
		if (rate > t->most && !last) {
			fs_drop(job, names[write], IMPOSSIBLE_DROPPED);
			continue;
		}
		fs_expect(job, names[write], rate, FS_LE, t->most);
		fs_sample(job, names[write], rate);
		break;
	}
	return err;
}

/* The buffer must hold what the last pass wrote. */
static int check_written(struct trial *t)
{
	const ulong *words = t->access.buf.cpu;
	ulong key = t->key + t->written_times - 1;
	int err = access_fetch(&t->access);

	for (ulong i = 0; i < t->words && err == 0; i++) {
		if (words[i] != (i ^ key))
			err = fs_wrong(t->access.job, "word %lu was written as %lx, not %lx", i, words[i], i ^ key);
	}
	return err;
}

static int run(struct fs_job *job)
{
	struct trial t = {.launch = {.name = "access_bandwidth", .body = access_bandwidth_body}, .key = fs_seed(job)};
	int err = access_open(&t.access, job);

	if (err < 0)
		return err;
	t.words = t.access.buf.bytes / sizeof(ulong);
	t.launch.last = t.words;
	fill(&t);
	t.most = limit_of_bandwidth(job, t.access.initiator);
	err = access_place(&t.access);
	if (err <= 0)
		goto out;
	err = measure(&t, false, sum_expected(&t));
	if (err == 0)
		err = measure(&t, true, 0);
	if (err == 0)
		err = access_stayed(&t.access);
	if (err > 0)
		err = check_written(&t);
out:
	fs_release(job, &t.access.buf);
	return err;
}

const struct fs_bench bench_access_bandwidth = {
	.name = "access_bandwidth",
	.summary = "reading and writing a buffer: initiator x residence",
	.needs = FS_MOVE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

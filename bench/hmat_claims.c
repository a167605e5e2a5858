/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hmat_claims - is memory as fast as its firmware says? The latency and bandwidth of reads by the CPU, beside what the HMAT claims for the node that
 * the buffer is on, which is what the kernel sorts memory into tiers by.
 *
 * Dependent reads along a random cycle, by one thread (bench/links.h), then reads of the whole buffer by `threads` threads at once (bench/crew.h).
 * The first of each is NAME_first, NAME the median of the others (bench/repeat.h). A share is what was measured in percent of the claim: of a latency
 * more is worse, of a bandwidth less.
 *
 * Not measured: writes; reads by the device; memory that is on no node.
 *
 * How it could lie: claims are for the CPUs nearest to the node, at a load that the specification leaves open; a process on other CPUs is slower.
 * With size below several times the last-level cache, the cache is measured. Fewer threads than it takes to fill the path show less bandwidth than
 * there is. In a virtual machine the claims are the hypervisor's invention.
 */
#include "config.h"

#include <stdatomic.h>
#include <unistd.h>

#include "bench/access.h"
#include "bench/crew.h"
#include "bench/limits.h"
#include "bench/links.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	SIZE_PARAM("64M", "bytes of the buffer, a power of two"),
	{.name = "residence", .type = FS_PARAM_CHOICE, .initial = "device", .choices = "host|device", .help = "where the data are"},
	{.name = "threads", .type = FS_PARAM_COUNT, .initial = "0", .min = 0, .max = CREW_MAX, .help = "threads that read; 0: one for each CPU"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "latency_share", .unit = "%", .better = FS_LOWER, .help = "the latency, of what is claimed"},
	{.name = "bandwidth_share", .unit = "%", .better = FS_HIGHER, .help = "the bandwidth, of what is claimed"},
	{.name = "latency", .unit = "ns", .better = FS_LOWER, .help = "one dependent read"},
	{.name = "bandwidth", .unit = "GB/s", .better = FS_HIGHER, .help = "bytes read by all threads together"},
	{.name = "latency_first", .unit = "ns", .better = FS_LOWER, .help = "latency, the first run"},
	{.name = "bandwidth_first", .unit = "GB/s", .better = FS_HIGHER, .help = "bandwidth, the first pass"},
	{.name = "claimed_latency", .unit = "ns", .better = FS_EXACT, .help = "what firmware says of the node"},
	{.name = "claimed_bandwidth", .unit = "GB/s", .better = FS_EXACT, .help = "what firmware says of the node"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "latency_share bandwidth_share", .title = "is memory as fast as its firmware says?"},
	{0},
};

struct trial {
	struct access access;
	struct links links;
	struct fs_claims claims;
	atomic_ulong sum; /* of what the threads read */
	ulong expected, threads;
};

/* ---- latency */

static int measure_latency(struct trial *t)
{
	/* Each line once. */
	ulong most = (1ul << t->links.bits) / (1 + REPEATS), n = most < LINKS_MAX ? most : LINKS_MAX;
	struct fs_job *job = t->access.job;
	double ns[1 + REPEATS], median;

	for (int i = 0; i < 1 + REPEATS; i++) {
		ns[i] = links_time(job, &t->links, n);
		if (ns[i] < 0)
			return (int)ns[i];
	}
	fs_sample(job, "latency_first", ns[0]);
	median = repeat_median(ns + 1, REPEATS);
	fs_expect(job, "latency", median, FS_GE, CYCLE_NS);
	fs_sample(job, "latency", median);
	if (t->claims.read_ns > 0)
		fs_sample(job, "latency_share", 100 * median / t->claims.read_ns);
	return 0;
}

/* ---- bandwidth */

/* Links are words: their sum is known. */
static int read_share(void *arg, ulong which, ulong n)
{
	struct trial *t = arg;
	ulong words = t->access.buf.bytes / sizeof(ulong), sum = 0;
	struct fs_body_args args = {.u = {0, 1}};

	access_bandwidth_body(t->access.buf.cpu, &sum, args, words * which / n, words * (which + 1) / n, 1);
	atomic_fetch_add(&t->sum, sum);
	return 0;
}

static int measure_bandwidth(struct trial *t)
{
	struct fs_job *job = t->access.job;
	double rate[1 + REPEATS], ns, median;

	for (int i = 0; i < 1 + REPEATS; i++) {
		int err;

		atomic_store(&t->sum, 0);
		err = crew_run(job, t->threads, read_share, t, &ns);
		if (err < 0)
			return err;
		if (t->sum != t->expected)
			return fs_wrong(job, "the sum read is %lx, not %lx", t->sum, t->expected);
		rate[i] = (double)t->access.buf.bytes / (ns > 0 ? ns : 1);
	}
	fs_sample(job, "bandwidth_first", rate[0]);
	median = repeat_median(rate + 1, REPEATS);
	fs_expect(job, "bandwidth", median, FS_LE, limit_of_bandwidth(job, FS_HOST));
	fs_sample(job, "bandwidth", median);
	if (t->claims.read_gbps > 0)
		fs_sample(job, "bandwidth_share", 100 * median / t->claims.read_gbps);
	return 0;
}

/* ---- the whole */

#define NOT_SAID "firmware says nothing of this memory's speed: a machine whose firmware has an HMAT, or fivestep guest run"

#define NO_TIME "instructions are counted, and firmware speaks of time: run it by the clock"

/* Those that firmware makes; shares of what it does not say are dropped. */
static void find_claims(struct trial *t)
{
	struct fs_job *job = t->access.job;
	bool is_time = !fs_counts_instructions();

	if (!is_time || fs_claims(job, &t->access.buf, &t->claims) < 0)
		t->claims = (struct fs_claims){0};
	if (t->claims.read_ns > 0)
		fs_sample(job, "claimed_latency", t->claims.read_ns);
	else
		fs_drop(job, "latency_share", is_time ? NOT_SAID : NO_TIME);
	if (t->claims.read_gbps > 0)
		fs_sample(job, "claimed_bandwidth", t->claims.read_gbps);
	else
		fs_drop(job, "bandwidth_share", is_time ? NOT_SAID : NO_TIME);
}

static int measure(struct trial *t)
{
	int err = access_place(&t->access);

	if (err <= 0)
		return err;
	find_claims(t);
	err = measure_bandwidth(t);
	if (err == 0)
		err = measure_latency(t);
	return err == 0 ? access_stayed(&t->access) : err;
}

static int run(struct fs_job *job)
{
	struct trial t = {.access = {.job = job, .initiator = FS_HOST}, .threads = fs_count(job, "threads")};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int err;

	t.access.residence = fs_is(job, "residence", "device") ? FS_DEVICE : FS_HOST;
	t.threads = t.threads != 0 ? t.threads : cpus < CREW_MAX ? (ulong)cpus : CREW_MAX;
	t.links = (struct links){.spread = 1, .key = fs_seed(job)};
	err = size_bits(job, LINE_BYTES, "size=64M", &t.links.bits);
	if (err == 0)
		err = fs_alloc(job, fs_size(job, "size"), &t.access.buf);
	if (err < 0)
		return err;
	t.links.base = t.access.buf.cpu;
	links_fill(&t.links);
	for (ulong i = 0; i < t.access.buf.bytes / sizeof(ulong); i++)
		t.expected += ((ulong *)t.access.buf.cpu)[i];
	err = measure(&t);
	fs_release(job, &t.access.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_hmat_claims = {
	.name = "hmat_claims",
	.summary = "reads by the CPU, beside what firmware claims of the memory's node",
	.needs = FS_REMOTE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

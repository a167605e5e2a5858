/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access_latency - the latency of a dependent read, by initiator (the side that reads) and residence (where the data are).
 *
 * Lines of 64 bytes are linked into one random cycle through the whole buffer, so that nearly every link leads to another page and
 * no prefetcher can guess it. A number of links and four times as many are followed, alternating: the difference of the medians is the cost of the
 * links without that of starting a device (bench/legs.h; dropped if the two cannot be told apart). The very first run, including the start, is
 * read_first. No line is visited twice in a round.
 *
 * Not measured: bandwidth, several reads in flight, writes, atomics.
 *
 * How it could lie: address translation is part of it (the buffer has more pages than a TLB entries, unless they are huge).
 * A line that is still in a cache from filling or moving makes a read cheap: up to cache/size of the reads, so size should be
 * several times the last-level cache. Where an access migrates instead of going remote, it would be a fault's latency:
 * nothing may fault, and residence must be the same before and after. A difference of two times can be anything: a read takes at least a cycle at 10
 * GHz.
 */
#include "config.h"

#include "bench/access.h"
#include "bench/access_latency.body.h"
#include "bench/legs.h"
#include "bench/links.h"

static const struct fs_param params[] = {
	SIZE_PARAM("64M", "bytes of the buffer, a power of two"),
	ACCESS_PARAMS,
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "read", .unit = "ns", .better = FS_LOWER, .help = "one dependent read"},
	{.name = "read_first", .unit = "ns", .better = FS_LOWER, .help = "one read of the first run, including its share of the start"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_HEAT, "read", "initiator", "residence", .title = "latency of dependent reads by initiator and residence"},
	{0},
};

struct trial {
	struct access access;
	struct fs_launch launch;
	struct links links;
};

/* Times following that many links, in ns; negative on error. */
static int64_t follow(struct trial *t, ulong n)
{
	ulong end;
	int64_t ns;
	int err;

	t->launch.args.u[0] = links_offset(&t->links, t->links.at);
	t->launch.args.u[1] = n;
	ns = access_run(&t->access, &t->launch, &end);
	err = ns < 0 ? 0 : links_follow(t->access.job, &t->links, n, end);
	return err < 0 ? err : ns;
}

static int measure(struct trial *t)
{
	/* Each line once. */
	ulong most = (1ul << t->links.bits) / ((1 + LEGS_LONGER) * LEGS), links = most < LINKS_MAX ? most : LINKS_MAX;
	struct fs_job *job = t->access.job;
	struct legs legs;
	double ns;

	for (int i = 0; i < LEGS; i++) {
		int64_t near_ns = follow(t, links), far_ns = near_ns < 0 ? near_ns : follow(t, LEGS_LONGER * links);

		if (far_ns < 0)
			return (int)far_ns;
		if (i == 0)
			fs_sample(job, "read_first", (double)near_ns / (double)links);
		legs.shorter[i] = (double)near_ns;
		legs.longer[i] = (double)far_ns;
	}
	if (!legs_difference(&legs, &ns)) {
		fs_drop(job, "read", LEGS_DROPPED);
		return 0;
	}
	ns /= (double)((LEGS_LONGER - 1) * links);
	fs_expect(job, "read", ns, FS_GE, CYCLE_NS);
	fs_sample(job, "read", ns);
	return 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.launch = {.name = "access_latency", .body = access_latency_body, .last = 1}};
	int err;

	t.links = (struct links){.spread = 1, .key = fs_seed(job)};
	err = size_bits(job, LINE_BYTES, "size=64M", &t.links.bits);
	if (err == 0)
		err = access_open(&t.access, job);
	if (err < 0)
		return err;
	t.links.base = t.access.buf.cpu;
	links_fill(&t.links);
	err = access_place(&t.access);
	if (err > 0) {
		err = measure(&t);
		if (err == 0)
			err = access_stayed(&t.access);
	}
	fs_release(job, &t.access.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_access_latency = {
	.name = "access_latency",
	.summary = "one dependent read: initiator x residence",
	.needs = FS_MOVE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * loaded_latency - one dependent read of the CPU while other threads read the same memory at a given rate: latency under load.
 *
 * Even pages hold a random cycle of links, which one thread follows; odd pages hold words, which `loaders` threads add up page after page, with a
 * pause of `pause` between two pages. A sweep over pause is the curve that memory controllers and CXL links are described by: latency stays near idle
 * until the load comes close to what the path can carry. Links are followed without loaders and then with them, alternating; every run visits lines
 * that no other has visited.
 *
 * Not measured: loads of the device (its bodies are not paused), writes.
 *
 * It is misleading where loaders share a cache or a core with the reader: then the cache is what is loaded. Lines that are still in a cache make a
 * read cheap, so size should be several times the last-level cache. A link is masked before it is followed, which is a cycle of each read.
 */
#include "config.h"

#include "bench/access.h"
#include "bench/cpus.h"
#include "bench/links.h"
#include "bench/loaders.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	SIZE_PARAM("64M", "bytes of the buffer, a power of two; half of it is read by either"),
	{.name = "residence", .type = FS_PARAM_CHOICE, .initial = "host", .choices = "host|device", .help = "where the data are"},
	{.name = "loaders",
		.type = FS_PARAM_COUNT,
		.initial = "1",
		.min = 1,
		.max = LOADERS_MAX,
		.help = "threads that read while another one is timed"},
	{.name = "pause", .type = FS_PARAM_COUNT, .initial = "0", .min = 0, .max = 1e9, .help = "ns that a loader waits after each page"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "latency", .unit = "ns", .better = FS_LOWER, .help = "one dependent read under load"},
	{.name = "idle", .unit = "ns", .better = FS_LOWER, .help = "the same without them"},
	{.name = "load", .unit = "GB/s", .better = FS_HIGHER, .help = "what the loaders read meanwhile"},
	{.name = "latency_first", .unit = "ns", .better = FS_LOWER, .help = "latency, the first run"},
	{.name = "idle_first", .unit = "ns", .better = FS_LOWER, .help = "idle, the first run"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_AGAINST, "latency load", "pause", .mark = "idle", .title = "how long does a read take under load?"},
	{0},
};

struct trial {
	struct access access;
	struct loaders loaders;
	struct links links; /* in even pages */
};

/* ---- memory */

static void fill(struct trial *t)
{
	unsigned char *p = t->access.buf.cpu;

	t->links.base = p;
	t->loaders.base = p + page_bytes();
	t->loaders.stride = 2 * page_bytes();
	t->loaders.pages = t->access.buf.bytes / t->loaders.stride;
	loaders_fill(&t->loaders);
	links_fill(&t->links);
}

/* ---- the one that is timed */

/* Whether every loader has read a page since `before`. */
static bool all_read(const struct trial *t, const ulong *before)
{
	bool all = true;

	for (ulong i = 0; i < t->loaders.n; i++)
		all = all && atomic_load(&t->loaders.loader[i].pages) != before[i];
	return all;
}

/* The run under load; sets *load to the bytes that the loaders read per ns, or 0 if a loader had no CPU meanwhile. */
static double follow_loaded(struct trial *t, ulong links, double *load)
{
	ulong before[LOADERS_MAX], read = loaders_read(&t->loaders);
	uint64_t start;
	double ns;

	for (ulong i = 0; i < t->loaders.n; i++)
		before[i] = atomic_load(&t->loaders.loader[i].pages);
	start = fs_now();
	ns = links_time(t->access.job, &t->links, links);
	*load = (double)((loaders_read(&t->loaders) - read) * page_bytes()) / (double)(fs_now() - start);
	if (!all_read(t, before))
		*load = 0;
	return ns;
}

/* Both ways, without and with loaders. */
static int measure_once(struct trial *t, ulong links, bool is_first)
{
	struct fs_job *job = t->access.job;
	double idle = links_time(t->access.job, &t->links, links), loaded, load = 0;
	int err = idle < 0 ? (int)idle : loaders_start(&t->loaders);

	if (err < 0)
		return err;
	loaded = follow_loaded(t, links, &load);
	err = loaders_stop(&t->loaders);
	if (loaded < 0 || err < 0)
		return err < 0 ? err : (int)loaded;
	if (!fs_expect(job, "idle", idle, FS_GE, CYCLE_NS))
		return 0;
	fs_sample(job, is_first ? "idle_first" : "idle", idle);
	if (load == 0)
		fs_drop(job, is_first ? "latency_first" : "latency", "a loader had no CPU meanwhile: fewer loaders, or a machine with less load");
	else
		fs_sample(job, is_first ? "latency_first" : "latency", loaded);
	if (load != 0 && !is_first)
		fs_sample(job, "load", load);
	return 0;
}

static int measure(struct trial *t)
{
	/* Each line once. */
	ulong most = (1ul << t->links.bits) / (2 * (1 + REPEATS)), links = most < LINKS_MAX ? most : LINKS_MAX;
	int err = 0;

	for (int i = 0; i < 1 + REPEATS && err == 0; i++)
		err = measure_once(t, links, i == 0);
	return err == 0 ? access_stayed(&t->access) : err;
}

static int check(struct fs_job *job, struct trial *t)
{
	int err;

	t->links = (struct links){.spread = 2, .key = fs_seed(job)};
	t->access.residence = fs_is(job, "residence", "device") ? FS_DEVICE : FS_HOST;
	err = size_bits(job, 2 * LINE_BYTES, "size=64M", &t->links.bits);
	if (err < 0)
		return err;
	if (t->access.residence == FS_DEVICE && (fs_offers(job) & FS_REMOTE) == 0)
		return fs_skip(job, "residence=host, or a setup with REMOTE: fivestep list setups",
			"under this setup the CPU reaches no memory of the device");
	if (cpus_count() <= t->loaders.n)
		return fs_skip(job, "fewer loaders, or a machine with more CPUs",
			"%lu loaders and the reader beside them need as many CPUs, and there are %lu", t->loaders.n, cpus_count());
	return 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.access = {.job = job}};
	int err;

	t.loaders = (struct loaders){.job = job, .key = fs_seed(job), .n = fs_count(job, "loaders"), .pause_ns = fs_count(job, "pause")};
	err = check(job, &t);
	if (err == 0)
		err = fs_alloc(job, fs_size(job, "size"), &t.access.buf);
	if (err < 0)
		return err;
	fill(&t);
	err = access_place(&t.access);
	if (err > 0)
		err = measure(&t);
	fs_release(job, &t.access.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_loaded_latency = {
	.name = "loaded_latency",
	.summary = "one dependent read by the CPU while other threads read as fast as they are allowed",
	.needs = FS_MOVE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

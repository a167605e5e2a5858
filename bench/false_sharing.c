/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * false_sharing - both sides work at once, each on a word of its own: what does it cost that the two words are close?
 *
 * The CPU's word is at the start of the buffer, the device's `distance` bytes behind it: in one cache line, in one page, or in different pages. The
 * device adds one to its word `turns` times; meanwhile a thread of the CPU adds one to the other as fast as it can. device and host are the times of
 * one addition of each side while both work. alone is the device's without the CPU.
 *
 * Not measured: both on one word (ping_pong).
 *
 * How it could lie: where pages migrate, the side that is faster has the page most of the time and the other starves: look at both figures and at
 * migrations, not at one.
 */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>

#include "bench/false_sharing.body.h"
#include "bench/order.h"

static const struct fs_param params[] = {
	{.name = "distance",
		.type = FS_PARAM_SIZE,
		.initial = "1K",
		.min = sizeof(ulong),
		.max = 1ull << 30,
		.help = "bytes from the CPU's word to the device's, a multiple of 8"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "10000000", .min = 1, .max = 1e12, .help = "additions of the device"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "device", .unit = "ns", .better = FS_LOWER, .help = "an addition by the device while the CPU works"},
	{.name = "host", .unit = "ns", .better = FS_LOWER, .help = "an addition by the CPU while the device works"},
	{.name = "alone", .unit = "ns", .better = FS_LOWER, .help = "an addition by the device while the CPU is idle"},
	{.name = "migrations", .unit = "pages", .better = FS_LOWER, .help = "pages that moved while both worked, both directions"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_LINES, "device", "distance", .title = "how far apart must the two sides stay?"},
	{FS_DRAW_LINES, "host", "distance", .title = "what does the CPU pay for a device that is too close?"},
	{0},
};

static size_t bytes_of(const struct fs_args *args)
{
	return fs_arg_size(args, "distance") + sizeof(ulong);
}

struct host {
	volatile ulong *word;
	atomic_bool stop;
	ulong added;
	uint64_t ns;
};

static void *add_on_host(void *arg)
{
	struct host *host = arg;
	uint64_t start = fs_now();

	/* At least once, even if the device finishes immediately. */
	do {
		*host->word += 1;
		host->added++;
	} while (!atomic_load_explicit(&host->stop, memory_order_relaxed));
	host->ns = fs_now() - start;
	return NULL;
}

static int add_on_device(struct fs_job *job, struct fs_buffer *buf, ulong turns, uint64_t *ns)
{
	struct fs_launch launch = {.name = "false_sharing", .body = false_sharing_body, .args = {.u = {fs_size(job, "distance"), turns}}, .last = 1};
	uint64_t start;
	int err;

	fs_results_clear(job);
	start = fs_device_clock(job);
	err = fs_launch_start(job, buf, &launch);
	if (err >= 0)
		err = fs_launch_wait(job);
	*ns = fs_device_clock(job) - start;
	return err;
}

static uint64_t migrations(struct fs_job *job)
{
	return count_now(job, "pages_to_host") + count_now(job, "pages_to_device");
}

/* Each side's additions are all there: neither took the other's for its own. */
static int check(struct fs_job *job, struct fs_buffer *buf, ulong by_host, ulong by_device)
{
	ulong host = *(volatile ulong *)buf->cpu, device = *(volatile ulong *)((unsigned char *)buf->cpu + fs_size(job, "distance"));

	if (host != by_host)
		return fs_wrong(job, "the CPU's word is %lu after %lu additions", host, by_host);
	if (device != by_device)
		return fs_wrong(job, "the device's word is %lu after %lu additions", device, by_device);
	return 0;
}

static int measure_together(struct fs_job *job, struct fs_buffer *buf, ulong turns, struct host *host)
{
	uint64_t moved = migrations(job), ns, counted;
	pthread_t thread;
	int err = pthread_create(&thread, NULL, add_on_host, host);

	if (err != 0)
		return fs_error(job, -err, "no thread");
	err = add_on_device(job, buf, turns, &ns);
	atomic_store(&host->stop, true);
	pthread_join(thread, NULL);
	if (err < 0)
		return err;
	moved = migrations(job) - moved;
	fs_sample(job, "device", (double)ns / (double)turns);
	fs_sample(job, "host", (double)host->ns / (double)host->added);
	if ((fs_offers(job) & (FS_FAULTS | FS_MOVE)) != 0 && fs_device_count(job, "pages_to_host", &counted))
		fs_sample(job, "migrations", (double)moved);
	return 0;
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	struct host host = {0};
	ulong turns = fs_count(job, "turns");
	uint64_t ns;
	int err;

	if (fs_size(job, "distance") % sizeof(ulong) != 0)
		return fs_skip(job, "distance=1K", "the distance is not a multiple of %zu", sizeof(ulong));
	err = fs_alloc(job, bytes_of(fs_args(job)), &buf);
	if (err < 0)
		return err;
	host.word = buf.cpu;
	*host.word = 0;
	*(volatile ulong *)((unsigned char *)buf.cpu + fs_size(job, "distance")) = 0;
	err = measure_together(job, &buf, turns, &host);
	if (err == 0)
		err = add_on_device(job, &buf, turns, &ns);
	if (err == 0)
		fs_sample(job, "alone", (double)ns / (double)turns);
	if (err == 0)
		err = check(job, &buf, host.added, 2 * turns);
	fs_release(job, &buf);
	return err;
}

const struct fs_bench bench_false_sharing = {
	.name = "false_sharing",
	.summary = "both sides at once, each on a word of its own: in one line, one page, two pages",
	.needs = FS_SHARED,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.bytes = bytes_of,
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor - what this machine allows at best, so that other results are read as a distance from it. A floor is the least of the ways known.
 *
 * Measured, each by itself:
 *
 * - raw_fault: a userfaultfd minor fault served by another process and nothing else: a touch of a page of a registered shared mapping, whose page is
 * in the page cache already; the other process reads the event (it sleeps in read) and answers UFFDIO_CONTINUE. Timed touch by touch on the touching
 *   side. Both processes are held on one CPU: no other CPU has to be woken up.
 * - raw_fault_two: the same on two CPUs: the one that serves sleeps until the other wakes it. Faults of processes that are not held anywhere are like
 *   the one or the other, as the scheduler happens to place them.
 * - fault: the same with what it takes to move the granule: the server drops its own view of it and copies it before it answers. The lesser of the
 * two ways to hold the processes: what a fault that is served in this way cannot beat. The server's view is registered for faults, too, and its
 * process has a second thread, as both sides of any driver do (bench/floor_fault.c).
 * - move: drop, copy, continue by one thread, without a fault and a wake-up: the rest of a fault is those two.
 * - memcpy: through two buffers of huge pages, touched before; bytes copied, counted once; the best of pieces of 64 KiB, of 2 MiB and of one copy.
 * - memcpy_4k: a copy of one base page between pages that are in no cache, in random order.
 * - stream_read: reading such a buffer, by one thread, or with initiator=device by as many as workers says.
 * - timer, syscall: fs_now(); the cheapest system call.
 * - harness_cost: two fs_now() and one histogram entry, in percent of raw_fault: what timing one touch adds to it.
 *
 * A result is read against the floor cell whose parameters are most like its own: granule and initiator are there for that. A granule of more than 1
 * MiB is moved in other ways, by huge pages; for it the faults are those of a base page.
 *
 * Not measured: a device's link; what else a driver must do (locks, an owner for each page); copies that bypass the cache, which are faster beyond
 * it, since what is moved here is used next.
 *
 * How it could lie: with size below twice the last-level cache, memcpy and stream_read are figures of the cache; the cache is not
 * asked for its size, since guests and C libraries are often told that of a whole socket. Where huge pages are refused, memcpy includes
 * TLB misses. raw_fault_two is mostly the wake-up of an idle CPU: how deep it sleeps, and in a guest an exit to the
 * hypervisor. The memories of fault and move are small (256 granules) and stay in the cache. Where userfaultfd is not allowed, faults, move and
 * harness_cost are absent; with one CPU raw_fault_two is.
 */
#include "config.h"

#include "bench/floor.h"

#include <sys/syscall.h>
#include <unistd.h>

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "64M",
		.min = FLOOR_CHUNK,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of each of two buffers: twice the last-level cache or more"},
	{.name = "granule",
		.type = FS_PARAM_SIZE,
		.form = FS_FORM_GRANULE,
		.initial = "base",
		.min = 1,
		.max = 1ul << 30,
		.help = "bytes that a fault moves, a power of two"},
	{.name = "initiator",
		.type = FS_PARAM_CHOICE,
		.initial = "host",
		.choices = "host|device",
		.help = "which side reads: one thread, or as many as an emulated device has workers"},
	{.name = "workers",
		.type = FS_PARAM_COUNT,
		.initial = "2",
		.min = 1,
		.max = FLOOR_READERS,
		.when = "initiator=device",
		.help = "threads that read with initiator=device"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "raw_fault", .unit = "ns", .better = FS_LOWER, .help = "userfaultfd minor fault served by another process, on one CPU"},
	{.name = "raw_fault_two", .unit = "ns", .better = FS_LOWER, .help = "the same on two CPUs"},
	{.name = "fault", .unit = "ns", .better = FS_LOWER, .help = "a fault that moves its granule, on one CPU or two, whichever takes less"},
	{.name = "move", .unit = "ns", .better = FS_LOWER, .help = "drop, copy, continue by one thread: a fault without fault and wake-up"},
	{.name = "memcpy", .unit = "GB/s", .better = FS_HIGHER, .help = "copies beyond the cache, bytes copied"},
	{.name = "memcpy_4k", .unit = "ns", .better = FS_LOWER, .help = "copy of a page that is in no cache"},
	{.name = "stream_read", .unit = "GB/s", .better = FS_HIGHER, .help = "reading beyond the cache"},
	{.name = "timer", .unit = "ns", .better = FS_LOWER, .help = "one reading of the clock"},
	{.name = "syscall", .unit = "ns", .better = FS_LOWER, .help = "the cheapest system call"},
	{.name = "harness_cost", .unit = "%", .better = FS_LOWER, .help = "timing and recording one touch, relative to raw_fault"},
	{.name = "noted", .unit = "ns", .better = FS_LOWER, .kind = FS_HISTOGRAM, .help = "two readings of the clock as a histogram sees them"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "raw_fault raw_fault_two fault move memcpy_4k syscall timer", .title = "what the machine allows: times"},
	{FS_DRAW_BARS, "memcpy stream_read", .title = "what the machine allows: bandwidths"},
	{0},
};

static size_t both_bytes(const struct fs_args *args)
{
	return 2 * floor_bytes(args);
}

/* ---- clock and system call */

#define CALLS 2000

static void measure_calls(struct fs_job *job)
{
	for (int pass = 0; pass < FLOOR_PASSES; pass++) {
		uint64_t start = fs_now(), mid;

		for (int i = 0; i < CALLS; i++)
			fs_now();
		mid = fs_now();
		for (int i = 0; i < CALLS; i++)
			syscall(SYS_getppid);
		fs_sample(job, "syscall", (double)(fs_now() - mid) / CALLS);
		fs_sample(job, "timer", (double)(mid - start) / CALLS);
	}
}

/* What a benchmark adds to each touch that it times, in ns. */
static double note_ns(struct fs_job *job)
{
	struct fs_histogram *h = fs_histogram(job, "noted");
	double pass_ns[FLOOR_PASSES];

	for (int pass = 0; pass < FLOOR_PASSES; pass++) {
		uint64_t start = fs_now();

		for (int i = 0; i < CALLS; i++) {
			uint64_t before = fs_now();

			fs_histogram_add(h, fs_now() - before);
		}
		pass_ns[pass] = (double)(fs_now() - start) / CALLS;
	}
	return repeat_median(pass_ns, FLOOR_PASSES);
}

#define GRANULE_MAX (1ul << 20)

static int run(struct fs_job *job)
{
	size_t granule = fs_size(job, "granule");
	double noted_ns = note_ns(job);
	int err;

	if (granule < page_bytes() || order_bits(granule) == 64)
		return fs_skip(
			job, "a power of two", "a granule of %zu bytes is no power of two of at least a base page's %zu", granule, page_bytes());
	measure_calls(job);
	err = floor_memory(job);
	return err == 0 ? floor_faults(job, granule <= GRANULE_MAX ? granule : page_bytes(), noted_ns) : err;
}

const struct fs_bench bench_floor = {
	.name = "floor",
	.summary = "what this machine allows: faults, copies, clock, system call",
	.host_only = true,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.bytes = both_bytes,
	.run = run,
};

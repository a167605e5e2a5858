/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor - what this machine allows at best, so that other results are read as a distance from it.
 *
 * Measured, each on one CPU and by itself:
 *   raw_fault     a userfaultfd minor fault served by another process and nothing else: a touch of a page of a
 *                 registered shared mapping, whose page is in the page cache already; the other process reads the
 *                 event (it sleeps in read) and answers UFFDIO_CONTINUE. Timed touch by touch on the touching side.
 *                 Both processes are held on one CPU: the least that a wake-up of another process can cost.
 *   raw_fault_two the same on two CPUs: the one that serves sleeps until the other wakes it. Faults of processes that
 *                 are not held anywhere lie between the two, as the scheduler happens to place them.
 *   memcpy_4k     a copy of 4 KiB between pages that are in no cache, in random order
 *   fault         raw_fault + memcpy_4k: what a fault that migrates one page cannot beat when it is served in this way
 *   memcpy        2 MiB at a time through two buffers of huge pages, touched before; bytes copied, counted once
 *   stream_read   reading such a buffer
 *   timer, syscall  fs_now(); the cheapest system call
 *   harness_cost  two fs_now() and one histogram entry, in percent of raw_fault: what timing one touch adds to it
 *
 * Not measured: a device's link, several CPUs at once, what a driver must do besides (page tables, locks).
 *
 * How it could lie: with size below twice the last-level cache, memcpy and stream_read are figures of the cache; the cache is not
 * asked for its size, since guests and C libraries are often told that of a whole socket. Where huge pages are refused, memcpy includes
 * TLB misses. raw_fault_two is mostly the wake-up of an idle CPU: how deep it sleeps, and in a guest an exit to the
 * hypervisor. Where userfaultfd is not allowed, raw_fault*, fault and harness_cost are absent; with one CPU raw_fault_two is.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/order.h"

#define CHUNK	    (2ul << 20)
#define PASSES	    5
#define FAULT_PAGES 256ul

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "64M",
		.min = CHUNK,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of each of two buffers: twice the last-level cache or more"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "raw_fault", .unit = "ns", .better = FS_LOWER, .help = "userfaultfd minor fault served by another process, on one CPU"},
	{.name = "raw_fault_two", .unit = "ns", .better = FS_LOWER, .help = "the same on two CPUs"},
	{.name = "fault", .unit = "ns", .better = FS_LOWER, .help = "raw_fault + memcpy_4k: the floor of a fault that moves a page"},
	{.name = "memcpy", .unit = "GB/s", .better = FS_HIGHER, .help = "2 MiB copies beyond the cache, bytes copied"},
	{.name = "memcpy_4k", .unit = "ns", .better = FS_LOWER, .help = "copy of a page that is in no cache"},
	{.name = "stream_read", .unit = "GB/s", .better = FS_HIGHER, .help = "reading beyond the cache, one CPU"},
	{.name = "timer", .unit = "ns", .better = FS_LOWER, .help = "one reading of the clock"},
	{.name = "syscall", .unit = "ns", .better = FS_LOWER, .help = "the cheapest system call"},
	{.name = "harness_cost", .unit = "%", .better = FS_LOWER, .help = "timing one touch and noting it, against raw_fault"},
	{.name = "noted", .unit = "ns", .better = FS_LOWER, .kind = FS_HISTOGRAM, .help = "two readings of the clock as a histogram sees them"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "raw_fault raw_fault_two memcpy_4k syscall timer", .title = "what the machine allows: times"},
	{FS_DRAW_BARS, "memcpy stream_read", .title = "what the machine allows: bandwidths"},
	{0},
};

static size_t buffer_bytes(const struct fs_job *job)
{
	return (fs_size(job, "size") + CHUNK - 1) / CHUNK * CHUNK;
}

static size_t both_bytes(const struct fs_job *job)
{
	return 2 * buffer_bytes(job);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare_doubles);
	return n % 2 != 0 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* ---- clock and system call */

#define CALLS 2000

static void measure_calls(struct fs_job *job)
{
	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t begun = fs_now(), mid;

		for (int i = 0; i < CALLS; i++)
			fs_now();
		mid = fs_now();
		for (int i = 0; i < CALLS; i++)
			syscall(SYS_getppid);
		fs_sample(job, "syscall", (double)(fs_now() - mid) / CALLS);
		fs_sample(job, "timer", (double)(mid - begun) / CALLS);
	}
}

/* What a benchmark adds to each touch that it times, in ns. */
static double note_ns(struct fs_job *job)
{
	struct fs_histogram *h = fs_histogram(job, "noted");
	double pass_ns[PASSES];

	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t begun = fs_now();

		for (int i = 0; i < CALLS; i++) {
			uint64_t before = fs_now();

			fs_histogram_add(h, fs_now() - before);
		}
		pass_ns[pass] = (double)(fs_now() - begun) / CALLS;
	}
	return median(pass_ns, PASSES);
}

/* ---- copies */

struct area {
	unsigned char *base; /* as mapped */
	unsigned char *p;    /* aligned to a chunk */
	size_t bytes;
};

static int area_map(struct area *area, size_t bytes)
{
	area->bytes = bytes;
	area->base = mmap(NULL, bytes + CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area->base == MAP_FAILED) {
		area->base = NULL;
		return -errno;
	}
	area->p = (unsigned char *)(((uintptr_t)area->base + CHUNK - 1) & ~(CHUNK - 1));
	madvise(area->p, bytes, MADV_HUGEPAGE);
	return 0;
}

static void area_unmap(struct area *area)
{
	if (area->base != NULL)
		munmap(area->base, area->bytes + CHUNK);
}

static void fill(struct area *area, uint64_t seed)
{
	ulong *words = (ulong *)area->p;

	for (size_t i = 0; i < area->bytes / sizeof(*words); i++)
		words[i] = i ^ seed;
}

static void measure_memcpy(struct fs_job *job, struct area *to, const struct area *from)
{
	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t begun = fs_now();

		for (size_t offset = 0; offset < from->bytes; offset += CHUNK)
			memcpy(to->p + offset, from->p + offset, CHUNK);
		fs_sample(job, "memcpy", (double)from->bytes / (double)(fs_now() - begun));
	}
}

/* Worth the median. Every page once, in an order that runs through both buffers at random. */
static double measure_memcpy_4k(struct fs_job *job, struct area *to, const struct area *from, size_t page)
{
	unsigned bits = 63 - (unsigned)__builtin_clzll(from->bytes / page);
	ulong pages = 1ul << bits, part = pages / PASSES, key = fs_seed(job);
	double pass_ns[PASSES];

	for (ulong pass = 0; pass < PASSES; pass++) {
		uint64_t begun = fs_now();

		for (ulong i = pass * part; i < (pass + 1) * part; i++) {
			ulong offset = order_at(i, bits, key) * page;

			memcpy(to->p + offset, from->p + offset, page);
		}
		pass_ns[pass] = (double)(fs_now() - begun) / (double)part;
		fs_sample(job, "memcpy_4k", pass_ns[pass]);
	}
	return median(pass_ns, PASSES);
}

static ulong read_all(const struct area *area)
{
	const ulong *w = (const ulong *)area->p;
	ulong a = 0, b = 0, c = 0, d = 0;

	for (size_t i = 0; i < area->bytes / sizeof(*w); i += 8) {
		a += w[i] + w[i + 4];
		b += w[i + 1] + w[i + 5];
		c += w[i + 2] + w[i + 6];
		d += w[i + 3] + w[i + 7];
	}
	return a + b + c + d;
}

static int measure_read(struct fs_job *job, const struct area *area, uint64_t seed)
{
	ulong expected = 0;

	for (size_t i = 0; i < area->bytes / sizeof(ulong); i++)
		expected += i ^ seed;
	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t begun = fs_now();
		ulong sum = read_all(area);

		fs_sample(job, "stream_read", (double)area->bytes / (double)(fs_now() - begun));
		if (sum != expected)
			return fs_wrong(job, "stream_read: the sum is %lx, not %lx", sum, expected);
	}
	return 0;
}

/* Fills in what a page's copy costs. */
static int measure_copies(struct fs_job *job, double *page_copy_ns)
{
	struct area from = {0}, to = {0};
	size_t bytes = buffer_bytes(job);
	uint64_t seed = fs_seed(job);
	int err = area_map(&from, bytes);

	if (err == 0)
		err = area_map(&to, bytes);
	if (err < 0) {
		fs_error(job, err, "no memory for two buffers of %zu bytes", bytes);
		goto out;
	}
	fill(&from, seed);
	memset(to.p, 0, bytes);
	measure_memcpy(job, &to, &from);
	if (memcmp(to.p, from.p, bytes) != 0) {
		err = fs_wrong(job, "memcpy: the copy differs");
		goto out;
	}
	*page_copy_ns = measure_memcpy_4k(job, &to, &from, page_bytes());
	err = measure_read(job, &to, seed);
out:
	area_unmap(&to);
	area_unmap(&from);
	return err;
}

/* ---- the raw fault */

struct raw {
	int memory, uffd;
	size_t page, bytes;
	unsigned char *alias, *view;
	uint64_t *served; /* by the other process; in memory that both share */
	pid_t server;
	cpu_set_t allowed; /* what this process had */
};

/* Where the two processes run: the first and the last CPU that is allowed; the same one where there is one only. */
static void cpus_find(const cpu_set_t *allowed, int cpu[2])
{
	cpu[0] = cpu[1] = -1;
	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, allowed))
			continue;
		cpu[0] = cpu[0] < 0 ? i : cpu[0];
		cpu[1] = i;
	}
}

static int hold_on(pid_t pid, int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(pid, sizeof(one), &one) == 0 ? 0 : -errno;
}

static int raw_map(struct raw *raw)
{
	raw->memory = memfd_create("fivestep-floor", MFD_CLOEXEC);
	if (raw->memory < 0 || ftruncate(raw->memory, (off_t)raw->bytes) != 0)
		return -errno;
	raw->alias = mmap(NULL, raw->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, raw->memory, 0);
	raw->view = mmap(NULL, raw->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, raw->memory, 0);
	raw->served = mmap(NULL, raw->page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (raw->alias == MAP_FAILED || raw->view == MAP_FAILED || raw->served == MAP_FAILED)
		return -ENOMEM;
	/* What is in the page cache faults as `minor`; what is not would be allocated without an event. */
	for (size_t i = 0; i < FAULT_PAGES; i++)
		memcpy(raw->alias + i * raw->page, &i, sizeof(i));
	return 0;
}

static int raw_register(struct raw *raw)
{
	struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_MINOR_SHMEM};
	struct uffdio_register range = {.range = {(uintptr_t)raw->view, raw->bytes}, .mode = UFFDIO_REGISTER_MODE_MINOR};

	raw->uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (raw->uffd < 0 || ioctl(raw->uffd, UFFDIO_API, &api) != 0 || ioctl(raw->uffd, UFFDIO_REGISTER, &range) != 0)
		return -errno;
	return 0;
}

/* The other process: one sleep in read and one answer a fault, until it is killed. */
static void serve(const struct raw *raw)
{
	struct uffd_msg event;

	while (read(raw->uffd, &event, sizeof(event)) == (ssize_t)sizeof(event)) {
		struct uffdio_continue answer = {.range = {event.arg.pagefault.address & ~(uint64_t)(raw->page - 1), raw->page}};

		__atomic_fetch_add(raw->served, 1, __ATOMIC_RELAXED);
		if (ioctl(raw->uffd, UFFDIO_CONTINUE, &answer) != 0 && errno != EEXIST)
			break;
	}
}

/*
 * The descriptor stays open in the server only: should the server die, the kernel takes the registration back and a
 * touch becomes an ordinary one, which the count of events tells, instead of a hang.
 */
static int raw_serve(struct raw *raw)
{
	raw->server = fork();
	if (raw->server < 0)
		return -errno;
	if (raw->server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(raw);
		_exit(0);
	}
	close(raw->uffd);
	raw->uffd = -1;
	return 0;
}

/* One pass over all pages in random order; every touch by itself. */
static int raw_pass(struct fs_job *job, struct raw *raw, ulong key, double *touch_ns)
{
	unsigned bits = order_bits(FAULT_PAGES);

	for (ulong i = 0; i < FAULT_PAGES; i++) {
		ulong at = order_at(i, bits, key), got;
		volatile ulong *word = (volatile ulong *)(raw->view + at * raw->page);
		uint64_t begun = fs_now();

		got = *word;
		touch_ns[i] = (double)(fs_now() - begun);
		if (got != at)
			return fs_wrong(job, "raw_fault: page %lu holds %lu", at, got);
	}
	/* Unmapped again; the pages stay in the page cache. */
	return madvise(raw->view, raw->bytes, MADV_DONTNEED) == 0 ? 0 : -errno;
}

/* Worth the median of the medians, or negative. */
static double raw_measure(struct fs_job *job, struct raw *raw, const char *metric)
{
	static double touch_ns[FAULT_PAGES];
	double pass_ns[PASSES];
	uint64_t before = __atomic_load_n(raw->served, __ATOMIC_RELAXED);

	for (ulong pass = 0; pass < PASSES; pass++) {
		int err = raw_pass(job, raw, fs_seed(job) + pass, touch_ns);

		if (err < 0)
			return err;
		pass_ns[pass] = median(touch_ns, FAULT_PAGES);
		fs_sample(job, metric, pass_ns[pass]);
	}
	fs_expect(job, metric, (double)(__atomic_load_n(raw->served, __ATOMIC_RELAXED) - before), FS_EQ, (double)(PASSES * FAULT_PAGES));
	return median(pass_ns, PASSES);
}

static int raw_measure_both(struct fs_job *job, struct raw *raw, double page_copy_ns, double noted_ns)
{
	double fault_ns = -1;
	int cpu[2];
	int err;

	cpus_find(&raw->allowed, cpu);
	err = hold_on(0, cpu[0]);
	if (err == 0)
		err = hold_on(raw->server, cpu[0]);
	if (err == 0)
		fault_ns = raw_measure(job, raw, "raw_fault");
	if (err < 0 || fault_ns < 0)
		return err < 0 ? err : (int)fault_ns;
	fs_sample(job, "fault", fault_ns + page_copy_ns);
	fs_sample(job, "harness_cost", 100 * noted_ns / fault_ns);
	if (cpu[1] == cpu[0])
		return 0;
	err = hold_on(raw->server, cpu[1]);
	if (err == 0)
		fault_ns = raw_measure(job, raw, "raw_fault_two");
	return fault_ns < 0 ? (int)fault_ns : err;
}

static void raw_close(struct raw *raw)
{
	sched_setaffinity(0, sizeof(raw->allowed), &raw->allowed);
	if (raw->server > 0) {
		kill(raw->server, SIGKILL);
		waitpid(raw->server, NULL, 0);
	}
	if (raw->uffd >= 0)
		close(raw->uffd);
	if (raw->view != MAP_FAILED)
		munmap(raw->view, raw->bytes);
	if (raw->alias != MAP_FAILED)
		munmap(raw->alias, raw->bytes);
	if (raw->served != MAP_FAILED)
		munmap(raw->served, raw->page);
	if (raw->memory >= 0)
		close(raw->memory);
}

static int measure_faults(struct fs_job *job, double page_copy_ns, double noted_ns)
{
	size_t page = page_bytes();
	struct raw raw = {
		.memory = -1, .uffd = -1, .page = page, .bytes = FAULT_PAGES * page, .alias = MAP_FAILED, .view = MAP_FAILED, .served = MAP_FAILED};
	int err = sched_getaffinity(0, sizeof(raw.allowed), &raw.allowed) == 0 ? raw_map(&raw) : -errno;

	if (err < 0) {
		fs_error(job, err, "no memory, or no CPU mask, for %zu bytes", raw.bytes);
		goto out;
	}
	/* Not allowed here, or too old a kernel: these metrics are absent, the others stand. */
	if (raw_register(&raw) < 0)
		goto out;
	err = raw_serve(&raw);
	if (err == 0)
		err = raw_measure_both(job, &raw, page_copy_ns, noted_ns);
out:
	raw_close(&raw);
	return err;
}

static int run(struct fs_job *job)
{
	double page_copy_ns = 0, noted_ns = note_ns(job);
	int err;

	measure_calls(job);
	err = measure_copies(job, &page_copy_ns);
	return err == 0 ? measure_faults(job, page_copy_ns, noted_ns) : err;
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

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

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHUNK	(2ul << 20)
#define PASSES	FLOOR_PASSES
#define READERS 64

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "64M",
		.min = CHUNK,
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
		.max = READERS,
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

static size_t buffer_bytes(const struct fs_args *args)
{
	return (fs_arg_size(args, "size") + CHUNK - 1) / CHUNK * CHUNK;
}

static size_t both_bytes(const struct fs_args *args)
{
	return 2 * buffer_bytes(args);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double floor_median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare_doubles);
	return n % 2 != 0 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* ---- clock and system call */

#define CALLS 2000

static void measure_calls(struct fs_job *job)
{
	for (int pass = 0; pass < PASSES; pass++) {
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
	double pass_ns[PASSES];

	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t start = fs_now();

		for (int i = 0; i < CALLS; i++) {
			uint64_t before = fs_now();

			fs_histogram_add(h, fs_now() - before);
		}
		pass_ns[pass] = (double)(fs_now() - start) / CALLS;
	}
	return floor_median(pass_ns, PASSES);
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

/* In pieces of so many bytes; fills in GB/s of each pass. */
static void memcpy_passes(struct area *to, const struct area *from, size_t piece, double rate[PASSES])
{
	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t start = fs_now();

		for (size_t at = 0; at < from->bytes; at += piece)
			memcpy(to->p + at, from->p + at, at + piece < from->bytes ? piece : from->bytes - at);
		rate[pass] = (double)from->bytes / (double)(fs_now() - start);
	}
}

static void measure_memcpy(struct fs_job *job, struct area *to, const struct area *from)
{
	const size_t pieces[] = {CHUNK / 32, CHUNK, from->bytes};
	double best[PASSES], rate[PASSES], sorted[PASSES], best_median = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(pieces); i++) {
		memcpy_passes(to, from, pieces[i], rate);
		memcpy(sorted, rate, sizeof(sorted));
		if (floor_median(sorted, PASSES) <= best_median)
			continue;
		memcpy(best, rate, sizeof(best));
		best_median = floor_median(sorted, PASSES);
	}
	for (int pass = 0; pass < PASSES; pass++)
		fs_sample(job, "memcpy", best[pass]);
}

/* Every page once, in an order that runs through both buffers at random. */
static void measure_memcpy_4k(struct fs_job *job, struct area *to, const struct area *from, size_t page)
{
	unsigned bits = 63 - (unsigned)__builtin_clzll(from->bytes / page);
	ulong pages = 1ul << bits, part = pages / PASSES, key = fs_seed(job);

	for (ulong pass = 0; pass < PASSES; pass++) {
		uint64_t start = fs_now();

		for (ulong i = pass * part; i < (pass + 1) * part; i++) {
			ulong offset = order_at(i, bits, key) * page;

			memcpy(to->p + offset, from->p + offset, page);
		}
		fs_sample(job, "memcpy_4k", (double)(fs_now() - start) / (double)part);
	}
}

/* ---- reading */

/* A line, which a compiler turns into the widest registers that it may use. */
typedef ulong line __attribute__((vector_size(64), aligned(64)));
#define AHEAD 4 /* sums that do not wait for each other */

static ulong read_words(const ulong *words, size_t n)
{
	const line *lines = (const line *)words;
	line sums[AHEAD] = {0};
	ulong sum = 0;
	size_t i = 0;

	for (; i + AHEAD <= n * sizeof(*words) / sizeof(*lines); i += AHEAD) {
		for (int k = 0; k < AHEAD; k++)
			sums[k] += lines[i + (size_t)k];
	}
	for (int k = 0; k < AHEAD; k++) {
		for (size_t w = 0; w < sizeof(line) / sizeof(ulong); w++)
			sum += sums[k][w];
	}
	for (i *= sizeof(line) / sizeof(ulong); i < n; i++)
		sum += words[i];
	return sum;
}

struct reader {
	pthread_t thread;
	pthread_barrier_t *gate; /* before and after each pass; NULL where there is one reader only */
	const ulong *words;
	size_t n;
	ulong sum;
};

static void gate_pass(const struct reader *reader)
{
	if (reader->gate != NULL)
		pthread_barrier_wait(reader->gate);
}

/* The first reader is the thread that takes the time. */
static void *reader_run(void *arg)
{
	struct reader *reader = arg;

	for (int pass = 0; pass < PASSES; pass++) {
		gate_pass(reader);
		reader->sum = read_words(reader->words, reader->n);
		gate_pass(reader);
	}
	return NULL;
}

static int check_sum(struct fs_job *job, const struct reader *readers, unsigned n, ulong expected)
{
	ulong sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += readers[i].sum;
	return sum == expected ? 0 : fs_wrong(job, "stream_read: the sum is %lx, not %lx", sum, expected);
}

static int measure_passes(struct fs_job *job, struct reader *readers, unsigned n, const struct area *area, ulong expected)
{
	int err = 0;

	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t start;

		gate_pass(&readers[0]);
		start = fs_now();
		readers[0].sum = read_words(readers[0].words, readers[0].n);
		gate_pass(&readers[0]);
		fs_sample(job, "stream_read", (double)area->bytes / (double)(fs_now() - start));
		if (err == 0)
			err = check_sum(job, readers, n, expected);
	}
	return err;
}

static int measure_read(struct fs_job *job, const struct area *area, uint64_t seed)
{
	struct reader readers[READERS] = {0};
	unsigned n = fs_is(job, "initiator", "device") ? (unsigned)fs_count(job, "workers") : 1, started = 1;
	size_t words = area->bytes / sizeof(ulong), part = words / n / 8 * 8;
	pthread_barrier_t gate;
	ulong expected = 0;
	int err = 0;

	for (size_t i = 0; i < words; i++)
		expected += i ^ seed;
	pthread_barrier_init(&gate, NULL, n);
	for (unsigned i = 0; i < n; i++)
		readers[i] = (struct reader){
			.gate = n > 1 ? &gate : NULL, .words = (const ulong *)area->p + i * part, .n = i + 1 < n ? part : words - i * part};
	while (started < n && err == 0) {
		err = -pthread_create(&readers[started].thread, NULL, reader_run, &readers[started]);
		started += err == 0;
	}
	/* The threads that did start would wait for the others for ever: the round ends with them still waiting. */
	if (err < 0)
		return fs_error(job, err, "cannot start %u threads", n);
	err = measure_passes(job, readers, n, area, expected);
	for (unsigned i = 1; i < n; i++)
		pthread_join(readers[i].thread, NULL);
	pthread_barrier_destroy(&gate);
	return err;
}

/* ---- the whole */

#define GRANULE_MAX (1ul << 20)

static int measure_copies(struct fs_job *job, struct area *to, const struct area *from)
{
	measure_memcpy(job, to, from);
	if (memcmp(to->p, from->p, from->bytes) != 0)
		return fs_wrong(job, "memcpy: the copy differs");
	measure_memcpy_4k(job, to, from, page_bytes());
	return 0;
}

static int measure_memory(struct fs_job *job)
{
	struct area from = {0}, to = {0};
	size_t bytes = buffer_bytes(fs_args(job));
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
	err = measure_copies(job, &to, &from);
	if (err == 0)
		err = measure_read(job, &to, seed);
out:
	area_unmap(&to);
	area_unmap(&from);
	return err;
}

static int run(struct fs_job *job)
{
	size_t granule = fs_size(job, "granule");
	double noted_ns = note_ns(job);
	int err;

	if (granule < page_bytes() || order_bits(granule) == 64)
		return fs_skip(
			job, "a power of two", "a granule of %zu bytes is no power of two of at least a base page's %zu", granule, page_bytes());
	measure_calls(job);
	err = measure_memory(job);
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

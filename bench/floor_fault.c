/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor_fault.c - what a fault costs that another process serves with nothing else to do; see floor.c.
 *
 * Two memories in the page cache, as a device and its host have them. The parent touches its view of one, which is registered with userfaultfd for
 * minor faults. The child sleeps in read, and serves a fault in one of two ways: raw, it answers UFFDIO_CONTINUE; moving, it first drops its
 * own view of the granule in the other memory and copies it. That is all that moving a granule takes; a driver that is safe with several threads
 * also has locks, counts and an owner for each granule.
 *
 * Two things any such driver has, and so has the child, as the kernel takes slower ways with them. Its own view is registered, too: what was dropped
 * must fault when it is touched on this side (dropping from a registered range takes the lock of all mappings, not of one). And it is not the only
 * thread of its process: the thread that computes there also waits for faults (a file that threads share is counted at each system call).
 */
#include "config.h"

#include "bench/floor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAULTS	    256ul	 /* of a pass, where granules are small */
#define FAULT_BYTES (16ul << 20) /* of a memory, where they are large */

enum way { RAW, MOVING, WAYS };

/* What parent and child share. */
struct orders {
	uint64_t served; /* faults, by the child */
	uint32_t way, prepared;
};

struct raw {
	int memory[FS_SIDES], uffd; /* the parent touches the device's memory, the child has the host's */
	size_t granule, bytes;
	ulong granules;
	int server_uffd; /* of the server's own view, where nothing faults */
	unsigned char *alias[FS_SIDES], *view[FS_SIDES];
	struct orders *orders;
	pid_t server;
	cpu_set_t allowed; /* what this process had */
};

/* ---- memories */

static unsigned char *map_memory(const struct raw *raw, enum fs_side side)
{
	return mmap(NULL, raw->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, raw->memory[side], 0);
}

static int raw_map(struct raw *raw)
{
	for (int side = 0; side < FS_SIDES; side++) {
		raw->memory[side] = memfd_create("fivestep-floor", MFD_CLOEXEC);
		if (raw->memory[side] < 0 || ftruncate(raw->memory[side], (off_t)raw->bytes) != 0)
			return -errno;
		raw->alias[side] = map_memory(raw, side);
		raw->view[side] = map_memory(raw, side);
		if (raw->alias[side] == MAP_FAILED || raw->view[side] == MAP_FAILED)
			return -ENOMEM;
		/* What is in the page cache faults as `minor`; what is not would be allocated without an event. */
		memset(raw->alias[side], 0, raw->bytes);
	}
	raw->orders = mmap(NULL, sizeof(*raw->orders), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return raw->orders == MAP_FAILED ? -ENOMEM : 0;
}

/* A descriptor for the faults of this process's view of that memory, or -errno. */
static int view_register(const struct raw *raw, enum fs_side side)
{
	struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_MINOR_SHMEM};
	struct uffdio_register range = {.range = {(uintptr_t)raw->view[side], raw->bytes}, .mode = UFFDIO_REGISTER_MODE_MINOR};
	int uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY), err;

	if (uffd >= 0 && ioctl(uffd, UFFDIO_API, &api) == 0 && ioctl(uffd, UFFDIO_REGISTER, &range) == 0)
		return uffd;
	err = -errno;
	if (uffd >= 0)
		close(uffd);
	return err;
}

/* Maps the view that a move drops, granule by granule; where nothing is registered. */
static void touch_host(const struct raw *raw)
{
	for (size_t at = 0; at < raw->bytes; at += page_bytes())
		(void)*(volatile unsigned char *)(raw->view[FS_HOST] + at);
}

/* Each word says where it is from, and in which pass. */
static ulong word_of(ulong granule, ulong pass)
{
	return order_word(granule, pass);
}

static void write_words(const struct raw *raw, enum fs_side side, ulong pass)
{
	for (ulong i = 0; i < raw->granules; i++)
		*(ulong *)(raw->alias[side] + i * raw->granule) = word_of(i, pass);
}

/* ---- serving */

/* The same in the server, whose view is registered: there a touch would wait for a driver. The last pass left nothing mapped. */
static int map_host(const struct raw *raw)
{
	struct uffdio_continue all = {.range = {(uintptr_t)raw->view[FS_HOST], raw->bytes}};

	return ioctl(raw->server_uffd, UFFDIO_CONTINUE, &all) == 0 ? 0 : -errno;
}

static int give(const struct raw *raw, size_t offset)
{
	struct uffdio_continue answer = {.range = {(uintptr_t)raw->view[FS_DEVICE] + offset, raw->granule}};

	return ioctl(raw->uffd, UFFDIO_CONTINUE, &answer) == 0 || errno == EEXIST ? 0 : -errno;
}

static int move(const struct raw *raw, size_t offset)
{
	if (madvise(raw->view[FS_HOST] + offset, raw->granule, MADV_DONTNEED) != 0)
		return -errno;
	memcpy(raw->alias[FS_DEVICE] + offset, raw->alias[FS_HOST] + offset, raw->granule);
	return give(raw, offset);
}

/* The child: one sleep in read and one answer a fault, until it is killed. The first fault of a pass finds the view that it drops unmapped. */
static void serve(const struct raw *raw)
{
	struct uffd_msg event;
	int err = 0;

	while (err == 0 && read(raw->uffd, &event, sizeof(event)) == (ssize_t)sizeof(event)) {
		size_t offset = (event.arg.pagefault.address - (uintptr_t)raw->view[FS_DEVICE]) / raw->granule * raw->granule;

		if (__atomic_load_n(&raw->orders->prepared, __ATOMIC_ACQUIRE) == 0) {
			err = map_host(raw);
			__atomic_store_n(&raw->orders->prepared, 1, __ATOMIC_RELEASE);
		}
		__atomic_fetch_add(&raw->orders->served, 1, __ATOMIC_RELAXED);
		if (err == 0)
			err = raw->orders->way == MOVING ? move(raw, offset) : give(raw, offset);
	}
}

static void *sleep_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static int server_prepare(struct raw *raw)
{
	pthread_t thread;

	/* The first use of the copy's mappings is not timed. */
	for (size_t at = 0; at < raw->bytes; at += page_bytes()) {
		(void)*(volatile unsigned char *)(raw->alias[FS_HOST] + at);
		(void)*(volatile unsigned char *)(raw->alias[FS_DEVICE] + at);
	}
	/* Whatever the fork copied. */
	if (madvise(raw->view[FS_HOST], raw->bytes, MADV_DONTNEED) != 0)
		return -errno;
	raw->server_uffd = view_register(raw, FS_HOST);
	return raw->server_uffd < 0 ? raw->server_uffd : -pthread_create(&thread, NULL, sleep_on, NULL);
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
		if (server_prepare(raw) == 0)
			serve(raw);
		_exit(0);
	}
	close(raw->uffd);
	raw->uffd = -1;
	return 0;
}

/* ---- measuring */

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

/* One pass over all granules in random order; every touch by itself. */
static int raw_pass(struct fs_job *job, struct raw *raw, enum way way, ulong pass, double *touch_ns)
{
	unsigned bits = order_bits(raw->granules);

	/* What a raw fault finds is there already, what a moving one finds comes from the other memory. */
	write_words(raw, FS_HOST, pass);
	write_words(raw, FS_DEVICE, way == RAW ? pass : ~pass);
	raw->orders->way = way;
	__atomic_store_n(&raw->orders->prepared, way == RAW, __ATOMIC_RELEASE);
	for (ulong i = 0; i < raw->granules; i++) {
		ulong at = order_at(i, bits, fs_seed(job) + pass), got;
		volatile ulong *word = (volatile ulong *)(raw->view[FS_DEVICE] + at * raw->granule);
		uint64_t start = fs_now();

		got = *word;
		touch_ns[i] = (double)(fs_now() - start);
		if (got != word_of(at, pass))
			return fs_wrong(job, "raw_fault: page %lu holds %lx, not %lx", at, got, word_of(at, pass));
	}
	/* Unmapped again; the pages stay in the page cache. */
	return madvise(raw->view[FS_DEVICE], raw->bytes, MADV_DONTNEED) == 0 ? 0 : -errno;
}

/* Fills in the median of each pass; the median of those, or negative. what: of the evidence that every touch was a fault. */
static double raw_measure(struct fs_job *job, struct raw *raw, enum way way, const char *what, double pass_ns[FLOOR_PASSES])
{
	static double touch_ns[FAULTS];
	double sorted[FLOOR_PASSES];
	uint64_t before = __atomic_load_n(&raw->orders->served, __ATOMIC_RELAXED), served;

	for (ulong pass = 0; pass < FLOOR_PASSES; pass++) {
		int err = raw_pass(job, raw, way, pass, touch_ns);

		if (err < 0)
			return err;
		pass_ns[pass] = floor_median(touch_ns, raw->granules);
	}
	served = __atomic_load_n(&raw->orders->served, __ATOMIC_RELAXED) - before;
	if (!fs_expect(job, what, (double)served, FS_EQ, (double)(FLOOR_PASSES * raw->granules)))
		return -EBADMSG;
	memcpy(sorted, pass_ns, sizeof(sorted));
	return floor_median(sorted, FLOOR_PASSES);
}

static void give_samples(struct fs_job *job, const char *metric, const double *pass_ns)
{
	for (int pass = 0; pass < FLOOR_PASSES; pass++)
		fs_sample(job, metric, pass_ns[pass]);
}

/* Both processes on these CPUs; keeps the passes of the least moving fault so far. The median of the raw one, or negative. */
static double measure_on(struct fs_job *job, struct raw *raw, const int cpu[2], const char *metric, double least_ns[FLOOR_PASSES])
{
	double pass_ns[FLOOR_PASSES], raw_ns, moving_ns, sorted[FLOOR_PASSES];
	int err = hold_on(0, cpu[0]);

	if (err == 0)
		err = hold_on(raw->server, cpu[1]);
	if (err < 0)
		return err;
	raw_ns = raw_measure(job, raw, RAW, metric, pass_ns);
	if (raw_ns < 0)
		return raw_ns;
	give_samples(job, metric, pass_ns);
	moving_ns = raw_measure(job, raw, MOVING, "fault", pass_ns);
	if (moving_ns < 0)
		return moving_ns;
	memcpy(sorted, least_ns, sizeof(sorted));
	if (least_ns[0] == 0 || moving_ns < floor_median(sorted, FLOOR_PASSES))
		memcpy(least_ns, pass_ns, sizeof(pass_ns));
	return raw_ns;
}

static int measure_both(struct fs_job *job, struct raw *raw, double noted_ns)
{
	double least_ns[FLOOR_PASSES] = {0}, raw_ns, two_ns = 0;
	int cpu[2], one[2];

	cpus_find(&raw->allowed, cpu);
	one[0] = one[1] = cpu[0];
	raw_ns = measure_on(job, raw, one, "raw_fault", least_ns);
	if (raw_ns >= 0 && cpu[1] != cpu[0])
		two_ns = measure_on(job, raw, cpu, "raw_fault_two", least_ns);
	if (raw_ns < 0 || two_ns < 0)
		return (int)(raw_ns < 0 ? raw_ns : two_ns);
	give_samples(job, "fault", least_ns);
	fs_sample(job, "harness_cost", 100 * noted_ns / raw_ns);
	return 0;
}

/* Moving without a fault and a wake-up: drop, copy, continue, one after the other in this process, which has both views before the fork. */
static int measure_move(struct fs_job *job, struct raw *raw)
{
	unsigned bits = order_bits(raw->granules);
	int err = 0;

	for (ulong pass = 0; pass < FLOOR_PASSES && err == 0; pass++) {
		uint64_t start;

		write_words(raw, FS_HOST, pass);
		touch_host(raw);
		start = fs_now();
		for (ulong i = 0; i < raw->granules && err == 0; i++)
			err = move(raw, order_at(i, bits, fs_seed(job) + pass) * raw->granule);
		if (err == 0)
			fs_sample(job, "move", (double)(fs_now() - start) / (double)raw->granules);
		for (ulong i = 0; i < raw->granules && err == 0; i++) {
			ulong got = *(volatile ulong *)(raw->view[FS_DEVICE] + i * raw->granule);

			if (got != word_of(i, pass))
				err = fs_wrong(job, "move: page %lu holds %lx, not %lx", i, got, word_of(i, pass));
		}
		if (err == 0 && madvise(raw->view[FS_DEVICE], raw->bytes, MADV_DONTNEED) != 0)
			err = -errno;
	}
	return err;
}

/* ---- the whole */

static void raw_close(struct raw *raw)
{
	sched_setaffinity(0, sizeof(raw->allowed), &raw->allowed);
	if (raw->server > 0) {
		kill(raw->server, SIGKILL);
		waitpid(raw->server, NULL, 0);
	}
	if (raw->uffd >= 0)
		close(raw->uffd);
	for (int side = 0; side < FS_SIDES; side++) {
		if (raw->view[side] != MAP_FAILED)
			munmap(raw->view[side], raw->bytes);
		if (raw->alias[side] != MAP_FAILED)
			munmap(raw->alias[side], raw->bytes);
		if (raw->memory[side] >= 0)
			close(raw->memory[side]);
	}
	if (raw->orders != MAP_FAILED)
		munmap(raw->orders, sizeof(*raw->orders));
}

int floor_faults(struct fs_job *job, size_t granule, double noted_ns)
{
	struct raw raw = {.memory = {-1, -1},
		.uffd = -1,
		.granule = granule,
		.granules = granule * FAULTS > FAULT_BYTES ? FAULT_BYTES / granule : FAULTS,
		.alias = {MAP_FAILED, MAP_FAILED},
		.view = {MAP_FAILED, MAP_FAILED},
		.orders = MAP_FAILED};
	int err;

	/* Some touches, however large what each moves: a median of one is none. */
	if (raw.granules < 8)
		raw.granules = 8;
	raw.bytes = raw.granules * granule;
	err = sched_getaffinity(0, sizeof(raw.allowed), &raw.allowed) == 0 ? raw_map(&raw) : -errno;
	if (err < 0) {
		fs_error(job, err, "no memory, or no CPU mask, for two memories of %zu bytes", raw.bytes);
		goto out;
	}
	/* Not allowed here, or too old a kernel: these metrics are absent, the others stand. */
	raw.uffd = view_register(&raw, FS_DEVICE);
	if (raw.uffd < 0)
		goto out;
	err = measure_move(job, &raw);
	if (err == 0)
		err = raw_serve(&raw);
	if (err == 0)
		err = measure_both(job, &raw, noted_ns);
out:
	raw_close(&raw);
	return err;
}

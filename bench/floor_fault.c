/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor_fault.c - what a fault costs that another process serves with nothing else to do (floor_server.c), and what moving a granule takes without
 * one; see floor.c.
 */
#include "config.h"

#include "bench/floor.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/cpus.h"
#include "bench/floor_server.h"

#define FAULTS	     256ul	  /* of a pass, where granules are small */
#define FAULT_BYTES  (16ul << 20) /* of a memory, where they are large */
#define FAULTS_LEAST 8ul

/* Where the two processes run: the first and the last CPU that is allowed; the same one where there is one only. */
static void cpus_find(const struct bitmask *allowed, unsigned cpu[2])
{
	bool is_found = false;

	cpu[0] = cpu[1] = 0;
	for (unsigned i = 0; i < allowed->size; i++) {
		if (!numa_bitmask_isbitset(allowed, i))
			continue;
		cpu[0] = is_found ? cpu[0] : i;
		cpu[1] = i;
		is_found = true;
	}
}

/* One pass over all granules in random order; every touch by itself. */
static int touch_pass(struct fs_job *job, struct floor_server *server, enum floor_way way, ulong pass, double *touch_ns)
{
	unsigned bits = order_bits(server->granules);

	/* What a raw fault finds is there already, what a moving one finds comes from the other memory. */
	floor_server_fill(server, FS_HOST, pass);
	floor_server_fill(server, FS_DEVICE, way == FLOOR_RAW ? pass : ~pass);
	server->orders->way = way;
	__atomic_store_n(&server->orders->prepared, way == FLOOR_RAW, __ATOMIC_RELEASE);
	for (ulong i = 0; i < server->granules; i++) {
		ulong at = order_at(i, bits, fs_seed(job) + pass), got;
		volatile ulong *word = (volatile ulong *)(server->view[FS_DEVICE] + at * server->granule);
		uint64_t start = fs_now();

		got = *word;
		touch_ns[i] = (double)(fs_now() - start);
		if (got != order_word(at, pass))
			return fs_wrong(job, "raw_fault: page %lu holds %lx, not %lx", at, got, order_word(at, pass));
	}
	/* Unmapped again; the pages stay in the page cache. */
	return madvise(server->view[FS_DEVICE], server->bytes, MADV_DONTNEED) == 0 ? 0 : -errno;
}

/* Fills in the median of each pass; the median of those, or negative. what: of the evidence that every touch was a fault. */
static double measure_way(struct fs_job *job, struct floor_server *server, enum floor_way way, const char *what, double pass_ns[FLOOR_PASSES])
{
	static double touch_ns[FAULTS];
	double sorted[FLOOR_PASSES];
	uint64_t before = __atomic_load_n(&server->orders->served, __ATOMIC_RELAXED), served;

	for (ulong pass = 0; pass < FLOOR_PASSES; pass++) {
		int err = touch_pass(job, server, way, pass, touch_ns);

		if (err < 0)
			return err;
		pass_ns[pass] = repeat_median(touch_ns, server->granules);
	}
	served = __atomic_load_n(&server->orders->served, __ATOMIC_RELAXED) - before;
	if (!fs_expect(job, what, (double)served, FS_EQ, (double)(FLOOR_PASSES * server->granules)))
		return -EBADMSG;
	memcpy(sorted, pass_ns, sizeof(sorted));
	return repeat_median(sorted, FLOOR_PASSES);
}

static void give_samples(struct fs_job *job, const char *metric, const double *pass_ns)
{
	for (int pass = 0; pass < FLOOR_PASSES; pass++)
		fs_sample(job, metric, pass_ns[pass]);
}

/* Both processes on these CPUs; keeps the passes of the least moving fault so far. The median of the raw one, or negative. */
static double measure_on(struct fs_job *job, struct floor_server *server, const unsigned cpu[2], const char *metric, double least_ns[FLOOR_PASSES])
{
	double pass_ns[FLOOR_PASSES], raw_ns, moving_ns, sorted[FLOOR_PASSES];
	int err = cpus_stay(0, cpu[0]);

	if (err == 0)
		err = cpus_stay(server->pid, cpu[1]);
	if (err < 0)
		return err;
	raw_ns = measure_way(job, server, FLOOR_RAW, metric, pass_ns);
	if (raw_ns < 0)
		return raw_ns;
	give_samples(job, metric, pass_ns);
	moving_ns = measure_way(job, server, FLOOR_MOVING, "fault", pass_ns);
	if (moving_ns < 0)
		return moving_ns;
	memcpy(sorted, least_ns, sizeof(sorted));
	if (least_ns[0] == 0 || moving_ns < repeat_median(sorted, FLOOR_PASSES))
		memcpy(least_ns, pass_ns, sizeof(pass_ns));
	return raw_ns;
}

static int measure_both(struct fs_job *job, struct floor_server *server, double noted_ns)
{
	double least_ns[FLOOR_PASSES] = {0}, raw_ns, two_ns = 0;
	unsigned cpu[2], one[2];

	cpus_find(server->allowed, cpu);
	one[0] = one[1] = cpu[0];
	raw_ns = measure_on(job, server, one, "raw_fault", least_ns);
	if (raw_ns >= 0 && cpu[1] != cpu[0])
		two_ns = measure_on(job, server, cpu, "raw_fault_two", least_ns);
	if (raw_ns < 0 || two_ns < 0)
		return (int)(raw_ns < 0 ? raw_ns : two_ns);
	give_samples(job, "fault", least_ns);
	fs_sample(job, "harness_cost", 100 * noted_ns / raw_ns);
	return 0;
}

/* Moving without a fault and a wake-up: drop, copy, continue, one after the other in this process, which has both views before the fork. */
static int measure_move(struct fs_job *job, struct floor_server *server)
{
	unsigned bits = order_bits(server->granules);
	int err = 0;

	for (ulong pass = 0; pass < FLOOR_PASSES && err == 0; pass++) {
		uint64_t start;

		floor_server_fill(server, FS_HOST, pass);
		floor_server_touch(server);
		start = fs_now();
		for (ulong i = 0; i < server->granules && err == 0; i++)
			err = floor_server_move(server, order_at(i, bits, fs_seed(job) + pass) * server->granule);
		if (err == 0)
			fs_sample(job, "move", (double)(fs_now() - start) / (double)server->granules);
		for (ulong i = 0; i < server->granules && err == 0; i++) {
			ulong got = *(volatile ulong *)(server->view[FS_DEVICE] + i * server->granule);

			if (got != order_word(i, pass))
				err = fs_wrong(job, "move: page %lu holds %lx, not %lx", i, got, order_word(i, pass));
		}
		if (err == 0 && madvise(server->view[FS_DEVICE], server->bytes, MADV_DONTNEED) != 0)
			err = -errno;
	}
	return err;
}

int floor_faults(struct fs_job *job, size_t granule, double noted_ns)
{
	struct floor_server server;
	ulong granules = granule * FAULTS > FAULT_BYTES ? FAULT_BYTES / granule : FAULTS;
	/* Some touches, however large what each moves: a median of one is none. */
	int err = floor_server_open(&server, granule, granules < FAULTS_LEAST ? FAULTS_LEAST : granules);

	if (err < 0) {
		fs_error(job, err, "no memory, or no CPU mask, for two memories of %zu bytes", server.bytes);
		goto out;
	}
	/* Not allowed here, or too old a kernel: these metrics are absent, the others stand. */
	server.uffd = floor_server_register(&server, FS_DEVICE);
	if (server.uffd < 0)
		goto out;
	err = measure_move(job, &server);
	if (err == 0)
		err = floor_server_start(&server);
	if (err == 0)
		err = measure_both(job, &server, noted_ns);
out:
	floor_server_close(&server);
	return err;
}

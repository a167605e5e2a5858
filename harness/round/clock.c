/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clock.c - the clocks of a round: fs_now(), and the one that stands still for what a device does that nobody asked for.
 */
#include "config.h"

#include "harness/round/job.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/*
 * Where the guest counts instructions, its time-stamp counter is the instructions executed so far, exactly; the
 * kernel's clock would be a calibrated multiple of it.
 */
bool fs_counts_instructions(void)
{
	static _Atomic int known = -1; /* several threads may find it out, and find the same */
	int counts = atomic_load_explicit(&known, memory_order_relaxed);

	if (counts < 0) {
		const char *clock = getenv("FIVESTEP_CLOCK");

		counts = clock != NULL && clock_counts_instructions(clock);
		atomic_store_explicit(&known, counts, memory_order_relaxed);
	}
	return counts == 1;
}

static uint64_t clock_read(void)
{
	struct timespec t;

#if defined(__x86_64__)
	if (fs_counts_instructions())
		return __builtin_ia32_rdtsc();
#endif
	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Of the thread that runs the benchmark: the threads of a device time themselves, too, inside of what is timed here. */
static _Thread_local uint64_t inject_ns;

void job_inject(uint64_t ns)
{
	inject_ns = ns;
}

uint64_t fs_now(void)
{
	uint64_t now = clock_read(), until = now + inject_ns;

	/* Waited before each reading, so that what lies between two readings has grown by one wait. */
	while (now < until)
		now = clock_read();
	return __builtin_expect(lie_has_clock, 0) ? lie_of_clock(now) : now;
}

uint64_t fs_device_clock(const struct fs_job *job)
{
	const struct fs_device *device = job->cell->device;
	uint64_t excluded_ns = device != NULL && device->excluded_ns != NULL && job->device != NULL ? device->excluded_ns(job->device) : 0;

	return fs_now() - excluded_ns - job->excluded_ns;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clock.c - the clocks of a round: fs_now(), and the one that stops while a device does work that is to be excluded.
 */
#include "config.h"

#include "harness/round/job.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/*
 * Under the instruction clock, the guest's time-stamp counter is exactly the number of instructions executed so far, as is arm64's counter, for which
 * the guest has 10^9 Hz; the kernel's clock would be a calibrated multiple of it.
 */
bool fs_counts_instructions(void)
{
	static _Atomic int known = -1; /* several threads may determine it, with the same result */
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
#elif defined(__aarch64__)
	if (fs_counts_instructions()) {
		uint64_t ticks;

		__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks)::"memory");
		return ticks;
	}
#endif
	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Only of the benchmark's thread: the threads of a device take times too, inside those taken here. */
static _Thread_local uint64_t inject_ns;

void job_inject(uint64_t ns)
{
	inject_ns = ns;
}

uint64_t job_part_clock(void)
{
	return clock_read();
}

uint64_t fs_now(void)
{
	uint64_t now = clock_read(), until = now + inject_ns;

	/* Waits before each reading, so that the interval between two readings grows by one wait. */
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

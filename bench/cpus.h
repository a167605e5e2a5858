/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cpus.h - the CPUs that this process may run on, and staying on one of them. libnuma's masks are as large as the kernel's, however many CPUs there
 * are; cpu_set_t ends at 1024.
 */
#ifndef FIVESTEP_BENCH_CPUS_H
#define FIVESTEP_BENCH_CPUS_H

#include <errno.h>
#include <numa.h>
#include <sys/types.h>

/* To be freed with numa_bitmask_free(); NULL with errno set. */
static inline struct bitmask *cpus_allowed(void)
{
	struct bitmask *allowed = numa_allocate_cpumask();

	if (numa_sched_getaffinity(0, allowed) >= 0)
		return allowed;
	numa_bitmask_free(allowed);
	return NULL;
}

/* This thread runs on those again, which are freed; NULL is fine. */
static inline void cpus_restore(struct bitmask *allowed)
{
	if (allowed == NULL)
		return;
	numa_sched_setaffinity(0, allowed);
	numa_bitmask_free(allowed);
}

/* How many they are; 1 where the kernel does not say. */
static inline unsigned long cpus_count(void)
{
	struct bitmask *allowed = cpus_allowed();
	unsigned n = allowed != NULL ? numa_bitmask_weight(allowed) : 0;

	if (allowed != NULL)
		numa_bitmask_free(allowed);
	return n > 0 ? n : 1;
}

/* That process, or this thread (0), runs on that CPU only. 0 or -errno. */
static inline int cpus_stay(pid_t pid, unsigned cpu)
{
	struct bitmask *one = numa_bitmask_setbit(numa_allocate_cpumask(), cpu);
	int err = numa_sched_setaffinity(pid, one) < 0 ? -errno : 0;

	numa_bitmask_free(one);
	return err;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * limits.h - what no machine can do: a bandwidth that comes from the difference of two times can be anything, and one above this is a fault of the
 * measurement.
 */
#ifndef FIVESTEP_BENCH_LIMITS_H
#define FIVESTEP_BENCH_LIMITS_H

#include <unistd.h>

#include "harness/fivestep.h"

FS_BODY_DECLARE(access_bandwidth);

#define LIMIT_WORDS   1024ul /* that fit into an innermost cache */
#define LIMIT_TIMES   100ul
#define LIMIT_PASSES  5
#define LIMIT_SURELY  4.0
#define LIMIT_OF_CPU  1280.0 /* GB/s: two lines of 64 bytes a cycle at 10 GHz */
#define LIMIT_OF_MORE 1e6    /* GB/s, of a device that is none of these CPUs: a petabyte a second */

/* GB/s: four times what all CPUs together read from their innermost caches, and at most what two lines a cycle would be. */
static inline double limit_of_bandwidth(struct fs_job *job, enum fs_side initiator)
{
	static ulong cached[LIMIT_WORDS];
	struct fs_body_args args = {.u = {0, LIMIT_TIMES}};
	double cpus = (double)sysconf(_SC_NPROCESSORS_ONLN), best = 0;
	ulong sum = 0;

	if (initiator == FS_DEVICE && !fs_emulated(job))
		return LIMIT_OF_MORE;
	for (int pass = 0; pass < LIMIT_PASSES; pass++) {
		uint64_t start = fs_now(), took_ns;
		double rate;

		access_bandwidth_body((uchar *)cached, &sum, args, 0, LIMIT_WORDS, 1);
		took_ns = fs_now() - start;
		rate = (double)(LIMIT_TIMES * sizeof(cached)) / (double)(took_ns != 0 ? took_ns : 1);
		best = rate > best ? rate : best;
	}
	return cpus * (LIMIT_SURELY * best < LIMIT_OF_CPU ? LIMIT_SURELY * best : LIMIT_OF_CPU);
}

#endif

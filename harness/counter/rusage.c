/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rusage - what the kernel accounts to the round's process: faults and context switches. All of its threads, those of a device
 * in it as well; not the process of an emulated device, whose faults are that device's own counts.
 */
#include "config.h"

#include <stddef.h>
#include <sys/resource.h>

#include "harness/fivestep.h"

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	(void)machine;
	(void)why;
	return 0;
}

static int open_rusage(struct fs_job *job, void **source)
{
	(void)job;
	*source = NULL;
	return 0;
}

static int read_rusage(void *source, struct fs_reading *readings)
{
	struct rusage usage;

	(void)source;
	getrusage(RUSAGE_SELF, &usage);
	readings[0] = (struct fs_reading){.name = "minflt", .unit = "faults", .present = true, .value = (uint64_t)usage.ru_minflt};
	readings[1] = (struct fs_reading){.name = "majflt", .unit = "faults", .present = true, .value = (uint64_t)usage.ru_majflt};
	readings[2] = (struct fs_reading){.name = "nvcsw", .unit = "switches", .present = true, .value = (uint64_t)usage.ru_nvcsw};
	readings[3] = (struct fs_reading){.name = "nivcsw", .unit = "switches", .present = true, .value = (uint64_t)usage.ru_nivcsw};
	return 4;
}

static void close_rusage(void *source)
{
	(void)source;
}

const struct fs_counter counter_rusage = {
	.name = "rusage",
	.summary = "faults and context switches of the round's process, all of its threads",
	.probe = probe,
	.open = open_rusage,
	.read = read_rusage,
	.close = close_rusage,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rusage - page faults and context switches of the round's process, with all of its threads, including those of a device; not of the emulated
 * device's process, whose faults are that device's own counts.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "harness/fivestep.h"

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	(void)machine;
	(void)why;
	return 0;
}

enum { MINFLT, MAJFLT, NVCSW, NIVCSW, EVENTS };

static const struct fs_event events[] = {
	[MINFLT] = {"minflt", "faults", "minor page faults (no I/O)", true},
	[MAJFLT] = {"majflt", "faults", "major page faults (waited for I/O)", true},
	[NVCSW] = {"nvcsw", "switches", "voluntary context switches", true},
	[NIVCSW] = {"nivcsw", "switches", "involuntary context switches", true},
	[EVENTS] = {0},
};

struct rusage_source {
	unsigned n;
	uint8_t event[FS_EVENTS];
};

static int open_rusage(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	struct rusage_source *r = calloc(1, sizeof(*r));

	(void)machine;
	(void)why;
	(void)opened;
	if (r == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++) {
		while (r->event[i] < EVENTS && strcmp(events[r->event[i]].name, names[i]) != 0)
			r->event[i]++;
	}
	r->n = n;
	*source = r;
	return 0;
}

static int read_rusage(void *source, struct fs_reading *readings)
{
	const struct rusage_source *r = source;
	struct rusage usage;
	long values[EVENTS];

	getrusage(RUSAGE_SELF, &usage);
	values[MINFLT] = usage.ru_minflt;
	values[MAJFLT] = usage.ru_majflt;
	values[NVCSW] = usage.ru_nvcsw;
	values[NIVCSW] = usage.ru_nivcsw;
	for (unsigned i = 0; i < r->n; i++)
		readings[i].value = (uint64_t)values[r->event[i]];
	return 0;
}

static void close_rusage(void *source)
{
	free(source);
}

const struct fs_counter counter_rusage = {
	.name = "rusage",
	.summary = "page faults and context switches of the round's process, all threads",
	.events = events,
	.probe = probe,
	.open = open_rusage,
	.read = read_rusage,
	.close = close_rusage,
};

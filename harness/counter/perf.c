/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf - software events of the kernel's perf, for the round's process: its threads from the moment of opening on. The
 * emulated device's process and threads exist before and are not in them; what it does is in its own counts.
 */
#include "config.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/fivestep.h"
#include "harness/topology.h"

static const struct {
	const char *name, *unit;
	uint64_t config;
} events[] = {
	{"page-faults", "faults", PERF_COUNT_SW_PAGE_FAULTS},
	{"minor-faults", "faults", PERF_COUNT_SW_PAGE_FAULTS_MIN},
	{"major-faults", "faults", PERF_COUNT_SW_PAGE_FAULTS_MAJ},
	{"context-switches", "switches", PERF_COUNT_SW_CONTEXT_SWITCHES},
	{"cpu-migrations", "migrations", PERF_COUNT_SW_CPU_MIGRATIONS},
	{"task-clock", "ns", PERF_COUNT_SW_TASK_CLOCK},
};
#define EVENTS FS_ARRAY_SIZE(events)

struct perf {
	int fd[EVENTS]; /* -errno where it could not be had */
	bool user_only[EVENTS];
};

static int open_event(uint64_t config, bool user_only)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = config,
		.inherit = 1,
		.exclude_kernel = user_only,
		.exclude_hv = 1,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd >= 0 ? fd : -errno;
}

/* Where the kernel side may not be counted the user side still may: faults of user code are all that is wanted. */
static int open_permitted(uint64_t config, bool *user_only)
{
	int fd = open_event(config, false);

	*user_only = false;
	if (fd == -EACCES || fd == -EPERM) {
		fd = open_event(config, true);
		*user_only = fd >= 0;
	}
	return fd;
}

static void say_why(const struct fs_machine *machine, int err, char *text, size_t bytes, const char **remedy)
{
	long long paranoid = 0;

	machine_read_long(machine, "/proc/sys/kernel/perf_event_paranoid", &paranoid);
	*remedy = "a kernel with CONFIG_PERF_EVENTS";
	if (err == -EACCES || err == -EPERM) {
		*remedy = "sysctl kernel.perf_event_paranoid=2, CAP_PERFMON, or allow perf_event_open in the container's seccomp profile";
		snprintf(text, bytes, "perf_event_open is not permitted (kernel.perf_event_paranoid=%lld)", paranoid);
	} else {
		snprintf(text, bytes, "perf_event_open: %s", strerror(-err));
	}
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	bool user_only;
	int fd = open_permitted(events[0].config, &user_only);
	const char *remedy;
	char text[128];

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	say_why(machine, fd, text, sizeof(text), &remedy);
	return fs_because(why, fd, remedy, "%s", text);
}

static int open_perf(struct fs_job *job, void **source)
{
	struct perf *perf = calloc(1, sizeof(*perf));

	(void)job;
	if (perf == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < EVENTS; i++)
		perf->fd[i] = open_permitted(events[i].config, &perf->user_only[i]);
	*source = perf;
	return 0;
}

static void read_event(const struct perf *perf, size_t i, struct fs_reading *reading)
{
	struct {
		uint64_t value, enabled_ns, running_ns;
	} got;

	*reading = (struct fs_reading){.name = events[i].name, .unit = events[i].unit};
	if (perf->fd[i] < 0) {
		snprintf(reading->absent, sizeof(reading->absent), "perf_event_open: %s", strerror(-perf->fd[i]));
	} else if (read(perf->fd[i], &got, sizeof(got)) != (ssize_t)sizeof(got)) {
		snprintf(reading->absent, sizeof(reading->absent), "cannot be read: %s", strerror(errno));
	} else {
		reading->present = true;
		reading->value = got.value;
		reading->enabled_ns = got.enabled_ns;
		reading->running_ns = got.running_ns;
	}
}

static int read_perf(void *source, struct fs_reading *readings)
{
	for (size_t i = 0; i < EVENTS; i++)
		read_event(source, i, &readings[i]);
	return (int)EVENTS;
}

static void close_perf(void *source)
{
	struct perf *perf = source;

	for (size_t i = 0; i < EVENTS; i++) {
		if (perf->fd[i] >= 0)
			close(perf->fd[i]);
	}
	free(perf);
}

const struct fs_counter counter_perf = {
	.name = "perf",
	.summary = "software events of the round's process: faults, switches, time on CPU",
	.probe = probe,
	.open = open_perf,
	.read = read_perf,
	.close = close_perf,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf - software events of the kernel's perf, of the CPU side: the thread that opens them, and the threads and processes that it
 * starts from then on. The emulated device's process and threads exist before and are not in them; what it does is in its own counts.
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

/*
 * Who may not count in the kernel counts in user code alone, and the event is called as perf calls it then. Switches and migrations
 * happen in the kernel: of these that would count none, and call it zero. The clock counts all time either way.
 */
static const struct {
	const char *name, *user_name, *unit;
	uint64_t config;
} events[] = {
	{"page-faults", "page-faults:u", "faults", PERF_COUNT_SW_PAGE_FAULTS},
	{"minor-faults", "minor-faults:u", "faults", PERF_COUNT_SW_PAGE_FAULTS_MIN},
	{"major-faults", "major-faults:u", "faults", PERF_COUNT_SW_PAGE_FAULTS_MAJ},
	{"context-switches", NULL, "switches", PERF_COUNT_SW_CONTEXT_SWITCHES},
	{"cpu-migrations", NULL, "migrations", PERF_COUNT_SW_CPU_MIGRATIONS},
	{"task-clock", "task-clock", "ns", PERF_COUNT_SW_TASK_CLOCK},
};
#define EVENTS FS_ARRAY_SIZE(events)

struct perf {
	int fd[EVENTS]; /* -errno where it could not be had */
	bool user_only[EVENTS];
	long long paranoid;
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

static bool is_forbidden(int err)
{
	return err == -EACCES || err == -EPERM;
}

static int open_permitted(size_t i, bool *user_only)
{
	int fd = open_event(events[i].config, false);

	*user_only = is_forbidden(fd) && events[i].user_name != NULL;
	return *user_only ? open_event(events[i].config, true) : fd;
}

static long long paranoid_of(const struct fs_machine *machine)
{
	long long paranoid = 0;

	machine_read_long(machine, "/proc/sys/kernel/perf_event_paranoid", &paranoid);
	return paranoid;
}

static void say_why(int err, long long paranoid, char *text, size_t bytes)
{
	if (is_forbidden(err))
		snprintf(text, bytes, "perf_event_open is not permitted (kernel.perf_event_paranoid=%lld)", paranoid);
	else
		snprintf(text, bytes, "perf_event_open: %s", strerror(-err));
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	bool user_only;
	int fd = open_permitted(0, &user_only);
	char text[128];

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	say_why(fd, paranoid_of(machine), text, sizeof(text));
	return fs_because(why, fd,
		is_forbidden(fd) ? "sysctl kernel.perf_event_paranoid=1, CAP_PERFMON, or allow perf_event_open in the container's seccomp profile"
				 : "a kernel with CONFIG_PERF_EVENTS",
		"%s", text);
}

static int open_perf(struct fs_job *job, void **source)
{
	struct perf *perf = calloc(1, sizeof(*perf));

	if (perf == NULL)
		return -ENOMEM;
	perf->paranoid = paranoid_of(fs_machine(job));
	for (size_t i = 0; i < EVENTS; i++)
		perf->fd[i] = open_permitted(i, &perf->user_only[i]);
	*source = perf;
	return 0;
}

static void read_event(const struct perf *perf, size_t i, struct fs_reading *reading)
{
	struct {
		uint64_t value, enabled_ns, running_ns;
	} got;

	*reading = (struct fs_reading){.name = perf->user_only[i] ? events[i].user_name : events[i].name, .unit = events[i].unit};
	if (perf->fd[i] < 0) {
		say_why(perf->fd[i], perf->paranoid, reading->absent, sizeof(reading->absent));
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
	.summary = "faults, switches and time on CPU of the CPU side's threads, by perf's software events",
	.probe = probe,
	.open = open_perf,
	.read = read_perf,
	.close = close_perf,
};

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
static const struct fs_event events[] = {
	{"page-faults", "faults", "page faults", true},
	{"minor-faults", "faults", "page faults that needed no input", true},
	{"major-faults", "faults", "page faults that waited for input", true},
	{"context-switches", "switches", "context switches", true},
	{"cpu-migrations", "migrations", "moves to another CPU", true},
	{"task-clock", "ns", "time on a CPU", true},
	{0},
};

static const struct {
	uint64_t config;
	bool user_too; /* something of it happens in user code */
} softwares[] = {
	{PERF_COUNT_SW_PAGE_FAULTS, true},
	{PERF_COUNT_SW_PAGE_FAULTS_MIN, true},
	{PERF_COUNT_SW_PAGE_FAULTS_MAJ, true},
	{PERF_COUNT_SW_CONTEXT_SWITCHES, false},
	{PERF_COUNT_SW_CPU_MIGRATIONS, false},
	{PERF_COUNT_SW_TASK_CLOCK, true},
};

struct perf {
	unsigned n;
	int fd[FS_EVENTS]; /* -errno where it could not be had */
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
	int fd = open_event(softwares[i].config, false);

	*user_only = is_forbidden(fd) && softwares[i].user_too;
	return *user_only ? open_event(softwares[i].config, true) : fd;
}

static long long paranoid_of(const struct fs_machine *machine)
{
	long long paranoid = 0;

	machine_read_long(machine, "/proc/sys/kernel/perf_event_paranoid", &paranoid);
	return paranoid;
}

static int say_why(int err, long long paranoid, struct fs_reason *why)
{
	if (is_forbidden(err))
		return fs_because(why, err,
			"sysctl kernel.perf_event_paranoid=1, CAP_PERFMON, or allow perf_event_open in the container's seccomp profile",
			"perf_event_open is not permitted (kernel.perf_event_paranoid=%lld)", paranoid);
	return fs_because(why, err, "a kernel with CONFIG_PERF_EVENTS", "perf_event_open: %s", strerror(-err));
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	bool user_only;
	int fd = open_permitted(0, &user_only);

	if (fd < 0)
		return say_why(fd, paranoid_of(machine), why);
	close(fd);
	return 0;
}

static size_t index_of(const char *name)
{
	size_t i = 0;

	while (events[i].name != NULL && strcmp(events[i].name, name) != 0)
		i++;
	return i;
}

static int open_perf(struct fs_job *job, const char *const *names, unsigned n, struct fs_opened *opened, void **source)
{
	struct perf *perf = calloc(1, sizeof(*perf));
	long long paranoid = paranoid_of(fs_machine(job));

	if (perf == NULL)
		return -ENOMEM;
	perf->n = n;
	for (unsigned i = 0; i < n; i++) {
		bool user_only;

		perf->fd[i] = open_permitted(index_of(names[i]), &user_only);
		if (perf->fd[i] < 0)
			say_why(perf->fd[i], paranoid, &opened[i].why);
		else if (user_only && strcmp(names[i], "task-clock") != 0)
			snprintf(opened[i].name, sizeof(opened[i].name), "%s:u", names[i]);
	}
	*source = perf;
	return 0;
}

static int read_perf(void *source, struct fs_reading *readings)
{
	struct perf *perf = source;

	for (unsigned i = 0; i < perf->n; i++) {
		struct {
			uint64_t value, enabled_ns, running_ns;
		} got;

		if (perf->fd[i] < 0)
			continue;
		if (read(perf->fd[i], &got, sizeof(got)) != (ssize_t)sizeof(got))
			return -errno;
		readings[i] = (struct fs_reading){got.value, got.enabled_ns, got.running_ns};
	}
	return 0;
}

static void close_perf(void *source)
{
	struct perf *perf = source;

	for (unsigned i = 0; i < perf->n; i++) {
		if (perf->fd[i] >= 0)
			close(perf->fd[i]);
	}
	free(perf);
}

const struct fs_counter counter_perf = {
	.name = "perf",
	.summary = "faults, switches and time on CPU of the CPU side's threads, by perf's software events",
	.events = events,
	.probe = probe,
	.open = open_perf,
	.read = read_perf,
	.close = close_perf,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf - perf_event_open: software, hardware, raw events and tracepoints (perf_name.h).
 *
 * An event counts the CPU side: the thread that opens it, and the threads and processes that it starts afterwards. The device's threads and process
 * exist before that and are not included; NAME@device counts these, and only these.
 *
 * Hardware events are opened as groups in the order of their selection, as many per group as the PMU can count at once, so that the events of one
 * formula run at the same time. Several groups are multiplexed: enabled and running time tell.
 */
#include "config.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "harness/counter/perf_name.h"
#include "harness/counter/perf_tasks.h"
#include "harness/fivestep.h"

struct perf_event {
	unsigned first, n; /* its descriptors: one per task, and per kind of core */
	unsigned kinds;	   /* of cores that it counts on; 0 if there is but one */
};

struct perf {
	unsigned n, nfds, ntasks;
	struct perf_event event[FS_EVENTS];
	struct perf_rights rights;
	struct perf_cores cores;
	int leader;   /* of the group of hardware events that can take more; -1 */
	pid_t *tasks; /* of the device; looked up when first needed */
	int *fd;
};

static int open_event(const struct perf_name *name, pid_t task, int leader)
{
	struct perf_event_attr attr = {
		.type = name->type,
		.size = sizeof(attr),
		.config = name->config,
		.inherit = 1,
		.exclude_kernel = name->user_only,
		.exclude_user = name->kernel_only,
		.exclude_hv = 1,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, task, -1, leader, PERF_FLAG_FD_CLOEXEC);

	return fd >= 0 ? fd : -errno;
}

static bool is_forbidden(int err)
{
	return err == -EACCES || err == -EPERM;
}

static bool is_hardware(const struct perf_name *name)
{
	return name->type == PERF_TYPE_HARDWARE || name->type == PERF_TYPE_HW_CACHE || name->type == PERF_TYPE_RAW;
}

/* Opens it in the current group, or as the leader of the next one. */
static int open_grouped(struct perf *perf, const struct perf_name *name)
{
	int fd = -EINVAL;

	if (!is_hardware(name))
		return open_event(name, 0, -1);
	if (perf->leader >= 0)
		fd = open_event(name, 0, perf->leader);
	if (fd == -EINVAL || fd == -ENOSPC) {
		fd = open_event(name, 0, -1);
		if (fd >= 0)
			perf->leader = fd;
	}
	return fd;
}

/* Stores a descriptor, or passes on the error. -E2BIG: the table is full. */
static int keep_descriptor(struct perf *perf, struct perf_event *event, int fd)
{
	int err = fd < 0 ? fd : ARRAY_ADD(perf->fd, perf->nfds, PERF_DESCRIPTORS_MAX, "descriptors", NULL);

	if (err == 0) {
		perf->fd[perf->nfds++] = fd;
		event->n++;
	} else if (fd >= 0) {
		close(fd);
	}
	return err;
}

/* Opens it for a task; where there are kinds of cores, an event of the processor's on the PMU of each, and not grouped: a group is of one PMU. */
static int open_task(struct perf *perf, const struct perf_name *name, struct perf_event *event, pid_t task)
{
	struct perf_name of_kind = *name;
	int err = 0;

	if (perf->cores.kinds == 0 || !is_hardware(name))
		return keep_descriptor(perf, event, task == 0 ? open_grouped(perf, name) : open_event(name, task, -1));
	event->kinds = perf->cores.kinds;
	for (unsigned i = 0; i < perf->cores.kinds && err == 0; i++) {
		of_kind.config = perf_kind_config(name->config, perf->cores.type[i]);
		err = keep_descriptor(perf, event, open_event(&of_kind, task, -1));
	}
	return err;
}

/* Opens it for each task of the device; a task that has exited meanwhile is skipped. */
static int open_device(struct perf *perf, const struct perf_name *name, struct perf_event *event)
{
	int err = 0;

	for (unsigned i = 0; i < perf->ntasks && (err == 0 || err == -ESRCH); i++)
		err = open_task(perf, name, event, perf->tasks[i]);
	return err == -ESRCH ? 0 : err;
}

static void close_event(struct perf *perf, struct perf_event *event)
{
	while (event->n > 0) {
		close(perf->fd[--perf->nfds]);
		event->n--;
	}
}

/* Opens all its descriptors, or none. */
static int open_tasks(struct perf *perf, const struct perf_name *name, struct perf_event *event)
{
	int err = name->device ? open_device(perf, name, event) : open_task(perf, name, event, 0);

	if (err != 0)
		close_event(perf, event);
	return err;
}

/*
 * Without permission to count in the kernel, only user code is counted, and the event is named accordingly. For events that occur only in the kernel
 * this would falsely count zero.
 */
static int open_permitted(struct perf *perf, struct perf_name *name, struct perf_event *event, struct fs_opened *opened)
{
	int err = open_tasks(perf, name, event);

	if (!is_forbidden(err) || name->kernel_alone || name->user_only || name->kernel_only)
		return err;
	name->user_only = true;
	if (open_tasks(perf, name, event) != 0)
		return err;
	if (!name->clock) {
		size_t len = strlen(opened->name) - (name->device ? strlen("@device") : 0);

		snprintf(opened->name + len, sizeof(opened->name) - len, name->device ? FS_EVENT_USER "@device" : FS_EVENT_USER);
	}
	return 0;
}

static int find_tasks(struct perf *perf, const char *text, struct fs_reason *why)
{
	int err = perf->ntasks == 0 ? perf_tasks(&perf->tasks, &perf->ntasks, why) : 0;

	if (err != 0)
		return err;
	if (perf->ntasks == 0)
		return fs_because(
			why, -ESRCH, "use a device with threads or a process of its own", "%s: the device has no threads or processes here", text);
	return 0;
}

static void open_one(struct perf *perf, const struct fs_machine *machine, const char *text, struct perf_event *event, struct fs_opened *opened)
{
	struct perf_name name;
	int err = perf_name_parse(text, &name);

	event->first = perf->nfds;
	if (err == 0 && name.kernel_alone && name.user_only) {
		fs_because(&opened->why, -EINVAL, "use the event without :u", "%s: it occurs only in the kernel", text);
		return;
	}
	if (err == 0 && perf_name_resolve(&name, machine, &opened->why) != 0)
		return;
	if (err == 0 && name.type == PERF_TYPE_RAW && perf->cores.kinds != 0) {
		fs_because(&opened->why, -ENOTSUP, "use an event by name, or bind the run to cores of one kind and count with perf stat",
			"%s: a raw code is of one kind of core, and this processor has %u", text, perf->cores.kinds);
		return;
	}
	if (err == 0 && name.device && find_tasks(perf, text, &opened->why) != 0)
		return;
	if (err == 0)
		err = open_permitted(perf, &name, event, opened);
	if (err == 0)
		return;
	if (err == -E2BIG) {
		fs_because(&opened->why, err, "use fewer events @device, or a device with fewer threads (-p drivers, -p workers)",
			"%s: perf opens at most %d descriptors in a round, one for each event and thread of the device", text, PERF_DESCRIPTORS_MAX);
		return;
	}
	perf_why(err, text, name.type, &perf->rights, &opened->why);
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	const struct perf_name name = {.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_PAGE_FAULTS, .user_only = true};
	struct perf_rights rights;
	int fd = open_event(&name, 0, -1);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	perf_rights_read(machine, &rights);
	return perf_why(fd, "page-faults", name.type, &rights, why);
}

static bool accepts(const char *event)
{
	struct perf_name name;

	return perf_name_parse(event, &name) == 0;
}

/* The unit of the event, ignoring its modifiers. */
static void set_unit(const char *text, struct fs_opened *opened)
{
	size_t len = strcspn(text, "@");

	if (len > 2 && (strncmp(text + len - 2, ":u", 2) == 0 || strncmp(text + len - 2, ":k", 2) == 0))
		len -= 2;
	for (const struct fs_event *e = perf_events; e->name != NULL; e++) {
		if (strlen(e->name) == len && strncmp(e->name, text, len) == 0)
			snprintf(opened->unit, sizeof(opened->unit), "%s", e->unit);
	}
}

static int open_perf(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	struct perf *perf = calloc(1, sizeof(*perf));

	(void)why;
	if (perf == NULL)
		return -ENOMEM;
	perf_rights_read(machine, &perf->rights);
	perf_cores_read(machine, &perf->cores);
	perf->leader = -1;
	perf->n = n;
	for (unsigned i = 0; i < n; i++) {
		set_unit(names[i], &opened[i]);
		open_one(perf, machine, names[i], &perf->event[i], &opened[i]);
	}
	*source = perf;
	return 0;
}

static int add_reading(int fd, struct fs_reading *sum)
{
	struct {
		uint64_t value, enabled_ns, running_ns;
	} got;
	ssize_t len = read(fd, &got, sizeof(got));

	if (len != (ssize_t)sizeof(got))
		return len < 0 ? -errno : -EIO;
	sum->value += got.value;
	sum->enabled_ns += got.enabled_ns;
	sum->running_ns += got.running_ns;
	return 0;
}

static int read_perf(void *source, struct fs_reading *readings)
{
	struct perf *perf = source;
	int err = 0;

	for (unsigned i = 0; i < perf->n; i++) {
		const struct perf_event *event = &perf->event[i];

		memset(&readings[i], 0, sizeof(readings[i]));
		for (unsigned k = 0; k < event->n && err == 0; k++)
			err = add_reading(perf->fd[event->first + k], &readings[i]);
		perf_kinds_whole(&readings[i], event->kinds);
	}
	return err;
}

static void close_perf(void *source)
{
	struct perf *perf = source;

	for (unsigned i = 0; i < perf->nfds; i++)
		close(perf->fd[i]);
	free(perf->fd);
	free(perf->tasks);
	free(perf);
}

const struct fs_counter counter_perf = {
	.name = "perf",
	.summary = "faults, switches, hardware counters and tracepoints of the CPU side, or of the device's threads, by perf_event_open",
	.events = perf_events,
	.accepts = accepts,
	.probe = probe,
	.open = open_perf,
	.read = read_perf,
	.close = close_perf,
};

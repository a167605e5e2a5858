/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_trace.c - the driver's tracepoints: what a trace shows of a context is what the driver counts for it.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/tap.h"

#define TRACING "/sys/kernel/tracing/"

/* What the lines of a trace say of this process's context. */
struct traced {
	uint64_t device_faults, writes, failed, host_faults, idle_host_faults, evictions, invalidations;
	uint64_t moved[SOFTDEV_CAUSES], migrations[SOFTDEV_CAUSES], moved_by_device_faults, lost;
};

static const char *const causes[SOFTDEV_CAUSES] = {"host_fault", "device_fault", "move_to_host", "move_to_device", "eviction"};

static bool tracing_write(const char *file, const char *text)
{
	char path[128];
	int fd;
	bool written;

	snprintf(path, sizeof(path), TRACING "%s", file);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return written;
}

static uint64_t number_of(const char *line, const char *name)
{
	const char *at = strstr(line, name);
	long long value = 0;

	if (at != NULL)
		sscanf(at + strlen(name), "%lli", &value);
	return value > 0 ? (uint64_t)value : 0;
}

static void take_migration(struct traced *traced, const char *line)
{
	char word[32];

	for (int cause = 0; cause < SOFTDEV_CAUSES; cause++) {
		snprintf(word, sizeof(word), " cause=%s ", causes[cause]);
		if (strstr(line, word) != NULL) {
			traced->migrations[cause]++;
			traced->moved[cause] += number_of(line, " moved=");
		}
	}
}

static void take_line(struct traced *traced, const char *line)
{
	uint64_t moved = number_of(line, " moved=");

	if (strstr(line, "LOST") != NULL)
		traced->lost++;
	if (number_of(line, " pid=") != (uint64_t)getpid())
		return;
	if (strstr(line, ": softdev_device_fault: ") != NULL) {
		traced->device_faults++;
		traced->writes += number_of(line, " write=");
		traced->failed += number_of(line, " failed=");
		traced->moved_by_device_faults += moved;
	} else if (strstr(line, ": softdev_host_fault: ") != NULL) {
		traced->host_faults++;
		traced->idle_host_faults += moved == 0;
	} else if (strstr(line, ": softdev_migrate: ") != NULL) {
		take_migration(traced, line);
	} else if (strstr(line, ": softdev_evict: ") != NULL) {
		traced->evictions++;
		traced->moved[SOFTDEV_EVICTION] += moved;
	} else if (strstr(line, ": softdev_invalidate: ") != NULL) {
		traced->invalidations++;
	}
}

static struct traced traced_read(void)
{
	struct traced traced = {0};
	FILE *file = fopen(TRACING "trace", "re");
	char line[512];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		take_line(&traced, line);
	if (file != NULL)
		fclose(file);
	return traced;
}

/* Everything that moves pages, and one failure of each side. */
static void work(struct part *part)
{
	part_device(part, part_add);
	part_host_add(part);
	part_moved(part, true);
	part_moved(part, false);
	part_inject(part, SOFTDEV_FAIL_COPY, 3);
	part_device(part, part_read);
	part_inject(part, SOFTDEV_FAIL_HOST_PAGE, 2);
	part_host_add(part);
	munmap((void *)part->buf, part->bytes / 2);
	part_device(part, part_add);
}

static void same(const struct traced *t, const struct softdev_counts *c)
{
	is_int((long long)t->lost, 0, "trace: no event is lost");
	is_int((long long)t->device_faults, (long long)c->events[SOFTDEV_DEVICE_FAULT], "trace: one event a device fault");
	is_int((long long)t->writes, (long long)c->write_faults, "trace: its writes are the driver's");
	is_int((long long)t->failed, (long long)c->failed_faults, "trace: and those that fail");
	is_int((long long)t->moved_by_device_faults, (long long)c->pages[SOFTDEV_DEVICE_FAULT], "trace: and the pages that they moved");
	is_int((long long)t->host_faults, (long long)c->events[SOFTDEV_HOST_FAULT], "trace: one event a CPU fault");
	is_int((long long)t->idle_host_faults, (long long)c->idle_faults[SOFTDEV_HOST], "trace: and those that moved nothing");
	is_int((long long)t->migrations[SOFTDEV_HOST_FAULT], (long long)c->events[SOFTDEV_HOST_FAULT], "trace: one migration a CPU fault");
	is_int((long long)t->evictions, (long long)c->events[SOFTDEV_EVICTION], "trace: one event an eviction");
	is_int((long long)t->invalidations, (long long)c->invalidations, "trace: one event an invalidation");
	for (int cause = 0; cause < SOFTDEV_CAUSES; cause++)
		is_int((long long)t->moved[cause], (long long)c->pages[cause], "trace: pages moved by %s", causes[cause]);
	ok(c->pages[SOFTDEV_EVICTION] > 0 && c->failed_faults > 0 && c->idle_faults[SOFTDEV_HOST] > 0 && c->invalidations > 0,
		"trace: all of these happened");
}

void softdev_trace_cases(void)
{
	struct softdev_counts counts;
	struct traced traced;
	struct part part;

	if (access(TRACING "events/softdev/enable", W_OK) != 0) {
		skip("this kernel has no tracepoints", 1);
		return;
	}
	ok(tracing_write("trace", "") && tracing_write("events/softdev/enable", "1") && tracing_write("tracing_on", "1"),
		"trace: the events are there");
	part = part_make(256, &(struct part_options){.granule = 16, .capacity = 128});
	work(&part);
	counts = part_counts(&part);
	tracing_write("events/softdev/enable", "0");
	traced = traced_read();
	same(&traced, &counts);
	part_free(&part);
}

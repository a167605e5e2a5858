/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vmstat - the kernel's counts of faults and migrations, of the whole system: other processes are in them. Found by name;
 * a name that this kernel does not have is absent, not zero.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/fivestep.h"
#include "harness/topology.h"

#define TEXT_BYTES 16384

static const struct {
	const char *name, *unit;
} events[] = {
	{"pgfault", "faults"},
	{"pgmajfault", "faults"},
	{"pgmigrate_success", "pages"},
	{"pgmigrate_fail", "pages"},
	{"numa_hint_faults", "faults"},
	{"numa_pages_migrated", "pages"},
	{"thp_fault_alloc", "huge pages"},
	{"thp_migration_success", "huge pages"},
	{"thp_split_page", "huge pages"},
	{"pgpromote_success", "pages"},
	{"pgdemote_kswapd", "pages"},
	{"pgdemote_direct", "pages"},
};

struct vmstat {
	int fd;
	char text[TEXT_BYTES];
};

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	int fd = machine_open(machine, "/proc/vmstat");

	if (fd < 0)
		return fs_because(why, fd, "mount /proc", "/proc/vmstat cannot be read: %s", strerror(-fd));
	close(fd);
	return 0;
}

static int open_vmstat(struct fs_job *job, void **source)
{
	struct vmstat *vmstat = calloc(1, sizeof(*vmstat));

	if (vmstat == NULL)
		return -ENOMEM;
	vmstat->fd = machine_open(fs_machine(job), "/proc/vmstat");
	if (vmstat->fd < 0) {
		int err = vmstat->fd;

		free(vmstat);
		return fs_because(fs_why(job), err, "mount /proc", "/proc/vmstat cannot be read: %s", strerror(-err));
	}
	*source = vmstat;
	return 0;
}

/* The number behind "NAME " at the begin of a line; NULL where there is none. */
static const char *value_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n'), line += line != NULL) {
		if (strncmp(line, name, len) == 0 && line[len] == ' ' && isdigit((unsigned char)line[len + 1]))
			return line + len + 1;
	}
	return NULL;
}

static int read_vmstat(void *source, struct fs_reading *readings)
{
	struct vmstat *vmstat = source;
	ssize_t got, len = 0;

	lseek(vmstat->fd, 0, SEEK_SET);
	while ((got = read(vmstat->fd, vmstat->text + len, TEXT_BYTES - 1 - (size_t)len)) > 0)
		len += got;
	vmstat->text[len] = '\0';
	for (size_t i = 0; i < FS_ARRAY_SIZE(events); i++) {
		const char *value = value_of(vmstat->text, events[i].name);

		readings[i] = (struct fs_reading){.name = events[i].name, .unit = events[i].unit, .present = value != NULL};
		if (value != NULL)
			readings[i].value = strtoull(value, NULL, 10);
		else
			snprintf(readings[i].absent, sizeof(readings[i].absent), "this kernel's /proc/vmstat has no %s", events[i].name);
	}
	return (int)FS_ARRAY_SIZE(events);
}

static void close_vmstat(void *source)
{
	struct vmstat *vmstat = source;

	close(vmstat->fd);
	free(vmstat);
}

const struct fs_counter counter_vmstat = {
	.name = "vmstat",
	.summary = "faults and migrations of the whole system, other processes' as well",
	.probe = probe,
	.open = open_vmstat,
	.read = read_vmstat,
	.close = close_vmstat,
};

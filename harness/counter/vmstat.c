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

static const struct fs_event events[] = {
	{"pgfault", "faults", "page faults", true},
	{"pgmajfault", "faults", "page faults that waited for input", true},
	{"pgmigrate_success", "pages", "pages that were migrated, between nodes or to and from a device", true},
	{"pgmigrate_fail", "pages", "pages that could not be", true},
	{"numa_hint_faults", "faults", "faults that automatic NUMA balancing provoked to see who touches", true},
	{"numa_pages_migrated", "pages", "pages that it moved", true},
	{"thp_fault_alloc", "huge pages", "huge pages allocated by a fault", true},
	{"thp_migration_success", "huge pages", "huge pages migrated whole", true},
	{"thp_split_page", "huge pages", "huge pages split", true},
	{"pgpromote_success", "pages", "pages promoted to a faster tier", true},
	{"pgdemote_kswapd", "pages", "pages demoted to a slower tier in the background", true},
	{"pgdemote_direct", "pages", "pages demoted while an allocation waited", true},
	{0},
};

struct vmstat {
	int fd;
	unsigned n;
	char name[FS_EVENTS][FS_EVENT_NAME]; /* empty: could not be opened */
	char text[TEXT_BYTES];
};

/* Names differ by kernel: any that looks like one may be there. */
static bool accepts(const char *event)
{
	return event[strspn(event, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	int fd = machine_open(machine, "/proc/vmstat");

	if (fd < 0)
		return fs_because(why, fd, "mount /proc", "/proc/vmstat cannot be read: %s", strerror(-fd));
	close(fd);
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

static void read_text(struct vmstat *vmstat)
{
	ssize_t got, len = 0;

	lseek(vmstat->fd, 0, SEEK_SET);
	while ((got = read(vmstat->fd, vmstat->text + len, TEXT_BYTES - 1 - (size_t)len)) > 0)
		len += got;
	vmstat->text[len] = '\0';
}

static int open_vmstat(struct fs_job *job, const char *const *names, unsigned n, struct fs_opened *opened, void **source)
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
	read_text(vmstat);
	vmstat->n = n;
	for (unsigned i = 0; i < n; i++) {
		if (value_of(vmstat->text, names[i]) != NULL)
			snprintf(vmstat->name[i], FS_EVENT_NAME, "%s", names[i]);
		else
			fs_because(&opened[i].why, -ENODATA, "a kernel that is built with what it counts", "this kernel's /proc/vmstat has no %s",
				names[i]);
	}
	*source = vmstat;
	return 0;
}

static int read_vmstat(void *source, struct fs_reading *readings)
{
	struct vmstat *vmstat = source;

	read_text(vmstat);
	for (unsigned i = 0; i < vmstat->n; i++) {
		const char *value = vmstat->name[i][0] != '\0' ? value_of(vmstat->text, vmstat->name[i]) : NULL;

		if (value != NULL)
			readings[i].value = strtoull(value, NULL, 10);
	}
	return 0;
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
	.events = events,
	.accepts = accepts,
	.probe = probe,
	.open = open_vmstat,
	.read = read_vmstat,
	.close = close_vmstat,
};

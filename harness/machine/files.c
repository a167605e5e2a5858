/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * files.c - reads files of /proc and /sys below the root, in the formats that the kernel writes.
 */
#include "config.h"

#include "base/text.h"
#include "base/array.h"
#include "harness/machine/parts.h"

#include <limits.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_STEP  16384
#define TEXT_LIMIT (64u << 20) /* /proc/cpuinfo of 8192 CPUs is 15 MiB */

const char *topology_given(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

void topology_unset(char *remedy, size_t bytes)
{
	static const char *const names[] = {
		"FIVESTEP_ROOT", "HWLOC_XMLFILE", "HWLOC_SYNTHETIC", "HWLOC_FSROOT", "HWLOC_CPUID_PATH", "HWLOC_THISSYSTEM"};
	size_t len = 0;

	remedy[0] = '\0';
	for (size_t i = 0; i < FS_ARRAY_SIZE(names) && len < bytes; i++) {
		if (topology_given(names[i]) != NULL)
			len += (size_t)snprintf(remedy + len, bytes - len, "%s%s", len == 0 ? "unset " : " and ", names[i]);
	}
	if (len == 0)
		snprintf(remedy, bytes, "see HWLOC_COMPONENTS and the other HWLOC_ variables in the environment");
}

int machine_foreign_because(struct fs_reason *why, int err, const char *what)
{
	char remedy[160];

	topology_unset(remedy, sizeof(remedy));
	return fs_because(why, err, remedy, "%s", what);
}

int machine_open(const struct fs_machine *machine, const char *path)
{
	char full[2 * PATH_MAX];
	int fd;

	/* The topology is another machine's: it must not be mixed with this machine's files. */
	if (machine->foreign && machine->root[0] == '\0')
		return -ENOENT;
	if (snprintf(full, sizeof(full), "%s%s", machine->root, path) >= (int)sizeof(full))
		return -ENAMETOOLONG;
	do {
		fd = open(full, O_RDONLY | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	return fd >= 0 ? fd : -errno;
}

/* Reads up to `bytes` or to the end of the file; a file that cannot be read that far counts as unreadable. */
static ssize_t read_all(int fd, char *text, size_t bytes)
{
	size_t len = 0;
	ssize_t got;

	do {
		got = read(fd, text + len, bytes - len);
		if (got > 0)
			len += (size_t)got;
	} while ((got > 0 && len < bytes) || (got < 0 && errno == EINTR));
	return got < 0 ? -errno : (ssize_t)len;
}

int topology_read_text(const struct fs_machine *machine, const char *path, char *text, size_t bytes)
{
	int fd = machine_open(machine, path);
	ssize_t len;

	if (fd < 0)
		return fd;
	len = read_all(fd, text, bytes - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return (int)len;
}

static char *read_growing(int fd, ssize_t *got)
{
	char *text = NULL;
	size_t len = 0;

	do {
		*got = array_grow(&text, len, TEXT_STEP + 1, 1, TEXT_LIMIT, "bytes of a file", NULL);
		if (*got == 0)
			*got = read_all(fd, text + len, TEXT_STEP);
		len += *got > 0 ? (size_t)*got : 0;
	} while (*got == TEXT_STEP);
	if (*got >= 0)
		text[len] = '\0';
	return text;
}

char *topology_text(const struct fs_machine *machine, const char *path, int *err)
{
	int fd = machine_open(machine, path);
	ssize_t got = fd;
	char *text = NULL;

	if (fd >= 0) {
		text = read_growing(fd, &got);
		close(fd);
	}
	if (got < 0) {
		free(text);
		text = NULL;
	}
	if (err != NULL)
		*err = got < 0 ? (int)got : 0;
	return text;
}

int machine_read_line(const struct fs_machine *machine, const char *path, char *line, size_t bytes)
{
	int len = topology_read_text(machine, path, line, bytes);

	if (len < 0)
		return len;
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

int machine_read_long(const struct fs_machine *machine, const char *path, long long *value)
{
	char line[64], *end;
	int err = machine_read_line(machine, path, line, sizeof(line));

	if (err < 0)
		return err;
	*value = strtoll(line, &end, 10);
	return end != line ? 0 : -EINVAL;
}

int topology_each_entry(const struct fs_machine *machine, const char *path, void (*found)(void *context, const char *name), void *context)
{
	int fd = machine_open(machine, path), err = fd < 0 ? fd : 0;
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (folder == NULL) {
		err = fd >= 0 ? -errno : err;
		if (fd >= 0)
			close(fd);
		return err;
	}
	for (errno = 0; (entry = readdir(folder)) != NULL; errno = 0) {
		if (entry->d_name[0] != '.')
			found(context, entry->d_name);
	}
	err = -errno;
	closedir(folder);
	return err;
}

/* ---- files of the identity */

void topology_unread(struct fs_machine *machine, const char *fields, const char *path, int err)
{
	struct fs_unread *unread = &machine->unread[machine->nunread];

	/* A file that does not exist is not part of the machine; a CPU may go offline while it is read. */
	if (err >= 0 || err == -ENOENT || err == -ENOTDIR || err == -ENODEV || err == -ENXIO)
		return;
	if (machine->nunread < MACHINE_UNREAD) {
		topology_copy_text(unread->fields, sizeof(unread->fields), fields);
		text_fit(unread->what, sizeof(unread->what), "%s: %s", path, strerror(-err));
	}
	machine->nunread++;
}

void topology_beyond(struct fs_machine *machine, const char *fields, unsigned limit, const char *what)
{
	struct fs_unread *unread = &machine->unread[machine->nunread];
	char text[sizeof(unread->what)];

	snprintf(text, sizeof(text), "more than %u %s: the others are ignored", limit, what);
	for (unsigned i = 0; i < machine->nunread && i < MACHINE_UNREAD; i++) {
		if (strcmp(machine->unread[i].what, text) == 0)
			return;
	}
	if (machine->nunread < MACHINE_UNREAD) {
		topology_copy_text(unread->fields, sizeof(unread->fields), fields);
		memcpy(unread->what, text, sizeof(text));
		unread->beyond = true;
	}
	machine->nunread++;
}

int topology_identity_line(struct fs_machine *machine, const char *fields, const char *path, char *line, size_t bytes)
{
	int err = machine_read_line(machine, path, line, bytes);

	topology_unread(machine, fields, path, err);
	return err;
}

char *topology_identity_text(struct fs_machine *machine, const char *fields, const char *path)
{
	int err = 0;
	char *text = topology_text(machine, path, &err);

	topology_unread(machine, fields, path, err);
	return text;
}

void topology_identity_entries(
	struct fs_machine *machine, const char *fields, const char *path, void (*found)(void *context, const char *name), void *context)
{
	topology_unread(machine, fields, path, topology_each_entry(machine, path, found, context));
}

/* ---- text */

uint64_t topology_kib_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at != NULL ? strtoull(at + strlen(name), NULL, 10) << 10 : 0;
}

void topology_copy_text(char *to, size_t bytes, const char *from)
{
	size_t len = from != NULL ? strnlen(from, bytes - 1) : 0;

	memmove(to, from != NULL ? from : "", len);
	while (len > 0 && to[len - 1] == ' ')
		len--;
	to[len] = '\0';
}

bool topology_list_next(const char **list, long *first, long *last)
{
	char *end;

	*first = *last = strtol(*list, &end, 10);
	if (end == *list)
		return false;
	if (*end == '-')
		*last = strtol(end + 1, &end, 10);
	*list = *end == ',' ? end + 1 : end;
	return true;
}

bool topology_list_holds(const char *list, long n)
{
	long first, last;

	while (topology_list_next(&list, &first, &last)) {
		if (n >= first && n <= last)
			return true;
	}
	return false;
}

unsigned topology_list_count(const char *list)
{
	long first, last, n = 0;

	while (topology_list_next(&list, &first, &last))
		n += last - first + 1;
	return n > 0 ? (unsigned)n : 0;
}

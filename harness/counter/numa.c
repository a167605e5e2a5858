/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * numa - allocations by node (numastat, of the whole system), and the number of the buffer's pages on each node (numa_maps, found by the buffer's
 * address). The latter is a state: the difference over a step is the number of pages that came to the node or left it.
 *
 * Reading numa_maps walks all page tables of the process, so it is read only if an event needs it. It knows mappings, not buffers: if the kernel
 * merged the buffer's mapping with a neighbour, the neighbour's pages are included.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/counter/text.h"

#define EVERY	   -1 /* instead of a node */
#define MAPS_BYTES 16384

static const struct fs_event events[] = {
	{"hit", "pages", "pages allocated on the preferred node; of all nodes, hit@1 only of node 1", false},
	{"miss", "pages", "pages allocated on a node although another was preferred", false},
	{"foreign", "pages", "pages intended for a node but allocated elsewhere", false},
	{"local", "pages", "pages allocated on the task's own node", false},
	{"other", "pages", "pages allocated for a task on another node", false},
	{"buffer_host", "pages", "change of the buffer's pages on the node of system memory, negative if they left; buffer@1: on node 1", false},
	{"buffer_device", "pages", "change of the buffer's pages on the node that stands for the device's memory", false},
	{0},
};

/* Their names in numastat, in the order of events; those of the buffer are not in it. */
static const char *const lines[] = {"numa_hit", "numa_miss", "numa_foreign", "local_node", "other_node"};
enum { BUFFER = FS_ARRAY_SIZE(lines), BUFFER_HOST = BUFFER, BUFFER_DEVICE };

struct numa {
	const struct fs_machine *machine;
	const struct fs_buffer *buffer; /* NULL: none at the moment */
	unsigned n;
	struct {
		bool open;
		unsigned what; /* index in lines, or BUFFER */
		int node;      /* the kernel's number, or EVERY */
	} event[FS_EVENTS];
	unsigned nnodes; /* those whose numastat is read */
	int node[MACHINE_NODES];
	struct text_file *stat; /* of each */
	int maps_fd;		/* -1: not needed */
	char *maps;		/* all of it as read */
	size_t room;
	size_t page_bytes;
	uint64_t pages[MACHINE_NODES]; /* the buffer's, by index in the machine's nodes */
};

/* "hit@1", "buffer@0" */
static bool accepts(const char *event)
{
	const char *at = strchr(event, '@');
	size_t len = at != NULL ? (size_t)(at - event) : 0;

	if (at == NULL || !isdigit((unsigned char)at[1]) || at[1 + strspn(at + 1, "0123456789")] != '\0')
		return false;
	for (unsigned i = 0; i < BUFFER; i++) {
		if (strlen(events[i].name) == len && strncmp(event, events[i].name, len) == 0)
			return true;
	}
	return len == strlen("buffer") && strncmp(event, "buffer", len) == 0;
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	char path[64];
	struct text_file file;
	int err;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/numastat", machine->nodes[0].id);
	err = text_open(&file, machine, path);
	if (err != 0)
		return fs_because(why, err, "mount /sys; a kernel with CONFIG_NUMA", "%s cannot be read: %s", path, strerror(-err));
	text_close(&file);
	return 0;
}

/* ---- opening */

/* What an event counts, and on which node. -errno with the reason. */
static int resolve(const struct fs_machine *machine, const char *name, unsigned *what, int *node, struct fs_reason *why)
{
	const char *at = strchr(name, '@');
	size_t len = at != NULL ? (size_t)(at - name) : strlen(name);
	int index = 0;

	for (*what = 0; *what < BUFFER; ++*what) {
		if (strlen(events[*what].name) == len && strncmp(name, events[*what].name, len) == 0)
			break;
	}
	*node = EVERY;
	if (at != NULL)
		index = machine_node_index(machine, *node = atoi(at + 1));
	else if (strcmp(name, events[BUFFER_HOST].name) == 0)
		*node = machine->nodes[machine_host_node(machine)].id;
	else if (strcmp(name, events[BUFFER_DEVICE].name) == 0)
		index = machine_device_node(machine, why);
	if (index < 0 && at != NULL)
		return fs_because(why, -ENODEV, "", "memory node %d does not exist", *node);
	if (index >= 0 && strcmp(name, events[BUFFER_DEVICE].name) == 0)
		*node = machine->nodes[index].id;
	return index < 0 ? -ENODEV : 0;
}

static void stats_open(struct numa *numa, const struct fs_machine *machine)
{
	numa->stat = calloc(machine->nnodes, sizeof(*numa->stat));
	for (unsigned i = 0; numa->stat != NULL && i < machine->nnodes; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/numastat", machine->nodes[i].id);
		if (text_open(&numa->stat[numa->nnodes], machine, path) == 0)
			numa->node[numa->nnodes++] = machine->nodes[i].id;
	}
}

static int maps_open(struct numa *numa, const struct fs_machine *machine, struct fs_reason *why)
{
	int fd;

	if (numa->maps_fd >= 0)
		return 0;
	fd = machine_open(machine, "/proc/self/numa_maps");
	if (fd < 0)
		return fs_because(
			why, fd, "a kernel with CONFIG_NUMA and CONFIG_PROC_PAGE_MONITOR", "/proc/self/numa_maps cannot be read: %s", strerror(-fd));
	numa->maps_fd = fd;
	return 0;
}

static bool stat_value(const struct numa *numa, unsigned what, int node, uint64_t *value)
{
	bool any = false;

	*value = 0;
	for (unsigned i = 0; i < numa->nnodes; i++) {
		uint64_t one;

		if ((node != EVERY && node != numa->node[i]) || !text_value(numa->stat[i].text, lines[what], &one))
			continue;
		*value += one;
		any = true;
	}
	return any;
}

static void event_open(struct numa *numa, const struct fs_machine *machine, const char *name, unsigned i, struct fs_reason *why)
{
	uint64_t value;

	if (resolve(machine, name, &numa->event[i].what, &numa->event[i].node, why) != 0)
		return;
	if (numa->event[i].what == BUFFER) {
		numa->event[i].open = maps_open(numa, machine, why) == 0;
		return;
	}
	numa->event[i].open = stat_value(numa, numa->event[i].what, numa->event[i].node, &value);
	if (!numa->event[i].open)
		fs_because(why, -ENODATA, "", "numastat has no %s", lines[numa->event[i].what]);
}

static void close_numa(void *source)
{
	struct numa *numa = source;

	for (unsigned i = 0; i < numa->nnodes; i++)
		text_close(&numa->stat[i]);
	if (numa->maps_fd >= 0)
		close(numa->maps_fd);
	free(numa->maps);
	free(numa->stat);
	free(numa);
}

static int open_numa(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	struct numa *numa = calloc(1, sizeof(*numa));

	(void)why;
	if (numa == NULL)
		return -ENOMEM;
	numa->machine = machine;
	numa->maps_fd = -1;
	numa->n = n;
	numa->page_bytes = machine->page_bytes;
	stats_open(numa, machine);
	for (unsigned i = 0; i < n; i++) {
		event_open(numa, machine, names[i], i, &opened[i].why);
		if (numa->event[i].node != EVERY && strchr(names[i], '@') == NULL)
			snprintf(opened[i].counts, sizeof(opened[i].counts), "buffer@%d", numa->event[i].node);
	}
	*source = numa;
	return 0;
}

static void watch(void *source, const struct fs_buffer *buf)
{
	struct numa *numa = source;

	numa->buffer = buf;
}

/* ---- reading */

/* Adds "N0=12 N1=3" of one mapping's line, whose pages are of kernelpagesize_kB. */
static void add_mapping(struct numa *numa, const char *line)
{
	const struct fs_machine *machine = numa->machine;
	const char *end = line + strcspn(line, "\n"), *size = strstr(line, " kernelpagesize_kB=");
	size_t page_bytes = numa->page_bytes;

	if (size != NULL && size < end)
		page_bytes = strtoul(size + strlen(" kernelpagesize_kB="), NULL, 10) * 1024;
	for (const char *at = strstr(line, " N"); at != NULL && at < end; at = strstr(at + 1, " N")) {
		char *number;
		int index = machine_node_index(machine, (int)strtol(at + 2, &number, 10));

		if (*number == '=' && number > at + 2 && index >= 0)
			numa->pages[index] += strtoull(number + 1, NULL, 10) * (page_bytes / numa->page_bytes);
	}
}

/* Reads the whole file, however long: the buffer grows at the first reading. */
static int read_whole(struct numa *numa)
{
	size_t len = 0;
	ssize_t got;

	if (lseek(numa->maps_fd, 0, SEEK_SET) < 0)
		return -errno;
	do {
		if (numa->room - len < MAPS_BYTES) {
			char *more = realloc(numa->maps, 2 * numa->room + 2 * MAPS_BYTES);

			if (more == NULL)
				return -ENOMEM;
			numa->maps = more;
			numa->room = 2 * numa->room + 2 * MAPS_BYTES;
		}
		got = read(numa->maps_fd, numa->maps + len, numa->room - len - 1);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	numa->maps[len] = '\0';
	return got < 0 ? -errno : 0;
}

/*
 * A line has only a mapping's first address. The mapping of an address is the last one that starts at or below it: if it starts below the buffer, the
 * buffer is a part of it.
 */
static int read_maps(struct numa *numa)
{
	const struct fs_buffer *buf = numa->buffer;
	uintptr_t first = buf != NULL ? (uintptr_t)buf->cpu : 0, end = buf != NULL ? first + buf->bytes : 0;
	const char *below = NULL;
	int err = first != 0 ? read_whole(numa) : 0;

	memset(numa->pages, 0, sizeof(numa->pages));
	if (first == 0 || err != 0)
		return err;
	for (const char *line = numa->maps, *next; *line != '\0'; line = next) {
		uintptr_t address = strtoull(line, NULL, 16);

		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (below != NULL && address > first)
			add_mapping(numa, below);
		below = address < first ? line : NULL;
		if (address >= first && address < end)
			add_mapping(numa, line);
		if (address >= end)
			break;
	}
	if (below != NULL)
		add_mapping(numa, below);
	return 0;
}

static int read_numa(void *source, struct fs_reading *readings)
{
	struct numa *numa = source;
	int err = numa->maps_fd >= 0 ? read_maps(numa) : 0;

	for (unsigned i = 0; i < numa->nnodes && err == 0; i++)
		err = text_read(&numa->stat[i]);
	for (unsigned i = 0; i < numa->n && err == 0; i++) {
		if (!numa->event[i].open)
			continue;
		if (numa->event[i].what == BUFFER)
			readings[i].value = numa->pages[machine_node_index(numa->machine, numa->event[i].node)];
		else if (!stat_value(numa, numa->event[i].what, numa->event[i].node, &readings[i].value))
			err = -ENODATA;
	}
	return err;
}

const struct fs_counter counter_numa = {
	.name = "numa",
	.summary = "allocations by node of the whole system, and the nodes of the buffer's pages",
	.events = events,
	.accepts = accepts,
	.probe = probe,
	.open = open_numa,
	.watch = watch,
	.read = read_numa,
	.close = close_numa,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * coherent.c - the emulated device under CDM: it shares the process's page tables, like a device with address
 * translation services, and its memory is a node. Workers are threads of this process; pages are placed by
 * mbind and moved by move_pages, whose status is checked for every page.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/device/emu/emu.h"
#include "harness/machine/pages.h"

struct coherent {
	struct emu_config config;
	struct team team;
	struct team_threads workers;
	sync_word never; /* dies: this is one process */
	size_t page_bytes;
	_Atomic uint64_t placed_pages[FS_SIDES], moved_pages[FS_SIDES], not_placed_pages; /* counted by every thread that migrates */
	unsigned char *address;								  /* of the buffer */
	int *seen; /* the node of each of its pages as last reported by the kernel; -1: not reported */
	struct fs_reason why;
	ulong out[FS_OUT_WORDS];
};

static int node_of(const struct coherent *coherent, enum fs_side side)
{
	return side == FS_DEVICE ? coherent->config.node : coherent->config.host_node;
}

static void close_coherent(void *mode)
{
	struct coherent *coherent = mode;

	team_stop(&coherent->workers);
	free(coherent->seen);
	free(coherent);
}

static int open_coherent(struct fs_job *job, const struct emu_config *config, void **mode, struct fs_reason *why)
{
	struct coherent *coherent = calloc(1, sizeof(*coherent));
	int err;

	(void)job;
	if (coherent == NULL)
		return fs_no_memory(why);
	coherent->config = *config;
	coherent->page_bytes = fs_page_bytes();
	err = team_start(&coherent->workers, &coherent->team, config->workers, config->node, &(struct sync_peer){&coherent->never, false});
	if (err < 0) {
		fs_because(why, err, "", "cannot start the device's threads: %s", strerror(-err));
		close_coherent(coherent);
		return err;
	}
	*mode = coherent;
	return 0;
}

static int alloc(void *mode, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct coherent *coherent = mode;
	size_t pages = (bytes + coherent->page_bytes - 1) / coherent->page_bytes;
	int node = side == FS_SIDES ? -1 : node_of(coherent, side);

	free(coherent->seen);
	coherent->seen = malloc(pages * sizeof(*coherent->seen));
	if (coherent->seen == NULL)
		return -ENOMEM;
	memset(coherent->seen, -1, pages * sizeof(*coherent->seen));
	coherent->address = pages_map(bytes, coherent->config.page_bytes, node);
	if (coherent->address == NULL)
		return pages_because(&coherent->why, errno, bytes, node);
	memory->cpu = memory->device = coherent->address;
	return 0;
}

static void free_memory(void *mode, struct fs_memory *memory)
{
	struct coherent *coherent = mode;

	pages_unmap(memory->device, memory->bytes, coherent->config.page_bytes);
}

static int wait(void *mode, int stream)
{
	struct coherent *coherent = mode;

	(void)stream;
	return team_wait(&coherent->team, &coherent->workers.peer);
}

static int launch(void *mode, int stream, const struct fs_memory *memory, const struct fs_launch *launch)
{
	struct coherent *coherent = mode;
	int err = wait(coherent, stream);

	if (err == 0)
		team_post(&coherent->team, launch, memory->device, coherent->out);
	return err;
}

/* Stores the kernel's report on n pages; returns how many are on another node than in its last report. */
static uint64_t see(struct coherent *coherent, const unsigned char *address, unsigned long n, const int *status)
{
	int *seen = coherent->seen + (size_t)(address - coherent->address) / coherent->page_bytes;
	uint64_t moved = 0;

	for (unsigned long i = 0; i < n; i++) {
		moved += status[i] >= 0 && seen[i] >= 0 && status[i] != seen[i];
		seen[i] = status[i] >= 0 ? status[i] : -1;
	}
	return moved;
}

static int migrate(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	struct coherent *coherent = mode;
	unsigned char *address = (unsigned char *)memory->device + offset;
	size_t pages = (bytes + coherent->page_bytes - 1) / coherent->page_bytes;
	int nodes[PAGES_BATCH], status[PAGES_BATCH], target = node_of(coherent, to), err = 0;

	for (int i = 0; i < PAGES_BATCH; i++)
		nodes[i] = target;
	for (size_t done = 0; done < pages && err == 0; done += PAGES_BATCH) {
		unsigned long n = pages - done < PAGES_BATCH ? pages - done : PAGES_BATCH;

		err = pages_nodes(address + done * coherent->page_bytes, n, nodes, status);
		for (unsigned long i = 0; i < n && err == 0; i++) {
			coherent->placed_pages[to] += status[i] == target;
			coherent->not_placed_pages += status[i] != target;
		}
		if (err == 0)
			coherent->moved_pages[to] += see(coherent, address + done * coherent->page_bytes, n, status);
	}
	return err;
}

static int residence(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	struct coherent *coherent = mode;
	unsigned char *address = (unsigned char *)memory->device + offset;
	size_t pages = bytes / coherent->page_bytes;
	int status[PAGES_BATCH], err = 0;

	for (size_t done = 0; done < pages && err == 0; done += PAGES_BATCH) {
		unsigned long n = pages - done < PAGES_BATCH ? pages - done : PAGES_BATCH;

		err = pages_nodes(address + done * coherent->page_bytes, n, NULL, status);
		for (unsigned long i = 0; i < n && err == 0; i++)
			side[done + i] = status[i] == node_of(coherent, FS_DEVICE) ? FS_DEVICE
					 : status[i] == node_of(coherent, FS_HOST) ? FS_HOST
										   : FS_SIDES;
		if (err == 0)
			see(coherent, address + done * coherent->page_bytes, n, status);
	}
	return err;
}

static ulong *out(void *mode)
{
	return ((struct coherent *)mode)->out;
}

static void count(void *mode, struct emu_counts *counts)
{
	const struct coherent *coherent = mode;

	for (int side = 0; side < FS_SIDES; side++) {
		counts->placed_pages[side] = coherent->placed_pages[side];
		counts->moved_pages[side] = coherent->moved_pages[side];
	}
	counts->not_placed_pages = coherent->not_placed_pages;
}

static const struct fs_reason *why(void *mode)
{
	return &((struct coherent *)mode)->why;
}

/* No `mapped`: only the CPU's page tables map the memory. */
const struct emu_mode emu_coherent = {
	.open = open_coherent,
	.close = close_coherent,
	.alloc = alloc,
	.free = free_memory,
	.launch = launch,
	.wait = wait,
	.migrate = migrate,
	.residence = residence,
	.out = out,
	.count = count,
	.why = why,
};

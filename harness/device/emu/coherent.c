/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * coherent.c - the emulated device under CDM: it shares the process's page tables, as a device with address
 * translation services does, and its memory is a node. Workers are threads of this process; pages are placed by
 * mbind and moved by move_pages, whose status is read for every page.
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
	uint64_t placed_pages[FS_SIDES], moved_pages[FS_SIDES], not_placed_pages;
	unsigned char *address; /* of the buffer */
	int *seen;		/* the node of each of its pages as the kernel last said; -1: it has not */
	ulong out[FS_OUT_WORDS];
};

static int node_of(const struct coherent *coherent, enum fs_side side)
{
	return side == FS_DEVICE ? coherent->config.hmm.node : coherent->config.host_node;
}

int emu_coherent_open(const struct emu_config *config, struct coherent **opened, struct fs_reason *why)
{
	struct coherent *coherent = calloc(1, sizeof(*coherent));
	int err;

	if (coherent == NULL)
		return fs_because(why, -ENOMEM, "", "out of memory");
	coherent->config = *config;
	coherent->page_bytes = fs_page_bytes();
	err = team_start(&coherent->workers, &coherent->team, config->hmm.workers, config->hmm.node, &(struct sync_peer){&coherent->never, false});
	if (err < 0) {
		fs_because(why, err, "", "cannot start the device's threads: %s", strerror(-err));
		emu_coherent_close(coherent);
		return err;
	}
	*opened = coherent;
	return 0;
}

void emu_coherent_close(struct coherent *coherent)
{
	if (coherent == NULL)
		return;
	team_stop(&coherent->workers);
	free(coherent->seen);
	free(coherent);
}

int emu_coherent_alloc(struct coherent *coherent, size_t bytes, enum fs_side side, void **address, struct fs_reason *why)
{
	size_t pages = (bytes + coherent->page_bytes - 1) / coherent->page_bytes;

	free(coherent->seen);
	coherent->seen = malloc(pages * sizeof(*coherent->seen));
	if (coherent->seen == NULL)
		return -ENOMEM;
	memset(coherent->seen, -1, pages * sizeof(*coherent->seen));
	*address = pages_map(bytes, emu_page(&coherent->config), side == FS_SIDES ? -1 : node_of(coherent, side));
	coherent->address = *address;
	return *address != NULL ? 0 : pages_because(why, errno, bytes, side == FS_SIDES ? -1 : node_of(coherent, side));
}

void emu_coherent_free(struct coherent *coherent, void *address, size_t bytes)
{
	pages_unmap(address, bytes, emu_page(&coherent->config));
}

int emu_coherent_launch(struct coherent *coherent, void *address, const struct fs_launch *launch)
{
	int err = emu_coherent_wait(coherent);

	if (err == 0)
		team_post(&coherent->team, launch, address, coherent->out);
	return err;
}

int emu_coherent_wait(struct coherent *coherent)
{
	return team_wait(&coherent->team, &coherent->workers.peer);
}

/* Keeps what the kernel said of n pages; worth how many are on another node than it said before. */
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

int emu_coherent_migrate(struct coherent *coherent, unsigned char *address, size_t bytes, enum fs_side to)
{
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

int emu_coherent_residence(struct coherent *coherent, unsigned char *address, size_t bytes, uint8_t *side)
{
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

ulong *emu_coherent_out(struct coherent *coherent)
{
	return coherent->out;
}

void emu_coherent_counts(struct coherent *coherent, struct emu_counts *counts)
{
	for (int side = 0; side < FS_SIDES; side++) {
		counts->placed_pages[side] = coherent->placed_pages[side];
		counts->moved_pages[side] = coherent->moved_pages[side];
	}
	counts->not_placed_pages = coherent->not_placed_pages;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node_range.c - memory on nodes; see node_range.h.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conform/node_range.h"
#include "harness/machine/pages.h"

int node_find(struct fs_job *job, struct node_pair *pair)
{
	const struct fs_machine *machine = fs_machine(job);
	int device = machine_device_node(machine, NULL), host = machine_host_node(machine);

	if (device < 0 || host < 0 || machine->nodes[device].cpus != 0)
		return fs_skip(job, "fivestep guest run", "no memory node without CPUs");
	*pair = (struct node_pair){&machine->nodes[host], &machine->nodes[device]};
	return 0;
}

int node_map(struct fs_job *job, struct conform *c, size_t bytes, size_t page)
{
	*c = (struct conform){.job = job, .page_bytes = fs_page_bytes(), .pages = bytes / fs_page_bytes()};
	c->buf.bytes = bytes;
	c->buf.cpu = pages_map(bytes, page, -1);
	return c->buf.cpu != NULL ? 0 : fs_error(job, -errno, "no memory of %zu bytes: %s", bytes, strerror(errno));
}

int node_try_bind(struct conform *c, int policy, struct node_set nodes)
{
	return syscall(SYS_mbind, c->buf.cpu, c->buf.bytes, policy, nodes.word, 8 * sizeof(nodes) + 1, 0) == 0 ? 0 : -errno;
}

int node_bind_range(struct conform *c, int policy, struct node_set nodes)
{
	int err = node_try_bind(c, policy, nodes);

	if (err == -EINVAL && policy == MPOL_WEIGHTED_INTERLEAVE)
		return fs_skip(c->job, "Linux 6.9 or newer", "this kernel has no weighted interleaving");
	return err == 0 ? 0 : fs_error(c->job, err, "mbind: %s", strerror(-err));
}

ssize_t node_count(struct conform *c, const struct fs_node *node)
{
	int status[PAGES_BATCH], err = 0;
	size_t found = 0, n;

	for (size_t at = 0; at < c->pages && err == 0; at += n) {
		n = c->pages - at < PAGES_BATCH ? c->pages - at : PAGES_BATCH;
		err = pages_nodes(conform_at(c, at), n, NULL, status);
		for (size_t i = 0; i < n && err == 0; i++)
			found += status[i] == node->id;
	}
	return err == 0 ? (ssize_t)found : fs_error(c->job, err, "move_pages: %s", strerror(-err));
}

int node_expect(struct conform *c, const struct fs_node *node, size_t pages, const char *what)
{
	ssize_t found = node_count(c, node);

	if (found < 0)
		return (int)found;
	fs_expect(c->job, what, (double)found, FS_EQ, (double)pages);
	return 0;
}

static void add_node(struct node_set *set, const struct fs_node *node)
{
	const unsigned bits = 8 * sizeof(set->word[0]);

	if (node != NULL && (unsigned)node->id < 8 * sizeof(set->word))
		set->word[(unsigned)node->id / bits] |= 1ul << ((unsigned)node->id % bits);
}

struct node_set node_set(const struct fs_node *one, const struct fs_node *other)
{
	struct node_set set = {{0}};

	add_node(&set, one);
	add_node(&set, other);
	return set;
}

int node_move(struct conform *c, const struct fs_node *node, const char *what)
{
	uint64_t there = 0, elsewhere = 0;
	int err = pages_move(c->buf.cpu, c->buf.bytes, node->id, &there, &elsewhere);

	return err == 0 ? node_expect(c, node, c->pages, what) : fs_error(c->job, err, "move_pages: %s", strerror(-err));
}

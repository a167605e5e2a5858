/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node_move.c - pages that exist move to and from a memory node without CPUs because a policy or the process asks for it: mbind() with MPOL_MF_MOVE
 * and migrate_pages(). move_pages() is what node_locked and node_huge use.
 *
 * They use neither setup nor device.
 */
#include "config.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conform/node_range.h"
#include "harness/machine/pages.h"

#define PAGES 64
#define KEY   1

static int filled(struct fs_job *job, struct node_pair *pair, struct conform *c)
{
	int err = node_find(job, pair);

	if (err == 0)
		err = node_map(job, c, PAGES * fs_page_bytes(), fs_page_bytes());
	if (err == 0)
		conform_fill(c, 0, c->pages, KEY);
	return err;
}

static int bind_and_move(struct conform *c, const struct fs_node *node, const char *what)
{
	struct node_set nodes = node_set(node, NULL);
	long err = syscall(SYS_mbind, c->buf.cpu, c->buf.bytes, MPOL_BIND, nodes.word, 8 * sizeof(nodes) + 1, MPOL_MF_MOVE | MPOL_MF_STRICT);

	if (err != 0)
		return fs_error(c->job, -errno, "mbind: %s", strerror(errno));
	err = node_expect(c, node, c->pages, what);
	return err == 0 ? conform_compare(c, 0, c->pages, KEY) : (int)err;
}

static int node_bind_moves(struct fs_job *job)
{
	struct node_pair pair;
	struct conform c;
	int err = filled(job, &pair, &c);

	if (err == 0)
		err = bind_and_move(&c, pair.device, "pages on the device's node after mbind()");
	return err == 0 ? bind_and_move(&c, pair.host, "pages on the host's node after mbind()") : err;
}

/* Back from the device's node: in the other direction all other memory of the process would go along. */
static int node_process_moves(struct fs_job *job)
{
	struct node_set from, to;
	struct node_pair pair;
	struct conform c;
	int err = filled(job, &pair, &c);

	if (err == 0)
		err = node_move(&c, pair.device, "pages on the device's node after move_pages()");
	if (err < 0)
		return err;
	from = node_set(pair.device, NULL);
	to = node_set(pair.host, NULL);
	if (syscall(SYS_migrate_pages, 0, 8 * sizeof(from) + 1, from.word, to.word) < 0)
		return fs_error(job, -errno, "migrate_pages: %s", strerror(errno));
	err = node_expect(&c, pair.host, c.pages, "pages on the host's node after migrate_pages()");
	return err == 0 ? conform_compare(&c, 0, c.pages, KEY) : err;
}

const struct fs_bench conform_node_move[] = {
	{
		.name = FS_CASE "node_bind_moves",
		.summary = "memory that exists is bound to another node",
		.promise = "MPOL_BIND with MPOL_MF_MOVE moves every page to the device's node and back, with its contents.",
		.host_only = true,
		.run = node_bind_moves,
	},
	{
		.name = FS_CASE "node_process_moves",
		.summary = "a process's memory is moved from the device's node",
		.promise = "migrate_pages() moves every page of a process from the device's node to the CPU's, with its contents.",
		.host_only = true,
		.run = node_process_moves,
	},
	{0},
};

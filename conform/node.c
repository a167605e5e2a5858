/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node.c - coherent memory as a memory node without CPUs: what a default allocation, each memory policy, locked memory and huge pages do with it. The
 * 2017 series for coherent device memory (CDM) wanted such a node kept apart from all that does not ask for it.
 *
 * They use neither setup nor device. A machine whose nodes all have CPUs is a skip: there is no node like a device's.
 */
#include "config.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "conform/control.h"
#include "conform/node_range.h"
#include "harness/machine/pages.h"
#include "harness/machine/topology.h"

#define PAGES	  64
#define KEY	  1
#define FULL_MOST (8ull << 30) /* more than that is not filled */
#define FULL_STEP (16ull << 20)

/* Under a policy for some of the two nodes, this many of the pages are allocated on the device's node. policy -1: none. */
static int placed(struct fs_job *job, int policy, bool with_host, bool with_device, size_t expected)
{
	struct node_pair pair;
	struct conform c;
	int err = node_find(job, &pair);

	if (err == 0)
		err = node_map(job, &c, PAGES * fs_page_bytes(), fs_page_bytes());
	if (err == 0 && policy >= 0)
		err = node_bind_range(&c, policy, node_set(with_host ? pair.host : NULL, with_device ? pair.device : NULL));
	if (err < 0)
		return err;
	conform_fill(&c, 0, c.pages, KEY);
	err = node_expect(&c, pair.device, expected, "pages on the device's node");
	return err == 0 ? conform_compare(&c, 0, c.pages, KEY) : err;
}

static int node_default(struct fs_job *job)
{
	return placed(job, -1, false, false, 0);
}

static int node_bind(struct fs_job *job)
{
	return placed(job, MPOL_BIND, false, true, PAGES);
}

static int node_preferred(struct fs_job *job)
{
	return placed(job, MPOL_PREFERRED, false, true, PAGES);
}

static int node_interleave(struct fs_job *job)
{
	return placed(job, MPOL_INTERLEAVE, true, true, PAGES / 2);
}

/* ---- weights */

static bool write_weight(const struct fs_node *node, const char *weight)
{
	char path[96];
	bool done;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/mm/mempolicy/weighted_interleave/node%d", node->id);
	file = fopen(path, "we");
	done = file != NULL && fputs(weight, file) >= 0;
	return file != NULL && fclose(file) == 0 && done;
}

/* Weights are the whole machine's, so they are set in a guest alone, and are the kernel's own again afterwards. */
static int node_weighted(struct fs_job *job)
{
	struct node_pair pair;
	int err = node_find(job, &pair);

	if (err < 0)
		return err;
	err = control_need_guest(job, "would set the weights of nodes");
	if (err < 0)
		return err;
	if (!write_weight(pair.host, "3") || !write_weight(pair.device, "1"))
		return fs_skip(job, "Linux 6.9 or newer, as root", "this kernel has no weights of nodes");
	err = placed(job, MPOL_WEIGHTED_INTERLEAVE, true, true, PAGES / 4);
	write_weight(pair.host, "0");
	write_weight(pair.device, "0");
	return err;
}

/* ---- moving, locked and huge */

static int there_and_back(struct conform *c, const struct node_pair *pair)
{
	int err = node_move(c, pair->device, "pages on the device's node after the move");

	if (err == 0)
		err = conform_compare(c, 0, c->pages, KEY);
	if (err == 0)
		err = node_move(c, pair->host, "pages on the host's node after the move back");
	return err == 0 ? conform_compare(c, 0, c->pages, KEY) : err;
}

static int node_locked(struct fs_job *job)
{
	struct node_pair pair;
	struct conform c;
	int err = node_find(job, &pair);

	if (err == 0)
		err = node_map(job, &c, PAGES * fs_page_bytes(), fs_page_bytes());
	if (err == 0 && mlock(c.buf.cpu, c.buf.bytes) != 0)
		err = fs_skip(job, "raise the limit of locked memory (ulimit -l)", "cannot lock memory: %s", strerror(errno));
	if (err < 0)
		return err;
	conform_fill(&c, 0, c.pages, KEY);
	return there_and_back(&c, &pair);
}

static int node_huge(struct fs_job *job)
{
	struct fs_mapped seen = {0};
	struct node_pair pair;
	struct conform c;
	int err = node_find(job, &pair);

	if (err == 0)
		err = node_map(job, &c, fs_huge_bytes(), fs_huge_bytes());
	if (err == 0)
		err = node_bind_range(&c, MPOL_BIND, node_set(pair.device, NULL));
	if (err < 0)
		return err;
	conform_fill(&c, 0, c.pages, KEY);
	err = fs_mapped_add(0, c.buf.cpu, c.buf.bytes, &seen);
	if (err == 0 && seen.huge_bytes < c.buf.bytes)
		return fs_skip(job, "as root: echo madvise >/sys/kernel/mm/transparent_hugepage/enabled", "the kernel makes no huge page there");
	if (err == 0)
		err = node_expect(&c, pair.device, c.pages, "base pages on the device's node");
	/* A policy for the device's node would refuse the way back. */
	if (err == 0)
		err = node_bind_range(&c, MPOL_DEFAULT, node_set(NULL, NULL));
	return err == 0 ? there_and_back(&c, &pair) : err;
}

/* ---- a full node */

static int node_of(void *address)
{
	int status = -1;

	return pages_nodes(address, 1, NULL, &status) == 0 ? status : -1;
}

/* Touches pages until one is on the device's node, or all of the host's free memory and a bit more is used. Returns how many were there. */
static size_t fill_host(const struct node_pair *pair, unsigned char *memory, size_t bytes)
{
	size_t page = fs_page_bytes();

	for (size_t at = 0; at + FULL_STEP <= bytes; at += FULL_STEP) {
		for (size_t i = 0; i < FULL_STEP; i += page) {
			memory[at + i] = 1;
			if (i % (FULL_STEP / 16) == 0 && node_of(memory + at + i) == pair->device->id)
				return 1;
		}
	}
	return 0;
}

static int node_full(struct fs_job *job)
{
	struct node_pair pair;
	unsigned char *memory;
	size_t bytes;
	int err = node_find(job, &pair);

	if (err < 0)
		return err;
	bytes = pair.host->free_bytes + 4 * FULL_STEP;
	err = control_need_guest(job, "would fill the memory of a node");
	if (err < 0)
		return err;
	if (bytes > FULL_MOST)
		return fs_skip(job, "fivestep guest run with less memory", "would fill a node of more than 8 GiB");
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return fs_error(job, -errno, "mmap: %s", strerror(errno));
	fs_expect(job, "pages on the device's node that nobody asked for", (double)fill_host(&pair, memory, bytes), FS_EQ, 0);
	munmap(memory, bytes);
	return 0;
}

/* ---- tiers */

static int node_tier(struct fs_job *job)
{
	struct node_pair pair;
	int err = node_find(job, &pair);

	if (err < 0)
		return err;
	if (pair.host->tier < 0 || pair.device->tier < 0)
		return fs_skip(job, "Linux 6.1 or newer", "this kernel has no memory tiers");
	fs_expect(job, "the device node's tier", pair.device->tier, FS_GE, pair.host->tier + 1);
	return 0;
}

#define CASE(case_name, text, promised, ...)                                                                                                         \
	{                                                                                                                                            \
		.name = FS_CASE #case_name, .summary = text, .promise = promised, .host_only = true, .run = case_name, __VA_ARGS__                   \
	}

const struct fs_bench conform_node[] = {
	CASE(node_default, "memory without a policy", "Memory without a policy is never on the device's node while the CPU's node has room."),
	CASE(node_full, "memory without a policy when the CPU's node is full",
		"Memory without a policy is never on the device's node, even when the CPU's node is full.",
		.expected_failure =
			"since 2017 no kind of node was added that allocations keep out of: a node without CPUs is in every node's list of "
			"fallbacks"),
	CASE(node_bind, "memory bound to the device's node", "MPOL_BIND to the device's node places every page there."),
	CASE(node_preferred, "memory that prefers the device's node", "MPOL_PREFERRED places every page on the device's node while it has room."),
	CASE(node_interleave, "memory interleaved with the device's node",
		"MPOL_INTERLEAVE over both nodes places every other page on the device's."),
	CASE(node_weighted, "memory interleaved by weights",
		"MPOL_WEIGHTED_INTERLEAVE with weights 3 and 1 places every fourth page on the device's node."),
	CASE(node_locked, "locked memory moves to the device's node and back",
		"Locked memory moves to the device's node and back, with its contents."),
	CASE(node_huge, "a huge page on the device's node",
		"A huge page can be on the device's node, and moves from it and to it with its contents."),
	CASE(node_tier, "the device's node in a lower memory tier",
		"The device's node is in a lower memory tier than the CPU's, so that memory is demoted to it.",
		.expected_failure = "before Linux 6.7 tiers did not follow from what firmware says of nodes (HMAT)"),
	{0},
};

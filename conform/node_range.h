/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node_range.h - what cases of memory nodes share: the CPU's node and one without CPUs, memory under a policy, and where its pages are.
 */
#ifndef FIVESTEP_CONFORM_NODE_RANGE_H
#define FIVESTEP_CONFORM_NODE_RANGE_H

#include <linux/mempolicy.h>

#include "conform/conform.h"
#include "harness/machine/topology.h"

#ifndef MPOL_WEIGHTED_INTERLEAVE
#define MPOL_WEIGHTED_INTERLEAVE 6
#endif

struct node_pair {
	const struct fs_node *host, *device;
};

/* A machine whose nodes all have CPUs is a skip. */
int node_find(struct fs_job *job, struct node_pair *pair);
/* A set of nodes, as mbind takes it: of one or two, NULL is none. Numbers go up to 1023. */
struct node_set {
	unsigned long word[1024 / (8 * sizeof(unsigned long))];
};
struct node_set node_set(const struct fs_node *one, const struct fs_node *other);

/* Memory of which no page exists yet, as a range that can be filled and compared. */
int node_map(struct fs_job *job, struct conform *c, size_t bytes, size_t page);
/* mbind(): -errno; and with the reason kept in the job. */
int node_try_bind(struct conform *c, int policy, struct node_set nodes);
int node_bind_range(struct conform *c, int policy, struct node_set nodes);
int node_move(struct conform *c, const struct fs_node *node, const char *what);

/* How many of its base pages are on a node, or -errno; and evidence that so many are. */
ssize_t node_count(struct conform *c, const struct fs_node *node);
int node_expect(struct conform *c, const struct fs_node *node, size_t pages, const char *what);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * btree.body.h - looks keys up in a B+ tree whose nodes are linked. u: offset of the root, of the questions and of the
 * answers. An index is a question.
 */
#ifndef FIVESTEP_KERNELS_BTREE_BODY_H
#define FIVESTEP_KERNELS_BTREE_BODY_H

#include "harness/body.h"

#define BTREE_KEYS    7
#define BTREE_MISSING ((ulong)-1)

/* 128 bytes. Keys ascend. In a leaf slot[k] is key[k]'s value; above, slot[k] links to what is below key[k], slot[n] to the rest. */
struct btree_node {
	uint n, is_leaf;
	ulong key[BTREE_KEYS];
	ulong slot[BTREE_KEYS + 1];
};

FS_DEVICE_FN static inline ulong btree_find(FS_GLOBAL uchar *buf, const struct fs_body_args a, ulong key)
{
	FS_GLOBAL const struct btree_node *node = FS_ARRAY(struct btree_node, a.u[0]);
	ulong k;

	for (;;) {
		for (k = 0; k < node->n && (node->is_leaf ? node->key[k] < key : node->key[k] <= key);)
			k++;
		if (node->is_leaf)
			return k < node->n && node->key[k] == key ? node->slot[k] : BTREE_MISSING;
		node = FS_LINK(struct btree_node, node->slot[k]);
	}
}

FS_BODY(btree)
{
	FS_GLOBAL const ulong *questions = FS_ARRAY(ulong, a.u[1]);
	FS_GLOBAL ulong *answers = FS_ARRAY(ulong, a.u[2]);

	(void)out;
	FS_FOR(i)
	{
		answers[i] = btree_find(buf, a, questions[i]);
	}
}

#endif

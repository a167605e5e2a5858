/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * btree - a tree that the CPU builds with real pointers, and the device searches. Where both sides share one address space
 * the pointers just work; under plain copies the tree must be marshalled, links turned into offsets, and that is part
 * of step 3: the price of copies that bandwidth figures do not show.
 *
 * Nodes lie in an order that has nothing to do with the tree's, so that neighbours in the tree are not neighbours in
 * memory. Not shown: changing the tree on the device. The upper levels, which every search passes, stay in a cache,
 * as they would in real use.
 */
#include "config.h"

#include "kernels/btree.body.h"
#include "kernels/seeded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/fivestep.h"

#define CPU_SHARE 8 /* the CPU checks one of this many answers by its own search */

enum { NODES, QUESTIONS, ANSWERS };

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 40),
		.help = "bytes of the buffer: three quarters tree, the rest queries and answers"},
	{0},
};

/* The tree's shape follows from how many leaves it has; nodes are numbered from the root, level by level. */
struct shape {
	uint64_t leaves, nodes, stride; /* stride: coprime to nodes, spreads them over memory */
	uint64_t disagree;		/* answers that differ from the CPU's */
};

static uint64_t children_of(uint64_t below, uint64_t here, uint64_t i)
{
	/* The nodes below are dealt out evenly: child ranges are [i * below / here, (i + 1) * below / here). */
	return (i + 1) * below / here - i * below / here;
}

static uint64_t level_above(uint64_t nodes)
{
	return (nodes + BTREE_KEYS) / (BTREE_KEYS + 1);
}

static uint64_t count_nodes(uint64_t leaves)
{
	uint64_t nodes = leaves;

	for (uint64_t level = leaves; level > 1; nodes += level)
		level = level_above(level);
	return nodes;
}

static uint64_t coprime_stride(uint64_t nodes)
{
	for (uint64_t stride = nodes * 618 / 1000 + 1;; stride++) {
		uint64_t a = nodes, b = stride;

		while (b != 0) {
			uint64_t rest = a % b;

			a = b;
			b = rest;
		}
		if (a == 1)
			return stride;
	}
}

/* Keys are odd, so that even questions miss. */
static ulong key_of(uint64_t i)
{
	return 2 * i + 1;
}

static ulong value_of(const struct fs_work *work, uint64_t i)
{
	return seeded(work->seed, i) >> 1;
}

static ulong question(const struct fs_work *work, uint64_t i)
{
	const struct shape *shape = work->state;

	return seeded(work->seed + 1, i) % (2 * shape->leaves * BTREE_KEYS);
}

static ulong expected_answer(const struct fs_work *work, uint64_t i)
{
	ulong key = question(work, i);

	return key % 2 == 1 ? value_of(work, key / 2) : BTREE_MISSING;
}

static ulong *words(const struct fs_work *work, unsigned region)
{
	return (ulong *)(work->cpu + work->regions[region].offset);
}

static int layout(struct fs_work *work)
{
	size_t tree = whole_pages_down(work->bytes / 4 * 3), list = whole_pages_down((work->bytes - tree) / 2);
	uint64_t room = tree / sizeof(struct btree_node);
	struct shape *shape = calloc(1, sizeof(*shape));

	if (shape == NULL)
		return fs_error_memory(work->job);
	work->state = shape;
	for (shape->leaves = room * BTREE_KEYS / (BTREE_KEYS + 1); count_nodes(shape->leaves) > room;)
		shape->leaves--;
	shape->nodes = count_nodes(shape->leaves);
	shape->stride = coprime_stride(shape->nodes);
	work->regions[NODES] = (struct fs_region){"nodes", 0, shape->nodes * sizeof(struct btree_node), FS_IN | FS_POINTERS};
	work->regions[QUESTIONS] = (struct fs_region){"questions", tree, list, FS_IN | FS_SLICED};
	work->regions[ANSWERS] = (struct fs_region){"answers", tree + list, list, FS_OUT | FS_SLICED};
	for (unsigned i = 0; i < 3; i++)
		work->launch.args.u[i] = work->regions[i].offset;
	work->launch.last = list / sizeof(ulong);
	return 0;
}

/* ---- the tree: built at image, with links as they hold at base */

struct builder {
	const struct fs_work *work;
	unsigned char *image;
	ulong base;
};

static size_t node_offset(const struct builder *b, uint64_t number)
{
	const struct shape *shape = b->work->state;

	/* The root stays first. */
	return number * shape->stride % shape->nodes * sizeof(struct btree_node);
}

static void build_leaf(const struct builder *b, struct btree_node *node, uint64_t leaf)
{
	node->n = BTREE_KEYS;
	node->is_leaf = 1;
	for (uint64_t k = 0; k < BTREE_KEYS; k++) {
		node->key[k] = key_of(leaf * BTREE_KEYS + k);
		node->slot[k] = value_of(b->work, leaf * BTREE_KEYS + k);
	}
}

/* The first leaf below the i-th node of a level. */
static uint64_t first_leaf(const uint64_t *levels, unsigned level, uint64_t i)
{
	for (; level > 0; level--)
		i = i * levels[level - 1] / levels[level];
	return i;
}

static void build_inner(const struct builder *b, struct btree_node *node, const uint64_t *levels, const uint64_t *first, unsigned level, uint64_t i)
{
	uint64_t child = i * levels[level - 1] / levels[level];

	node->n = (uint)(children_of(levels[level - 1], levels[level], i) - 1);
	for (uint64_t k = 0; k <= node->n; k++) {
		node->slot[k] = b->base + node_offset(b, first[level - 1] + child + k);
		if (k > 0)
			node->key[k - 1] = key_of(first_leaf(levels, level - 1, child + k) * BTREE_KEYS);
	}
}

static void build(const struct builder *b)
{
	const struct shape *shape = b->work->state;
	uint64_t levels[64], first[64], number = 0;
	unsigned top = 0;

	levels[0] = shape->leaves;
	for (; levels[top] > 1; top++)
		levels[top + 1] = level_above(levels[top]);
	for (unsigned level = top + 1; level-- > 0; number += levels[level])
		first[level] = number;
	for (unsigned level = top + 1; level-- > 0;) {
		for (uint64_t i = 0; i < levels[level]; i++) {
			struct btree_node *node = (struct btree_node *)(b->image + node_offset(b, first[level] + i));

			memset(node, 0, sizeof(*node));
			if (level == 0)
				build_leaf(b, node, i);
			else
				build_inner(b, node, levels, first, level, i);
		}
	}
}

/* ---- the steps */

static int cpu_before(struct fs_work *work)
{
	ulong *questions = words(work, QUESTIONS);

	build(&(struct builder){work, work->cpu, (ulong)work->cpu});
	for (uint64_t i = 0; i < work->launch.last; i++)
		questions[i] = question(work, i);
	return 0;
}

static int marshal(const struct fs_work *work, const struct fs_region *region, void *image)
{
	const struct btree_node *from = (const struct btree_node *)(work->cpu + region->offset);
	struct btree_node *to = image;

	for (size_t i = 0; i < region->bytes / sizeof(*to); i++) {
		to[i] = from[i];
		for (uint64_t k = 0; !from[i].is_leaf && k <= from[i].n; k++)
			to[i].slot[k] = from[i].slot[k] - (ulong)work->cpu;
	}
	return 0;
}

/* The CPU goes through the tree as well, by its own pointers. */
static int cpu_after(struct fs_work *work)
{
	struct fs_body_args args = work->launch.args;
	struct shape *shape = work->state;

	args.link_base = (ulong)work->cpu;
	for (uint64_t i = 0; i < work->launch.last; i += CPU_SHARE)
		shape->disagree += btree_find(work->cpu, args, words(work, QUESTIONS)[i]) != words(work, ANSWERS)[i];
	return 0;
}

/* The tree must be as it was built: it is only read. */
static int check_nodes(struct fs_work *work)
{
	size_t bytes = work->regions[NODES].bytes;
	unsigned char *expected = calloc(1, bytes);
	int err = 0;

	if (expected == NULL)
		return fs_error(work->job, -ENOMEM, "no memory for the reference");
	build(&(struct builder){work, expected, (ulong)work->cpu});
	for (size_t i = 0; i < bytes && err == 0; i++) {
		if (expected[i] != work->cpu[i])
			err = fs_wrong(work->job, "byte %zu of the tree is %02x, not %02x", i, work->cpu[i], expected[i]);
	}
	free(expected);
	return err;
}

static int check(struct fs_work *work)
{
	const struct shape *shape = work->state;

	for (uint64_t i = 0; i < work->launch.last; i++) {
		if (words(work, QUESTIONS)[i] != question(work, i))
			return fs_wrong(
				work->job, "question %llu is %lu, not %lu", (unsigned long long)i, words(work, QUESTIONS)[i], question(work, i));
		if (words(work, ANSWERS)[i] != expected_answer(work, i))
			return fs_wrong(
				work->job, "the answer to %lu is %lx, not %lx", question(work, i), words(work, ANSWERS)[i], expected_answer(work, i));
	}
	if (shape->disagree != 0)
		return fs_wrong(work->job, "the CPU found %llu answers to be otherwise", (unsigned long long)shape->disagree);
	return check_nodes(work);
}

/* The nodes that a question passes, in a tree of our own whose links are offsets. */
static void profile_question(const unsigned char *tree, ulong key, struct fs_pages *pages)
{
	const struct btree_node *node = (const struct btree_node *)tree;

	for (;;) {
		ulong k = 0;

		fs_reads(pages, (size_t)((const unsigned char *)node - tree), sizeof(*node));
		if (node->is_leaf)
			return;
		while (k < node->n && node->key[k] <= key)
			k++;
		node = (const struct btree_node *)(tree + node->slot[k]);
	}
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	unsigned char *tree = malloc(work->regions[NODES].bytes);

	(void)turn;
	if (tree == NULL)
		return fs_error(work->job, -ENOMEM, "no memory for the profile");
	build(&(struct builder){work, tree, 0});
	for (uint64_t i = 0; i < work->launch.last; i += side == FS_DEVICE ? 1 : CPU_SHARE) {
		profile_question(tree, question(work, i), pages);
		fs_reads(pages, work->regions[QUESTIONS].offset + i * sizeof(ulong), sizeof(ulong));
		if (side == FS_DEVICE)
			fs_writes(pages, work->regions[ANSWERS].offset + i * sizeof(ulong), sizeof(ulong));
		else
			fs_reads(pages, work->regions[ANSWERS].offset + i * sizeof(ulong), sizeof(ulong));
	}
	free(tree);
	return 0;
}

const struct fs_kernel kernel_btree = {
	.name = "btree",
	.summary = "look-ups in a tree of pointers: copies must marshal it",
	.params = params,
	.body_name = "btree",
	.body = btree_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.marshal = marshal,
	.profile = profile,
};

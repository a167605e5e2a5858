/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bfs - breadth-first search over a random graph, level by level: the device marks a level, the CPU looks whether
 * there is another. Irregular access: few pages of the levels are touched at first, nearly all of them later.
 *
 * Under copies graph and levels go to the device once, the levels come back each time. Not shown: a frontier kept as a list. A random
 * graph is shallow (a handful of levels); a long thin one would cross more often. It lies where the graph fits a cache.
 */
#include "config.h"

#include "kernels/bfs.body.h"
#include "kernels/seeded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/fivestep.h"

#define UNSEEN	     ((ulong)-1)
#define DEGREE_MIN   4
#define DEGREE_MAX   12
#define VERTEX_BYTES (sizeof(ulong) + DEGREE_MAX * sizeof(uint) + sizeof(ulong)) /* at most */

enum { ROWS, EDGES, LEVELS };

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 40),
		.help = "bytes of the buffer: graph and levels"},
	{0},
};

static uint64_t vertices(const struct fs_work *work)
{
	return work->launch.last;
}

static uint64_t degree(const struct fs_work *work, uint64_t v)
{
	return DEGREE_MIN + seeded(work->seed, v) % (DEGREE_MAX - DEGREE_MIN + 1);
}

static uint neighbour(const struct fs_work *work, uint64_t v, uint64_t k)
{
	return (uint)(seeded(work->seed + 1, v * DEGREE_MAX + k) % vertices(work));
}

static ulong *rows_of(const struct fs_work *work)
{
	return (ulong *)(work->cpu + work->regions[ROWS].offset);
}

static uint *edges_of(const struct fs_work *work)
{
	return (uint *)(work->cpu + work->regions[EDGES].offset);
}

static ulong *levels_of(const struct fs_work *work)
{
	return (ulong *)(work->cpu + work->regions[LEVELS].offset);
}

static int layout(struct fs_work *work)
{
	/* Four pages for the rounding of three regions and the row behind the last. */
	uint64_t n = (work->bytes - 4 * fs_page_bytes()) / VERTEX_BYTES;
	size_t rows = whole_pages_up((n + 1) * sizeof(ulong)), edges = whole_pages_up(n * DEGREE_MAX * sizeof(uint));

	work->regions[ROWS] = (struct fs_region){"rows", 0, (n + 1) * sizeof(ulong), FS_IN};
	work->regions[EDGES] = (struct fs_region){"edges", rows, n * DEGREE_MAX * sizeof(uint), FS_IN};
	work->regions[LEVELS] = (struct fs_region){"levels", rows + edges, n * sizeof(ulong), FS_IN | FS_OUT};
	for (unsigned i = 0; i < 3; i++)
		work->launch.args.u[i] = work->regions[i].offset;
	work->launch.args.u[3] = 0;
	work->launch.args.u[4] = UNSEEN;
	work->launch.last = n;
	return 0;
}

static int cpu_before(struct fs_work *work)
{
	ulong *rows = rows_of(work), *levels = levels_of(work), at = 0;
	uint *edges = edges_of(work);

	for (uint64_t v = 0; v < vertices(work); v++) {
		rows[v] = at;
		for (uint64_t k = 0; k < degree(work, v); k++)
			edges[at++] = neighbour(work, v, k);
		levels[v] = UNSEEN;
	}
	rows[vertices(work)] = at;
	/* What is not used of the edges is written too: it crosses with them. */
	memset(edges + at, 0, work->regions[EDGES].bytes - at * sizeof(*edges));
	levels[0] = 0;
	return 0;
}

static int cpu_after(struct fs_work *work)
{
	const ulong *levels = levels_of(work);
	ulong deeper = work->launch.args.u[3] + 1;

	for (uint64_t v = 0; v < vertices(work); v++) {
		if (levels[v] != deeper)
			continue;
		work->launch.args.u[3] = deeper;
		/* The device has the graph from now on, and the levels as it wrote them: the CPU only looks. */
		work->regions[ROWS].flags = 0;
		work->regions[EDGES].flags = 0;
		work->regions[LEVELS].flags |= FS_KEPT;
		return 1;
	}
	return 0;
}

/* A search with a queue, over neighbours as the seed gives them: neither buffer nor body is looked at. */
static int reference(const struct fs_work *work, ulong *levels)
{
	uint64_t n = vertices(work), head = 0, tail = 0;
	uint *queue = malloc(n * sizeof(*queue));

	if (queue == NULL)
		return -ENOMEM;
	for (uint64_t v = 0; v < n; v++)
		levels[v] = UNSEEN;
	levels[0] = 0;
	queue[tail++] = 0;
	while (head < tail) {
		uint64_t v = queue[head++];

		for (uint64_t k = 0; k < degree(work, v); k++) {
			uint w = neighbour(work, v, k);

			if (levels[w] != UNSEEN)
				continue;
			levels[w] = levels[v] + 1;
			queue[tail++] = w;
		}
	}
	free(queue);
	return 0;
}

static int check_graph(struct fs_work *work)
{
	const ulong *rows = rows_of(work);
	const uint *edges = edges_of(work);
	size_t at = 0, all = work->regions[EDGES].bytes / sizeof(*edges);

	for (uint64_t v = 0; v < vertices(work); v++) {
		if (rows[v] != at)
			return fs_wrong(work->job, "row %llu begins at %lu, not %zu", (unsigned long long)v, rows[v], at);
		for (uint64_t k = 0; k < degree(work, v); k++, at++) {
			if (edges[at] != neighbour(work, v, k))
				return fs_wrong(work->job, "edge %zu goes to %u, not %u", at, edges[at], neighbour(work, v, k));
		}
	}
	if (rows[vertices(work)] != at)
		return fs_wrong(work->job, "the rows end at %lu, not %zu", rows[vertices(work)], at);
	for (; at < all; at++) {
		if (edges[at] != 0)
			return fs_wrong(work->job, "edge %zu, which is not used, is %u", at, edges[at]);
	}
	return 0;
}

/* The levels by the seed. The caller frees them; NULL: no memory, which the job knows. */
static ulong *expected_levels(const struct fs_work *work)
{
	ulong *expected = malloc(vertices(work) * sizeof(*expected));

	if (expected != NULL && reference(work, expected) == 0)
		return expected;
	free(expected);
	fs_error(work->job, -ENOMEM, "no memory for the reference");
	return NULL;
}

static int check(struct fs_work *work)
{
	ulong *expected = expected_levels(work);
	int err = expected != NULL ? 0 : -ENOMEM;

	for (uint64_t v = 0; v < vertices(work) && err == 0; v++) {
		if (levels_of(work)[v] != expected[v])
			err = fs_wrong(work->job, "vertex %llu is at level %ld, not %ld", (unsigned long long)v, (long)levels_of(work)[v],
				(long)expected[v]);
	}
	free(expected);
	return err < 0 ? err : check_graph(work);
}

/* A turn is a level: the device looks at all levels, and at the rows and edges of its vertices; the CPU looks until it sees a vertex of the next. */
static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	const struct fs_region *rows = &work->regions[ROWS], *edges = &work->regions[EDGES], *levels = &work->regions[LEVELS];
	ulong *expected = expected_levels(work);
	uint64_t at = 0;

	if (expected == NULL)
		return -ENOMEM;
	for (uint64_t v = 0; v < vertices(work); v++) {
		uint64_t n = degree(work, v);

		fs_reads(pages, levels->offset + v * sizeof(ulong), sizeof(ulong));
		if (side == FS_HOST && expected[v] == turn + 1)
			break;
		for (uint64_t k = 0; k < n && side == FS_DEVICE && expected[v] == turn; k++) {
			uint w = neighbour(work, v, k);

			if (expected[w] == turn + 1)
				fs_writes(pages, levels->offset + w * sizeof(ulong), sizeof(ulong));
		}
		if (side == FS_DEVICE && expected[v] == turn) {
			fs_reads(pages, rows->offset + v * sizeof(ulong), 2 * sizeof(ulong));
			fs_reads(pages, edges->offset + at * sizeof(uint), n * sizeof(uint));
		}
		at += n;
	}
	free(expected);
	return 0;
}

const struct fs_kernel kernel_bfs = {
	.name = "bfs",
	.summary = "breadth-first search, level by level: irregular, the CPU decides on the next",
	.params = params,
	.body_name = "bfs",
	.body = bfs_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.profile = profile,
};

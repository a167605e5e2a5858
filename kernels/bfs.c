/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bfs - breadth-first search over a graph, level by level: the device marks a level, the CPU checks whether there is another. Irregular access: few
 * pages of the levels are touched at first, nearly all of them later.
 *
 * Under copies graph and levels go to the device once, the levels come back each time. Not shown: a frontier kept as a list. Random and R-MAT graphs
 * are shallow (a handful of levels); a long thin one, such as a road network of a file, crosses more often. Misleading where the graph fits a cache.
 */
#include "config.h"

#include "kernels/bfs.body.h"
#include "kernels/graph.h"
#include "kernels/regions.h"

#include <errno.h>

#define UNSEEN ((ulong)-1)

enum { ROWS, EDGES, LEVELS };

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "graph and levels")},
	{.name = "graph",
		.type = FS_PARAM_INPUT,
		.initial = "random",
		.choices = "random|rmat",
		.help = "random: 4 to 12 edges a vertex, anywhere; rmat: few vertices have most of the edges"},
	{0},
};

struct state {
	struct graph graph;
	/* The reference, computed once for a seed: the graph anew, and the levels of its vertices. */
	bool is_known;
	uint64_t seed;
	ulong *levels, *rows;
	uint *edges, *queue;
	ulong words[];
};

static uint64_t vertices(const struct fs_work *work)
{
	return work->launch.last;
}

/* Of a file's graph: three regions, each on whole pages. */
static int admit(const struct fs_args *args, size_t *least, struct fs_reason *why)
{
	const struct fs_input *input = fs_input(args, "graph");

	if (input == NULL)
		return 0;
	if (input->rows != input->columns)
		return fs_because(why, -EINVAL, "", "%s: graph=%s: %llu rows and %llu columns; expected as many, a vertex each", input->path,
			fs_arg_choice(args, "graph"), (unsigned long long)input->rows, (unsigned long long)input->columns);
	if (input->entries == 0)
		return fs_because(why, -EINVAL, "", "%s: graph=%s has no edge", input->path, fs_arg_choice(args, "graph"));
	*least = whole_pages_up((input->rows + 1) * sizeof(ulong)) + whole_pages_up(input->entries * sizeof(uint)) + input->rows * sizeof(ulong);
	return 0;
}

static struct graph graph_of(const struct fs_work *work)
{
	const struct fs_input *input = fs_input(fs_args(work->job), "graph");
	bool is_rmat = fs_is(work->job, "graph", "rmat");
	size_t vertex = sizeof(ulong) + graph_edges_per_vertex(is_rmat) * sizeof(uint) + sizeof(ulong);

	if (input != NULL)
		return graph_of_input(input);
	/* Four pages for the rounding of three regions and the row behind the last. */
	return graph_of_seed((work->bytes - 4 * fs_page_bytes()) / vertex, is_rmat, work->seed);
}

static int layout(struct fs_work *work)
{
	struct graph graph = graph_of(work);
	struct state *state = malloc(sizeof(*state) + (2 * graph.n + 1) * sizeof(ulong) + (graph.room + graph.n) * sizeof(uint));

	if (state == NULL)
		return fs_error_memory(work->job);
	*state = (struct state){.graph = graph};
	state->levels = state->words;
	state->rows = state->levels + graph.n;
	state->edges = (uint *)(state->rows + graph.n + 1);
	state->queue = state->edges + graph.room;
	work->state = state;
	region_add(work, ROWS, "rows", (graph.n + 1) * sizeof(ulong), FS_IN);
	region_add(work, EDGES, "edges", graph.room * sizeof(uint), FS_IN);
	region_add(work, LEVELS, "levels", graph.n * sizeof(ulong), FS_IN | FS_OUT);
	work->launch.args.u[3] = 0;
	work->launch.args.u[4] = UNSEEN;
	work->launch.last = graph.n;
	return 0;
}

static int cpu_before(struct fs_work *work)
{
	struct graph *graph = &((struct state *)work->state)->graph;
	ulong *levels = region_at(work, LEVELS);

	graph->seed = work->seed;
	graph_fill(graph, region_at(work, ROWS), region_at(work, EDGES));
	for (uint64_t v = 0; v < vertices(work); v++)
		levels[v] = UNSEEN;
	levels[0] = 0;
	return 0;
}

static int cpu_after(struct fs_work *work)
{
	const ulong *levels = region_at(work, LEVELS);
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

/* A search with a queue, over a graph that is made anew: neither buffer nor body is looked at. */
static const struct state *reference(const struct fs_work *work)
{
	struct state *s = work->state;
	uint64_t n = vertices(work), head = 0, tail = 0;

	if (s->is_known && s->seed == work->seed)
		return s;
	s->is_known = true;
	s->seed = s->graph.seed = work->seed;
	graph_fill(&s->graph, s->rows, s->edges);
	for (uint64_t v = 0; v < n; v++)
		s->levels[v] = UNSEEN;
	s->levels[0] = 0;
	s->queue[tail++] = 0;
	while (head < tail) {
		uint v = s->queue[head++];

		for (ulong e = s->rows[v]; e < s->rows[v + 1]; e++) {
			uint w = s->edges[e];

			if (s->levels[w] != UNSEEN)
				continue;
			s->levels[w] = s->levels[v] + 1;
			s->queue[tail++] = w;
		}
	}
	return s;
}

static int check(struct fs_work *work)
{
	const struct state *expected = reference(work);
	int err = expect_words(work, LEVELS, expected->levels);

	if (err == 0)
		err = expect_words(work, ROWS, expected->rows);
	return err == 0 ? expect_uints(work, EDGES, expected->edges) : err;
}

/* A turn is a level: the device looks at all levels, and at the rows and edges of its vertices; the CPU looks until it sees a vertex of the next. */
static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	const struct fs_region *rows = &work->regions[ROWS], *edges = &work->regions[EDGES], *levels = &work->regions[LEVELS];
	const struct state *expected = reference(work);

	for (uint64_t v = 0; v < vertices(work); v++) {
		ulong first = expected->rows[v], end = expected->rows[v + 1];

		fs_reads(pages, levels->offset + v * sizeof(ulong), sizeof(ulong));
		if (side == FS_HOST && expected->levels[v] == turn + 1)
			break;
		if (side == FS_HOST || expected->levels[v] != turn)
			continue;
		fs_reads(pages, rows->offset + v * sizeof(ulong), 2 * sizeof(ulong));
		fs_reads(pages, edges->offset + first * sizeof(uint), (end - first) * sizeof(uint));
		for (ulong e = first; e < end; e++) {
			if (expected->levels[expected->edges[e]] == turn + 1)
				fs_writes(pages, levels->offset + expected->edges[e] * sizeof(ulong), sizeof(ulong));
		}
	}
	return 0;
}

const struct fs_kernel kernel_bfs = {
	.name = "bfs",
	.summary = "breadth-first search, level by level: irregular, the CPU decides on the next",
	.params = params,
	.body_name = "bfs",
	.body = bfs_body,
	.admit = admit,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.profile = profile,
};

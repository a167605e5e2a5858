/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * graph.h - graphs as rows of neighbours: random ones, R-MAT ones, and those of a file.
 *
 * Random: each vertex has 4 to 12 neighbours anywhere. R-MAT (Chakrabarti, Zhan and Faloutsos, 2004): an edge chooses a quadrant of the adjacency
 * matrix again and again, with the chances of Graph500, so that few vertices have most of the edges; each edge is there both ways, and there are 8
 * for each vertex. Vertices are not renumbered: those with many edges come first. A file's graph has an edge for each element of its matrix.
 */
#ifndef FIVESTEP_KERNELS_GRAPH_H
#define FIVESTEP_KERNELS_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "harness/fivestep.h"
#include "kernels/seeded.h"

#define DEGREE_MIN 4
#define DEGREE_MAX 12
#define RMAT_EDGES 8 /* for each vertex; twice as many with both ways */
/* Of 65536: 57 % of the edges go to the first quadrant, 19 % each to the next two. */
#define RMAT_A 37355u
#define RMAT_B 12452u

struct graph {
	uint64_t n, room, seed; /* vertices; edges at most */
	bool is_rmat;
	unsigned bits;		      /* of a vertex, R-MAT */
	const struct fs_input *input; /* of a file; NULL: of the seed */
};

/* Of the seed. How many vertices fit is up to the caller. */
static inline uint64_t graph_edges_per_vertex(bool is_rmat)
{
	return is_rmat ? 2 * RMAT_EDGES : DEGREE_MAX;
}

static inline struct graph graph_of_seed(uint64_t n, bool is_rmat, uint64_t seed)
{
	struct graph graph = {.n = n, .room = n * graph_edges_per_vertex(is_rmat), .seed = seed, .is_rmat = is_rmat};

	while ((uint64_t)1 << graph.bits < n)
		graph.bits++;
	return graph;
}

static inline struct graph graph_of_input(const struct fs_input *input)
{
	return (struct graph){.n = input->rows, .room = input->entries, .input = input};
}

/* Edge e of an R-MAT graph: 16 bits of chance for each bit of its two vertices; drawn again until both are there. */
static inline void graph_rmat_edge(const struct graph *g, uint64_t e, uint64_t ends[2])
{
	uint64_t chance = 0, draw = seeded(g->seed, e);

	do {
		ends[0] = ends[1] = 0;
		for (unsigned bit = 0; bit < g->bits; bit++) {
			unsigned here;

			if (bit % 4 == 0)
				chance = draw = fs_mix(draw);
			here = chance & 0xffff;
			chance >>= 16;
			ends[0] = 2 * ends[0] + (here >= RMAT_A + RMAT_B);
			ends[1] = 2 * ends[1] + ((here >= RMAT_A && here < RMAT_A + RMAT_B) || here >= RMAT_A + 2 * RMAT_B);
		}
	} while (ends[0] >= g->n || ends[1] >= g->n);
}

/* Counted, then put in place from behind: rows[v] is the end of v's row first, and its beginning when all are there. */
static inline void graph_fill_rmat(const struct graph *g, ulong *rows, uint *edges)
{
	uint64_t ends[2];

	memset(rows, 0, (g->n + 1) * sizeof(*rows));
	for (uint64_t e = 0; e < g->n * RMAT_EDGES; e++) {
		graph_rmat_edge(g, e, ends);
		rows[ends[0]]++;
		rows[ends[1]]++;
	}
	for (uint64_t v = 0; v < g->n; v++)
		rows[v + 1] += rows[v];
	for (uint64_t e = g->n * RMAT_EDGES; e-- > 0;) {
		graph_rmat_edge(g, e, ends);
		edges[--rows[ends[0]]] = (uint)ends[1];
		edges[--rows[ends[1]]] = (uint)ends[0];
	}
}

static inline void graph_fill_random(const struct graph *g, ulong *rows, uint *edges)
{
	ulong at = 0;

	for (uint64_t v = 0; v < g->n; v++) {
		uint64_t degree = DEGREE_MIN + seeded(g->seed, v) % (DEGREE_MAX - DEGREE_MIN + 1);

		rows[v] = at;
		for (uint64_t k = 0; k < degree; k++)
			edges[at++] = (uint)(seeded(g->seed + 1, v * DEGREE_MAX + k) % g->n);
	}
	rows[g->n] = at;
}

/* What is not used of the edges is written too: it crosses with them. */
static inline void graph_fill(const struct graph *g, ulong *rows, uint *edges)
{
	if (g->input != NULL) {
		memcpy(rows, g->input->first, (g->n + 1) * sizeof(*rows));
		memcpy(edges, g->input->column, g->room * sizeof(*edges));
	} else if (g->is_rmat) {
		graph_fill_rmat(g, rows, edges);
	} else {
		graph_fill_random(g, rows, edges);
	}
	memset(edges + rows[g->n], 0, (g->room - rows[g->n]) * sizeof(*edges));
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernels_own.c - what is particular to single kernels: how many turns they take, what is known of their answers, and real inputs.
 */
#include "config.h"

#include <math.h>

#include "kernels/element.h"
#include "kernels/sparse.h"
#include "tests/round/kernel_ways.h"

static void test_triad(void)
{
	const struct fs_kernel *kernel = kernel_named("triad");
	struct fake_steps steps;
	struct fake_job fake;

	is_int(sweeps_of(&steps, &fake, kernel, "size=192K"), 1, "triad: the device computes once");
	is_int((long long)kernel->device_bytes(&steps.work), 192 << 10, "it streams over three arrays");
	end(&steps, &fake);
}

static void test_jacobi(void)
{
	const struct fs_kernel *kernel = kernel_named("jacobi");
	struct fake_steps steps;
	struct fake_job fake;

	is_int(sweeps_of(&steps, &fake, kernel, "size=1M sweeps=7 change=0"), 7, "jacobi: as many sweeps as requested");
	is_int((long long)kernel->device_bytes(&steps.work), 7 * 2 * 256 * 256 * 8, "each reads one grid and writes one");
	end(&steps, &fake);
	is_int(sweeps_of(&steps, &fake, kernel, "size=1M change=1"), 1, "it ends when no point changes by more than the given limit");
	end(&steps, &fake);
	ok(sweeps_of(&steps, &fake, kernel, "size=1M sweeps=10000 change=0.01") > 4, "of itself");
	ok(steps.work.iteration < 10000, "it converges, after %u sweeps", steps.work.iteration);
	end(&steps, &fake);
}

/* Sorted, ascending. */
static int by_size(const void *a, const void *b)
{
	const ulong *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A few vertices of an R-MAT graph have a large part of its edges; each edge is there both ways. */
static void test_rmat(void)
{
	const struct fs_kernel *kernel = kernel_named("bfs");
	struct fake_steps steps;
	struct fake_job fake;
	int levels = sweeps_of(&steps, &fake, kernel, "size=1M graph=rmat");
	uint64_t n = steps.work.launch.last, most = 0;
	const ulong *rows = (const ulong *)(steps.work.cpu + steps.work.regions[0].offset);
	const uint *edges = (const uint *)(steps.work.cpu + steps.work.regions[1].offset);
	ulong *degree = calloc(n, sizeof(*degree)), *to = calloc(n, sizeof(*to));
	bool both = true;

	ok(levels >= 3 && levels <= 20, "bfs graph=rmat: a handful of levels: %d", levels);
	is_int((long long)rows[n], (long long)(16 * n), "16 edges a vertex");
	for (uint64_t v = 0; v < n && degree != NULL && to != NULL; v++) {
		degree[v] = rows[v + 1] - rows[v];
		for (ulong e = rows[v]; e < rows[v + 1]; e++)
			to[edges[e]]++;
	}
	for (uint64_t v = 0; v < n; v++)
		both = both && to[v] == degree[v];
	ok(both, "as many to each vertex as from it");
	qsort(degree, n, sizeof(*degree), by_size);
	for (uint64_t v = n - n / 100; v < n; v++)
		most += degree[v];
	ok(most > rows[n] / 10, "a hundredth of the vertices has more than a tenth of the edges: %llu of %lu", (unsigned long long)most, rows[n]);
	free(degree);
	free(to);
	end(&steps, &fake);
}

/* The distances of Zachary's club from its instructor are known: 16 members next to him, 9 at two steps, 8 at three. */
static void test_karate(void)
{
	const struct fs_kernel *kernel = kernel_named("bfs");
	struct fake_steps steps;
	struct fake_job fake;
	unsigned at[4] = {0};
	const ulong *levels;

	is_int(sweeps_of(&steps, &fake, kernel, "graph=karate"), 4, "bfs graph=karate: three levels, and a last look");
	is_int((long long)steps.work.launch.last, 34, "34 members");
	is_int((long long)steps.work.regions[1].bytes, 2 * 78 * sizeof(uint), "and 78 ties, both ways");
	levels = (const ulong *)(steps.work.cpu + steps.work.regions[2].offset);
	for (unsigned v = 0; v < 34; v++)
		at[levels[v] % 4]++;
	ok(at[0] == 1 && at[1] == 16 && at[2] == 9 && at[3] == 8, "at their distances: %u %u %u %u", at[0], at[1], at[2], at[3]);
	end(&steps, &fake);
}

static void test_bfs(void)
{
	const struct fs_kernel *kernel = kernel_named("bfs");
	struct fake_steps steps;
	struct fake_job fake;
	int sweeps = sweeps_of(&steps, &fake, kernel, "size=1M");

	ok(sweeps >= 4 && sweeps <= 20, "bfs: a random graph has a handful of levels: %d", sweeps);
	end(&steps, &fake);
	test_rmat();
	test_karate();
	test_ways(kernel, "graph=rmat");
	test_ways(kernel, "graph=karate");
	test_layout(kernel, "size=16*base graph=rmat");
	test_layout(kernel, "size=16*base graph=karate");
	test_profile(kernel, "graph=rmat");
	test_profile(kernel, "graph=karate");
}

static size_t count_answers(const struct fs_work *work, bool missing)
{
	const struct fs_region *answers = &work->regions[2];
	size_t n = 0;

	for (size_t i = 0; i < answers->bytes / sizeof(ulong); i++)
		n += (((const ulong *)(work->cpu + answers->offset))[i] == (ulong)-1) == missing;
	return n;
}

/* As kernels/btree.body.h has them, which defines the body besides. */
#define BTREE_KEYS 7
struct btree_node {
	uint n, is_leaf;
	ulong key[BTREE_KEYS], slot[BTREE_KEYS + 1];
};

/* Of a tree with so many leaves, each node full but the last of its level. */
static uint64_t nodes_over(uint64_t leaves)
{
	uint64_t nodes = leaves;

	for (uint64_t level = leaves; level > 1; nodes += level)
		level = level / (BTREE_KEYS + 1) + (level % (BTREE_KEYS + 1) != 0);
	return nodes;
}

/* As many leaves as three quarters of the buffer have room for, below as few nodes as that takes. */
static void test_tree(const struct fs_work *work)
{
	const struct btree_node *nodes = (const struct btree_node *)(work->cpu + work->regions[0].offset);
	size_t n = work->regions[0].bytes / sizeof(*nodes), page = fs_page_bytes(), room = work->bytes / 4 * 3 / page * page / sizeof(*nodes);
	uint64_t leaves = 0, values = 0;

	for (size_t i = 0; i < n; i++) {
		leaves += nodes[i].is_leaf;
		values += nodes[i].is_leaf ? nodes[i].n : 0;
	}
	is_int((long long)n, (long long)nodes_over(leaves), "a tree of as few nodes as its leaves take");
	ok(nodes_over(leaves + 1) > room, "with as many leaves as there is room for");
	is_int((long long)values, (long long)(BTREE_KEYS * leaves), "all of them full");
}

static void test_btree(void)
{
	const struct fs_kernel *kernel = kernel_named("btree");
	struct fake_steps steps;
	struct fake_job fake;

	is_int(sweeps_of(&steps, &fake, kernel, "size=1M"), 1, "btree: the device computes once");
	ok(count_answers(&steps.work, true) > 1000, "some keys are not there");
	ok(count_answers(&steps.work, false) > 1000, "and some are");
	test_tree(&steps.work);
	end(&steps, &fake);
}

/* What the CPU says of the residual is true of the answer: the matrix in the buffer times x is the right side, which r was before x left zero. */
static void test_cg(const char *args, double tolerance)
{
	const struct fs_kernel *kernel = kernel_named("cg");
	struct fake_steps steps;
	struct fake_job fake;
	const unsigned char *at[FS_REGIONS];
	void *first;
	double largest = 0, error = 0;
	size_t element;
	int turns = sweeps_of(&steps, &fake, kernel, args);

	ok(turns > 1 && turns < 1000, "cg %s: it converges, after %d turns", args, turns);
	for (unsigned i = 0; i < FS_REGIONS; i++)
		at[i] = steps.work.cpu + steps.work.regions[i].offset;
	element = turns > 0 ? element_bytes(&steps.work) : 0;
	/* Of the same seed before its first turn. */
	first = malloc(steps.work.regions[5].bytes);
	if (turns > 0 && first != NULL) {
		unsigned char *seen = steps.work.cpu;
		unsigned char *anew = calloc(1, steps.work.bytes);

		steps.work.cpu = anew;
		kernel->cpu_before(&steps.work);
		memcpy(first, anew + steps.work.regions[6].offset, steps.work.regions[6].bytes);
		steps.work.cpu = seen;
		free(anew);
	}
	for (uint64_t i = 0; turns > 0 && first != NULL && i < steps.work.launch.last; i++) {
		const ulong *rows = (const ulong *)at[0];
		double sum = 0;

		for (ulong k = rows[i]; k < rows[i + 1]; k++)
			sum += element_get(at[2], k, element) * element_get(at[5], ((const uint *)at[1])[k], element);
		largest = fmax(largest, fabs(element_get(first, i, element)));
		error = fmax(error, fabs(sum - element_get(first, i, element)));
	}
	ok(largest > 0 && error < tolerance * largest, "and solves the system: the largest error is %g", error);
	free(first);
	end(&steps, &fake);
}

/* The order of a sparse matrix's rows: each has one place, and to find it takes as long at any number of rows. */
static void test_shuffle(uint64_t n)
{
	struct sparse matrix = sparse_matrix(n, 8, false, 1), unlimited = matrix;
	unsigned char *seen = calloc(1, n);
	uint64_t places = 0, back = 0, passed_on = 0;

	unlimited.n = UINT64_MAX;

	for (uint64_t i = 0; i < n && seen != NULL; i++) {
		uint64_t place = sparse_shuffle(&matrix, i);

		places += place < n && seen[place]++ == 0;
		back += sparse_unshuffle(&matrix, place) == i;
		passed_on += sparse_shuffle(&unlimited, i) >= n;
	}
	ok(places == n && back == n, "%llu rows have as many places, and each leads back", (unsigned long long)n);
	ok(n < 256 || passed_on < n * 5 / 8, "and about every second number at most is no row: %llu", (unsigned long long)passed_on);
	free(seen);
}

int main(void)
{
	for (unsigned bits = 1; bits < 14; bits++) {
		test_shuffle(1ull << bits);
		test_shuffle((1ull << bits) + 1);
	}
	test_triad();
	test_jacobi();
	test_bfs();
	test_btree();
	test_layout(kernel_named("histogram"), "size=12345678 bins=65536");
	test_layout(kernel_named("histogram"), "size=12345678 bins=7");
	test_cg("size=1M turns=200", 1e-7);
	test_cg("size=1M turns=200 matrix=banded degree=5", 1e-7);
	test_cg("turns=2000 matrix=lund_a", 1e-7);
	test_cg("size=1M turns=200 element=f32 residual=1e-6", 1e-4);
	test_ways(kernel_named("cg"), "matrix=lund_a");
	test_ways(kernel_named("cg"), "matrix=lund_a element=f32");
	test_layout(kernel_named("cg"), "size=16*base matrix=lund_a");
	test_profile(kernel_named("cg"), "matrix=lund_a");
	done_testing();
	return exit_status();
}

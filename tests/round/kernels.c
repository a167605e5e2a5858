/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernels.c - every kernel that is built in, through its five steps with a fake device: with links as pointers and as
 * offsets, its indices dealt out in many ways to threads, its slices one by one. What a kernel promises about its buffer
 * (regions, flags, the seed) is looked at too. tests/round/oracles.c sees to it that `check` can fail.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/machine/body_form.h"
#include "harness/plan/registry.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

#define SEED 42

static const struct fs_kernel *kernel_named(const char *name)
{
	for (unsigned i = 0; registry_kernels[i] != NULL; i++) {
		if (strcmp(registry_kernels[i]->name, name) == 0)
			return registry_kernels[i];
	}
	return NULL;
}

/* Runs and checks; the sweeps that it took, or -1. */
static int sweeps_of(struct fake_steps *steps, struct fake_job *fake, const struct fs_kernel *kernel, const char *args)
{
	bool right = false;
	int sweeps = -1;

	memset(steps, 0, sizeof(*steps));
	steps->workers = 2;
	steps->seed = SEED;
	if (fake_job_open(fake, kernel, NULL, args) == 0 && fake_steps_run(steps, fake) == 0)
		right = kernel->check(&steps->work) == 0;
	if (right)
		sweeps = (int)steps->work.iteration;
	else
		diag("%s %s: %s", kernel->name, args, fs_why(&fake->job)->what);
	return sweeps;
}

static void end(struct fake_steps *steps, struct fake_job *fake)
{
	fake_steps_free(steps);
	fake_job_close(fake);
}

/* ---- the five steps */

static void test_way(const struct fs_kernel *kernel, const char *args, struct fake_steps steps)
{
	struct fake_job fake;
	int err = fake_job_open(&fake, kernel, NULL, args);

	steps.seed = SEED;
	if (err == 0)
		err = fake_steps_run(&steps, &fake);
	if (err == 0)
		err = kernel->check(&steps.work);
	if (!ok(err == 0, "%s %s, %s: %u worker%s %s", kernel->name, args, fake_way_names[steps.way], steps.workers, steps.workers == 1 ? "" : "s",
		    steps.blocks ? "in blocks" : "in turns"))
		diag("%s", fs_why(&fake.job)->what);
	is_int((long long)steps.stray, 0, "which writes what is FS_OUT, no more");
	is_int((long long)steps.needless, 0, "and is sent nothing in a later sweep that it has already");
	end(&steps, &fake);
}

static void test_ways(const struct fs_kernel *kernel, const char *args)
{
	static const unsigned workers[] = {1, 3, FAKE_WORKERS};
	char sizes[3][64];

	snprintf(sizes[0], sizeof(sizes[0]), "size=16*base %s", args);
	/* No whole number of pages or elements. */
	snprintf(sizes[1], sizeof(sizes[1]), "size=%zu %s", 73 * fs_page_bytes() + 993, args);
	snprintf(sizes[2], sizeof(sizes[2]), "size=256*base %s", args);

	for (enum fake_way way = 0; way < FAKE_WAYS; way++) {
		for (unsigned size = 0; size < FS_ARRAY_SIZE(sizes); size++) {
			for (unsigned i = 0; i < FS_ARRAY_SIZE(workers); i++)
				test_way(kernel, sizes[size], (struct fake_steps){.way = way, .workers = workers[i], .blocks = i % 2 == size % 2});
		}
	}
}

/* ---- what a kernel promises */

static void test_region(const struct fs_kernel *kernel, const struct fs_work *work, unsigned i)
{
	const struct fs_region *region = &work->regions[i];
	uint64_t items = work->launch.last - work->launch.first;
	bool apart = true;

	for (unsigned j = 0; j < FS_REGIONS && work->regions[j].bytes != 0; j++) {
		const struct fs_region *other = &work->regions[j];

		apart = apart && (i == j || other->offset + other->bytes <= region->offset || region->offset + region->bytes <= other->offset);
	}
	ok(apart, "%s: %s overlaps no other region", kernel->name, region->name);
	is_int((long long)(region->offset % fs_page_bytes()), 0, "and begins with a page");
	ok(region->offset + region->bytes <= work->bytes, "and ends in the buffer");
	ok((region->flags & FS_SLICED) == 0 || region->bytes % items == 0, "and is as many whole slices as there are indices, if sliced");
	ok((region->flags & FS_POINTERS) == 0 || kernel->marshal != NULL, "and can be marshalled, if it holds links");
}

static void test_layout(const struct fs_kernel *kernel, const char *args)
{
	struct fake_job fake;
	struct fs_work work = {.job = &fake.job, .seed = SEED};
	unsigned flags = 0;

	if (!is_int(fake_job_open(&fake, kernel, NULL, args), 0, "%s takes %s", kernel->name, args))
		diag("%s", fs_why(&fake.job)->what);
	work.bytes = cell_bytes(&fake.cell);
	is_int(kernel->layout(&work), 0, "%s %s: laid out", kernel->name, args);
	for (unsigned i = 0; i < FS_REGIONS && work.regions[i].bytes != 0; i++) {
		test_region(kernel, &work, i);
		flags |= work.regions[i].flags;
	}
	ok((flags & FS_IN) && (flags & FS_OUT), "something goes to the device, and something comes back");
	ok(work.launch.last > work.launch.first, "and there is something to do");
	free(work.state);
	fake_job_close(&fake);
}

/* All that follows from the seed, and nothing else: links are pointers, so that the buffers are compared as marshalled. */
static unsigned char *image_of(const struct fs_kernel *kernel, uint64_t seed, bool blocks, size_t *bytes)
{
	struct fake_steps steps = {.workers = 2, .seed = seed, .blocks = blocks};
	struct fake_job fake;
	unsigned char *image = NULL;

	if (fake_job_open(&fake, kernel, NULL, "size=16*base") != 0 || fake_steps_run(&steps, &fake) != 0)
		goto out;
	*bytes = steps.work.bytes;
	image = malloc(*bytes);
	if (image == NULL)
		goto out;
	memcpy(image, steps.work.cpu, *bytes);
	for (unsigned i = 0; i < FS_REGIONS && steps.work.regions[i].bytes != 0; i++) {
		if (steps.work.regions[i].flags & FS_POINTERS)
			kernel->marshal(&steps.work, &steps.work.regions[i], image + steps.work.regions[i].offset);
	}
out:
	end(&steps, &fake);
	return image;
}

/* A body is compiled for several vector units, and for neighbouring indices besides: all of them give the same bytes. */
static void test_forms(const struct fs_kernel *kernel)
{
	enum fs_body_form widest = fs_body_form();
	size_t bytes = 0;
	unsigned char *base;

	body_form_choose(FS_BODY_BASE);
	base = image_of(kernel, 1, false, &bytes);
	for (int form = FS_BODY_BASE; form < FS_BODY_FORMS; form++) {
		for (int blocks = 0; blocks < 2; blocks++) {
			unsigned char *image = NULL;

			if (!body_form_available((enum fs_body_form)form)) {
				skip("this processor or this build has no such form of bodies", 1);
				continue;
			}
			body_form_choose((enum fs_body_form)form);
			image = image_of(kernel, 1, blocks != 0, &bytes);
			ok(base != NULL && image != NULL && memcmp(base, image, bytes) == 0, "%s: %s, indices %s: the same bytes", kernel->name,
				fs_body_form_name((enum fs_body_form)form), blocks != 0 ? "in blocks" : "in turns");
			free(image);
		}
	}
	body_form_choose(widest);
	free(base);
}

/* Each side of each turn touches something, and nothing that is in no region. */
static void test_profile(const struct fs_kernel *kernel, const char *args)
{
	struct fake_steps steps = {.workers = 2, .seed = SEED};
	struct fake_job fake;
	size_t idle = 0, outside = 0, page = fs_page_bytes();
	struct fs_pages pages = {0};
	int err = fake_job_open(&fake, kernel, NULL, args);

	if (err == 0)
		err = fake_steps_run(&steps, &fake);
	pages.n = steps.work.bytes / page + 1;
	pages.touch = malloc(pages.n);
	for (unsigned i = 0; err == 0 && kernel->profile != NULL && i < 2 * steps.work.iteration; i++) {
		size_t touched = 0;

		memset(pages.touch, 0, pages.n);
		err = kernel->profile(&steps.work, i / 2, i % 2 == 0 ? FS_DEVICE : FS_HOST, &pages);
		for (size_t k = 0; k < pages.n; k++) {
			bool is_inside = false;

			for (unsigned r = 0; r < FS_REGIONS && steps.work.regions[r].bytes != 0; r++)
				is_inside = is_inside || (k * page >= steps.work.regions[r].offset &&
								 k * page < steps.work.regions[r].offset + steps.work.regions[r].bytes);
			touched += pages.touch[k] != 0;
			outside += pages.touch[k] != 0 && !is_inside;
		}
		idle += touched == 0;
	}
	ok(err == 0 && kernel->profile != NULL, "%s %s: says which pages it touches", kernel->name, args);
	is_int((long long)outside, 0, "none of them outside of its regions");
	/* The CPU may have nothing to do between two turns. */
	ok(idle < steps.work.iteration, "and in each turn some");
	free(pages.touch);
	end(&steps, &fake);
}

static void test_seed(const struct fs_kernel *kernel)
{
	size_t bytes = 0;
	unsigned char *one = image_of(kernel, 1, false, &bytes), *again = image_of(kernel, 1, false, &bytes),
		      *other = image_of(kernel, 2, false, &bytes);

	ok(one != NULL && again != NULL && memcmp(one, again, bytes) == 0, "%s: the same seed gives the same bytes", kernel->name);
	ok(one != NULL && other != NULL && memcmp(one, other, bytes) != 0, "another seed gives others");
	free(one);
	free(again);
	free(other);
}

/* ---- their own */

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

	is_int(sweeps_of(&steps, &fake, kernel, "size=1M sweeps=7 change=0"), 7, "jacobi: as many sweeps as were asked for");
	is_int((long long)kernel->device_bytes(&steps.work), 7 * 2 * 256 * 256 * 8, "each reads one grid and writes one");
	end(&steps, &fake);
	is_int(sweeps_of(&steps, &fake, kernel, "size=1M change=1"), 1, "it ends where no point changes by more than was asked for");
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
	test_profile(kernel, "size=300001 graph=rmat");
	test_profile(kernel, "size=300001 graph=karate");
}

static size_t count_answers(const struct fs_work *work, bool missing)
{
	const struct fs_region *answers = &work->regions[2];
	size_t n = 0;

	for (size_t i = 0; i < answers->bytes / sizeof(ulong); i++)
		n += (((const ulong *)(work->cpu + answers->offset))[i] == (ulong)-1) == missing;
	return n;
}

static void test_btree(void)
{
	const struct fs_kernel *kernel = kernel_named("btree");
	struct fake_steps steps;
	struct fake_job fake;

	is_int(sweeps_of(&steps, &fake, kernel, "size=1M"), 1, "btree: the device computes once");
	ok(count_answers(&steps.work, true) > 1000, "some keys are not there");
	ok(count_answers(&steps.work, false) > 1000, "and some are");
	end(&steps, &fake);
}

/* What the CPU says of the residual is true of the answer: the matrix in the buffer times x is the right side, which r was before x left zero. */
static void test_cg(const char *args)
{
	const struct fs_kernel *kernel = kernel_named("cg");
	struct fake_steps steps;
	struct fake_job fake;
	const double *at[FS_REGIONS], *first;
	double largest = 0, error = 0;
	int turns = sweeps_of(&steps, &fake, kernel, args);

	ok(turns > 1 && turns < 1000, "cg %s: it converges, after %d turns", args, turns);
	for (unsigned i = 0; i < FS_REGIONS; i++)
		at[i] = (const double *)(steps.work.cpu + steps.work.regions[i].offset);
	/* Of the same seed before its first turn. */
	first = malloc(steps.work.regions[5].bytes);
	if (turns > 0 && first != NULL) {
		unsigned char *seen = steps.work.cpu;
		unsigned char *anew = calloc(1, steps.work.bytes);

		steps.work.cpu = anew;
		kernel->cpu_before(&steps.work);
		memcpy((void *)first, anew + steps.work.regions[6].offset, steps.work.regions[6].bytes);
		steps.work.cpu = seen;
		free(anew);
	}
	for (uint64_t i = 0; turns > 0 && first != NULL && i < steps.work.launch.last; i++) {
		const ulong *rows = (const ulong *)at[0];
		double sum = 0;

		for (ulong k = rows[i]; k < rows[i + 1]; k++)
			sum += at[2][k] * at[5][((const uint *)at[1])[k]];
		largest = fmax(largest, fabs(first[i]));
		error = fmax(error, fabs(sum - first[i]));
	}
	ok(largest > 0 && error < 1e-7 * largest, "and solves the system: the largest error is %g", error);
	free((void *)first);
	end(&steps, &fake);
}

int main(void)
{
	for (unsigned i = 0; registry_kernels[i] != NULL; i++) {
		test_ways(registry_kernels[i], "");
		test_layout(registry_kernels[i], "size=16*base");
		test_layout(registry_kernels[i], "size=12345678");
		test_seed(registry_kernels[i]);
		test_forms(registry_kernels[i]);
		test_profile(registry_kernels[i], "size=300001");
	}
	test_triad();
	test_jacobi();
	test_bfs();
	test_btree();
	test_cg("size=1M turns=200");
	test_cg("size=1M turns=200 matrix=banded degree=5");
	test_cg("turns=2000 matrix=lund_a");
	test_ways(kernel_named("cg"), "matrix=lund_a");
	test_layout(kernel_named("cg"), "size=16*base matrix=lund_a");
	test_profile(kernel_named("cg"), "size=300001 matrix=lund_a");
	done_testing();
	return exit_status();
}

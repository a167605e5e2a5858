/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernel_ways.h - for tests of kernels: a kernel with its parameters through its five steps with a fake device, in many ways, and what it promises
 * about its buffer.
 */
#ifndef FIVESTEP_TESTS_KERNEL_WAYS_H
#define FIVESTEP_TESTS_KERNEL_WAYS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/registry.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

#define SEED 42

static inline const struct fs_kernel *kernel_named(const char *name)
{
	for (unsigned i = 0; registry_kernels[i] != NULL; i++) {
		if (strcmp(registry_kernels[i]->name, name) == 0)
			return registry_kernels[i];
	}
	return NULL;
}

/* Runs and checks; the sweeps that it took, or -1. */
static inline int sweeps_of(struct fake_steps *steps, struct fake_job *fake, const struct fs_kernel *kernel, const char *args)
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

static inline void end(struct fake_steps *steps, struct fake_job *fake)
{
	fake_steps_free(steps);
	fake_job_close(fake);
}

/* ---- the five steps */

static inline void test_way(const struct fs_kernel *kernel, const char *args, struct fake_steps steps)
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

static inline void test_ways(const struct fs_kernel *kernel, const char *args)
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

static inline void test_region(const struct fs_kernel *kernel, const struct fs_work *work, unsigned i)
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
	ok((region->flags & FS_POINTERS) == 0 || (region->flags & FS_OUT) == 0, "and does not come back with links: nothing unmarshals them");
}

static inline void test_layout(const struct fs_kernel *kernel, const char *args)
{
	struct fake_job fake;
	struct fs_work work = {.job = &fake.job, .seed = SEED};
	unsigned flags = 0;
	size_t used = 0;

	if (!is_int(fake_job_open(&fake, kernel, NULL, args), 0, "%s takes %s", kernel->name, args))
		diag("%s", fs_why(&fake.job)->what);
	work.bytes = cell_bytes(&fake.cell);
	is_int(kernel->layout(&work), 0, "%s %s: laid out", kernel->name, args);
	for (unsigned i = 0; i < FS_REGIONS && work.regions[i].bytes != 0; i++) {
		test_region(kernel, &work, i);
		flags |= work.regions[i].flags;
		used += work.regions[i].bytes;
	}
	ok((flags & FS_IN) && (flags & FS_OUT), "something goes to the device, and something comes back");
	/* A small buffer loses more, to whole pages; an input has its own size. */
	if (work.bytes > 100 * fs_page_bytes())
		ok(work.bytes - used <= work.bytes / 50 + 12 * fs_page_bytes(), "hardly any of the buffer is left over: %zu of %zu bytes",
			work.bytes - used, work.bytes);
	ok(work.launch.last > work.launch.first, "and there is something to do");
	free(work.state);
	fake_job_close(&fake);
}

/* Each side of each turn touches something, and nothing that is in no region. The size is odd, and as many pages on any machine. */
static inline void test_profile(const struct fs_kernel *kernel, const char *more)
{
	char args[96];
	struct fake_steps steps = {.workers = 2, .seed = SEED};
	struct fake_job fake;
	size_t idle = 0, outside = 0, page = fs_page_bytes();
	struct fs_pages pages = {0};
	int err;

	snprintf(args, sizeof(args), "size=%zu%s%s", 73 * page + 993, more[0] != '\0' ? " " : "", more);
	err = fake_job_open(&fake, kernel, NULL, args);
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

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * implied.c - what each setup's policy implies for a made-up program: events counted by hand from docs/design.md.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/registry.h"
#include "harness/setup/common.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

#define ITEMS 6

static size_t page;

static const struct fs_setup *setup_named(const char *name)
{
	for (unsigned i = 0; registry_setups[i] != NULL; i++) {
		if (strcmp(registry_setups[i]->name, name) == 0)
			return registry_setups[i];
	}
	return NULL;
}

static struct fake_job fake;

/* A cell of that setup, for its parameters. */
static void begin(const struct fs_setup *setup, const char *chunk)
{
	struct fs_arg *arg;

	if (fake_job_open(&fake, registry_kernels[0], NULL, "") != 0 ||
		(setup->params != NULL && args_declare(&fake.cell.args, setup->params, 0) != 0))
		exit(99);
	arg = args_find(&fake.cell.args, "chunk");
	if (arg != NULL && chunk != NULL && param_parse(arg->param, chunk, arg, NULL) != 0)
		exit(99);
}

/* Eight pages of which two move together; IN is the first four, OUT the next three, the last is the CPU's */

#define PAGES 8

struct expected {
	enum fs_cost cost;
	uint64_t n; /* in two turns */
};

static void imply_step(const struct fs_setup *setup, struct fs_implied *implied, enum fs_step step, unsigned first, unsigned last)
{
	implied->step = step;
	memset(implied->pages->touch, 0, PAGES);
	for (unsigned i = first; i < last; i++)
		implied->pages->touch[i] = FS_READS;
	setup->imply(implied);
}

/* links: a bit for each region that holds some. */
static void implies(const char *name, const char *chunk, unsigned links, const struct expected *expected)
{
	const struct fs_setup *setup = setup_named(name);
	uint8_t touch[PAGES] = {0}, where[PAGES] = {0}, exists[PAGES] = {0}, been[PAGES] = {0};
	struct fs_region regions[FS_REGIONS + 1] = {
		{"in", 0, 4 * page, FS_IN}, {"out", 4 * page, 3 * page, FS_OUT | FS_SLICED}, {"own", 7 * page, page, 0}};
	struct fs_pages pages = {.n = PAGES, .touch = touch};
	struct fs_implied implied = {
		.regions = regions, .pages = &pages, .items = ITEMS, .granule = 2, .where = where, .exists = exists, .been = been};
	unsigned wrong = 0;

	for (unsigned i = 0; i < FS_REGIONS; i++)
		regions[i].flags |= (links >> i & 1) != 0 ? FS_POINTERS : 0;
	begin(setup, chunk);
	implied.args = &fake.cell.args;
	imply_step(setup, &implied, FS_ALLOC, 0, 0);
	imply_step(setup, &implied, FS_CPU_BEFORE, 0, 4);
	for (int turn = 0; turn < 2; turn++) {
		imply_step(setup, &implied, FS_DEVICE_COMPUTE, 0, 7);
		imply_step(setup, &implied, FS_CPU_AFTER, 4, 8);
		regions[0].flags |= FS_KEPT;
	}
	imply_step(setup, &implied, FS_RELEASE, 0, 0);
	implied.n[FS_COST_ALLOC]--;
	implied.n[FS_COST_ALLOC_PAGE] -= PAGES;
	implied.n[FS_COST_RELEASE]--;
	implied.n[FS_COST_RELEASE_PAGE] -= PAGES;
	for (; expected->n != 0; expected++) {
		is_int((long long)implied.n[expected->cost], (long long)expected->n, "%s implies: %s", name, fs_cost_names[expected->cost]);
		implied.n[expected->cost] = 0;
	}
	for (unsigned i = 0; i < FS_COSTS; i++) {
		if (implied.n[i] != 0)
			diag("%s: %lld", fs_cost_names[i], (long long)implied.n[i]);
		wrong += implied.n[i] != 0;
	}
	is_int(wrong, 0, "%s: beside a buffer and its pages, and nothing else", name);
	fake_job_close(&fake);
}

static void test_implied(void)
{
	const uint64_t bytes = page;
	char one[32];

	snprintf(one, sizeof(one), "%zu", page);
	implies("copy", NULL, 0,
		(struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 8}, {FS_COST_COPY + FS_DEVICE, 1}, {FS_COST_COPY_BYTE + FS_DEVICE, 4 * bytes},
			{FS_COST_COPY + FS_HOST, 2}, {FS_COST_COPY_BYTE + FS_HOST, 6 * bytes}, {FS_COST_LAUNCH, 2}, {0}});
	implies("copy-pinned", NULL, 0,
		(struct expected[]){{FS_COST_COPY + FS_DEVICE, 1}, {FS_COST_COPY_BYTE + FS_DEVICE, 4 * bytes}, {FS_COST_COPY + FS_HOST, 2},
			{FS_COST_COPY_BYTE + FS_HOST, 6 * bytes}, {FS_COST_LAUNCH, 2}, {0}});
	/* with links the image, as large as the buffer, is touched in step 1, and rewritten each turn */
	implies("copy", NULL, 1,
		(struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 16}, {FS_COST_RELEASE_PAGE, 8}, {FS_COST_MARSHAL_BYTE, 8 * bytes},
			{FS_COST_COPY + FS_DEVICE, 1}, {FS_COST_COPY_BYTE + FS_DEVICE, 4 * bytes}, {FS_COST_COPY + FS_HOST, 2},
			{FS_COST_COPY_BYTE + FS_HOST, 6 * bytes}, {FS_COST_LAUNCH, 2}, {0}});
	implies("copy", NULL, 2,
		(struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 16}, {FS_COST_RELEASE_PAGE, 8}, {FS_COST_MARSHAL_BYTE, 6 * bytes},
			{FS_COST_COPY + FS_DEVICE, 1}, {FS_COST_COPY_BYTE + FS_DEVICE, 4 * bytes}, {FS_COST_COPY + FS_HOST, 2},
			{FS_COST_COPY_BYTE + FS_HOST, 6 * bytes}, {FS_COST_LAUNCH, 2}, {0}});
	/* what comes back comes in three pieces a turn */
	implies("copy-overlap", one, 0,
		(struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 8}, {FS_COST_COPY + FS_DEVICE, 1}, {FS_COST_COPY_BYTE + FS_DEVICE, 4 * bytes},
			{FS_COST_COPY + FS_HOST, 6}, {FS_COST_COPY_BYTE + FS_HOST, 6 * bytes}, {FS_COST_LAUNCH, 6}, {0}});
	/* pinned memory is there from step 1 on */
	implies("copy-overlap-pinned", one, 0,
		(struct expected[]){{FS_COST_COPY + FS_DEVICE, 1}, {FS_COST_COPY_BYTE + FS_DEVICE, 4 * bytes}, {FS_COST_COPY + FS_HOST, 6},
			{FS_COST_COPY_BYTE + FS_HOST, 6 * bytes}, {FS_COST_LAUNCH, 6}, {0}});
	/* All of these pages have been on the device when they are released. */
	/* there: four granules, then the two that went back; back: two in each turn, of pages that began on the device */
	implies("hmm", NULL, 0,
		(struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 4}, {FS_COST_FIRST_TOUCH + FS_DEVICE, 4}, {FS_COST_FAULT + FS_DEVICE, 6},
			{FS_COST_PAGE + FS_DEVICE, 6}, {FS_COST_FIRST_WAY + FS_DEVICE, 8}, {FS_COST_FAULT + FS_HOST, 4}, {FS_COST_PAGE + FS_HOST, 4},
			{FS_COST_FIRST_WAY + FS_HOST, 4}, {FS_COST_ARRIVAL, 4}, {FS_COST_LAUNCH, 2}, {FS_COST_RELEASE_VISITOR, 8}, {0}});
	/* both regions each way in each turn, and no fault */
	implies("hmm-prefetch", NULL, 0,
		(struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 4}, {FS_COST_FIRST_TOUCH + FS_DEVICE, 4}, {FS_COST_MIGRATE + FS_DEVICE, 4},
			{FS_COST_PAGE + FS_DEVICE, 16}, {FS_COST_FIRST_WAY + FS_DEVICE, 8}, {FS_COST_MIGRATE + FS_HOST, 4},
			{FS_COST_PAGE + FS_HOST, 16}, {FS_COST_FIRST_WAY + FS_HOST, 8}, {FS_COST_ARRIVAL, 4}, {FS_COST_LAUNCH, 2},
			{FS_COST_RELEASE_VISITOR, 8}, {0}});
	implies("cdm", NULL, 0, (struct expected[]){{FS_COST_FIRST_TOUCH + FS_DEVICE, 8}, {FS_COST_LAUNCH, 2}, {0}});
	implies("cdm-host", NULL, 0, (struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 8}, {FS_COST_LAUNCH, 2}, {0}});
	/* what exists moves: four pages there and back, then all eight */
	implies("cdm-migrate", NULL, 0,
		(struct expected[]){{FS_COST_FIRST_TOUCH + FS_HOST, 8}, {FS_COST_MIGRATE + FS_DEVICE, 2}, {FS_COST_PAGE + FS_DEVICE, 12},
			{FS_COST_FIRST_WAY + FS_DEVICE, 8}, {FS_COST_MIGRATE + FS_HOST, 2}, {FS_COST_PAGE + FS_HOST, 12},
			{FS_COST_FIRST_WAY + FS_HOST, 8}, {FS_COST_LAUNCH, 2}, {FS_COST_RELEASE_VISITOR, 8}, {0}});
}

/* What a release costs: of the pages that exist, those that have moved to the device cost more, wherever they are by then. */
static void released(const char *name, unsigned pages, unsigned visitors, const char *what)
{
	uint8_t touch[PAGES] = {0}, where[PAGES] = {0}, exists[PAGES] = {0}, been[PAGES] = {0};
	struct fs_region regions[FS_REGIONS + 1] = {{"in", 0, 3 * page, FS_IN}, {"own", 3 * page, 5 * page, 0}};
	struct fs_pages pages_of = {.n = PAGES, .touch = touch};
	struct fs_implied implied = {
		.regions = regions, .pages = &pages_of, .items = ITEMS, .granule = 1, .where = where, .exists = exists, .been = been};
	const struct fs_setup *setup = setup_named(name);

	begin(setup, NULL);
	implied.args = &fake.cell.args;
	imply_step(setup, &implied, FS_ALLOC, 0, 0);
	imply_step(setup, &implied, FS_CPU_BEFORE, 0, 4);
	imply_step(setup, &implied, FS_DEVICE_COMPUTE, 2, 5);
	imply_step(setup, &implied, FS_CPU_AFTER, 3, 6);
	is_int((long long)implied.n[FS_COST_RELEASE_PAGE], 0, "%s: nothing is released before step 5", name);
	imply_step(setup, &implied, FS_RELEASE, 0, 0);
	is_int((long long)implied.n[FS_COST_RELEASE], 1, "%s: a buffer is released", name);
	is_int((long long)implied.n[FS_COST_RELEASE_PAGE], pages, "%s: so are those of its pages that exist", name);
	is_int((long long)implied.n[FS_COST_RELEASE_VISITOR], visitors, "%s: visitors are %s", name, what);
	fake_job_close(&fake);
}

/* Pages 0 to 3 are filled, the device touches 2 to 4, the CPU then 3 to 5; 6 and 7 are nobody's. */
static void test_released(void)
{
	released("hmm", 6, 3, "what the device touched, also those that came back");
	released("hmm-prefetch", 6, 5, "the region that was sent, and what the device touched beside it");
	released("cdm", 6, 0, "none where all pages began on the device");
	released("cdm-host", 6, 0, "none where nothing moves");
	released("cdm-migrate", 6, 4, "all pages that existed when the buffer was sent");
	released("copy", 6, 0, "none where the device has a copy");
}

/* The last granule of a buffer may be a part of one: what is behind the buffer is nobody's. */
static void test_last_granule(void)
{
	uint8_t touch[PAGES] = {0}, where[PAGES] = {0}, exists[PAGES] = {0}, been[PAGES] = {0};
	struct fs_region regions[FS_REGIONS + 1] = {{"in", 0, 7 * page, FS_IN}};
	struct fs_pages pages = {.n = 7, .touch = touch};
	struct fs_implied implied = {
		.regions = regions, .pages = &pages, .items = ITEMS, .granule = 2, .where = where, .exists = exists, .been = been};
	const struct fs_setup *setup = setup_named("hmm");

	begin(setup, NULL);
	implied.args = &fake.cell.args;
	imply_step(setup, &implied, FS_ALLOC, 0, 0);
	imply_step(setup, &implied, FS_CPU_BEFORE, 0, 7);
	imply_step(setup, &implied, FS_DEVICE_COMPUTE, 6, 7);
	is_int((long long)implied.n[FS_COST_FAULT + FS_DEVICE], 1, "the last granule, of one page, takes a fault");
	is_int((long long)implied.n[FS_COST_FIRST_WAY + FS_DEVICE], 1, "and moves that page");
	is_int((long long)implied.n[FS_COST_PAGE + FS_DEVICE], 0, "with none beside it");
	ok(where[7] == 0 && exists[7] == 0 && been[7] == 0, "and nothing is noted of a page behind the buffer");
	imply_step(setup, &implied, FS_DEVICE_COMPUTE, 4, 5);
	is_int((long long)implied.n[FS_COST_FIRST_WAY + FS_DEVICE], 3, "a whole granule moves both of its pages");
	is_int((long long)implied.n[FS_COST_PAGE + FS_DEVICE], 1, "one of them beside the one that was touched");
	ok(where[3] == FS_HOST && where[4] == FS_DEVICE && where[5] == FS_DEVICE, "and none of the granule before it");
	fake_job_close(&fake);
}

int main(void)
{
	page = fs_page_bytes();
	test_implied();
	test_released();
	test_last_granule();
	done_testing();
	return exit_status();
}

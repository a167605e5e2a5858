/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * round_limits.c - what benchmarks, kernels and devices give a round, and what it does with more than it has room for: an error that names the limit,
 * or a text that shows where it was cut.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/round/five_step.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

static const char *const long_name = "a name that goes on and on, so that nobody can tell it from another one that begins like it, and "
				     "that is much longer than any name of anything has to be, even in this program, which likes long ones";

static int run_nothing(struct fs_job *job)
{
	(void)job;
	return 0;
}

static const struct fs_metric metrics[] = {{.name = "time", .unit = "ns"}, {0}};
static const struct fs_bench bench_limits = {.name = "limits", .metrics = metrics, .run = run_nothing};

static void ends_cut(const char *text, const char *name)
{
	size_t len = strlen(text);

	is_str(len > 3 ? text + len - 3 : text, "...", "%s", name);
}

static void test_names(struct fake_job *fake)
{
	struct share *share = fake->job.share;

	fs_expect(&fake->job, "short", 1, FS_EQ, 1);
	is_int(share->verdict, VERDICT_OK, "evidence of a short name");
	fs_expect(&fake->job, long_name, 1, FS_EQ, 1);
	is_int(share->verdict, VERDICT_FAIL, "one whose name is too long is an error");
	ok(strstr(share->why.what, "more than 127 characters") != NULL, "that names the limit: %s", share->why.what);
	fake_job_pardon(fake);
	fs_noise(&fake->job, "cuda", "sm_mhz", 1);
	is_int(share->verdict, VERDICT_OK, "noise of a short name");
	fs_noise(&fake->job, "cuda", long_name, 1);
	is_int(share->verdict, VERDICT_FAIL, "one whose name is too long is an error");
	ok(strstr(share->why.what, "more than 63 characters") != NULL, "that names the limit: %s", share->why.what);
	fake_job_pardon(fake);
}

static void test_texts(struct fake_job *fake)
{
	fs_drop(&fake->job, "time", long_name);
	ends_cut(fake->job.share->metric[0].dropped_why, "the reason of a dropped sample shows that it was cut");
	fs_code_variant(&fake->job, "C, %s", long_name);
	ends_cut(fake->job.share->image, "so does the code variant");
}

static void test_skip(struct fake_job *fake)
{
	struct share *share = fake->job.share;

	is_int(fs_skip(&fake->job, "buy one", "no device of %d", 7), -ENOTSUP, "what is not available here is a skip");
	is_int(share->verdict, VERDICT_SKIP, "the round is skipped");
	is_str(share->why.what, "no device of 7", "with the reason");
	is_str(share->why.remedy, "buy one", "and the remedy");
	is_int(fs_error(&fake->job, -EIO, "broken"), -EIO, "an error after it");
	is_int(share->verdict, VERDICT_FAIL, "is more than a skip");
	is_str(share->why.what, "broken", "and is the reason");
	fake_job_pardon(fake);
}

/* ---- a device whose count has a long name */

static int count_nothing(void *dev, uint64_t *values)
{
	(void)dev;
	values[0] = 0;
	return 0;
}

static int open_never(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	(void)kind;
	(void)bytes;
	*dev = NULL;
	return fs_error(job, -EIO, "opened");
}

static void test_counts(struct fake_job *fake)
{
	static const struct fs_setup setup = {.name = "none", .memory = FS_MEMORY_DEVICE};
	struct fs_count_def counts[] = {{.name = long_name, .unit = "pages"}, {0}};
	char edge[100];
	struct fs_device device = {.name = "talker", .counts = counts, .count = count_nothing, .open = open_never};

	fake->cell.device = &device;
	fake->cell.setup = &setup;
	is_int(job_open(&fake->job), -E2BIG, "a device's count with a long name is an error");
	ok(strstr(fake->job.share->why.what, "more than 82 characters") != NULL, "that names the limit: %s", fake->job.share->why.what);
	counts[0].name = "pages";
	counts[0].unit = "pages of a very long unit";
	is_int(job_open(&fake->job), -E2BIG, "so is one with a long unit");
	counts[0].unit = "pages";
	is_int(job_open(&fake->job), -EIO, "with a short name and unit the device is opened");
	/* "talker." and 82 - 7 characters - and 15 of a unit */
	snprintf(edge, sizeof(edge), "%.*s", 82 - 7, long_name);
	counts[0].name = edge;
	counts[0].unit = "pages of 4 KiB!";
	is_int(job_open(&fake->job), -EIO, "as it is with the longest that there is room for");
	counts[0].unit = "pages of 4 KiB !";
	is_int(job_open(&fake->job), -E2BIG, "and not with a unit of one character more");
	counts[0].unit = "pages";
	snprintf(edge, sizeof(edge), "%.*s", 82 - 7 + 1, long_name);
	is_int(job_open(&fake->job), -E2BIG, "nor with such a name");
	fake->cell.device = NULL;
	fake->cell.setup = NULL;
	fake_job_pardon(fake);
}

/* ---- a kernel with many regions */

static unsigned regions_wanted;

static int layout(struct fs_work *work)
{
	for (unsigned i = 0; i < regions_wanted; i++)
		work->regions[i] = (struct fs_region){"part", i * 64, 64, FS_IN};
	return regions_wanted <= FS_REGIONS ? -ECANCELED : 0; /* nothing is to be run */
}

static void test_regions(void)
{
	static const struct fs_param params[] = {{.name = "size", .type = FS_PARAM_SIZE, .initial = "64K", .min_pages = 1, .max = 1 << 20}, {0}};
	static const struct fs_kernel kernel = {.name = "mosaic", .layout = layout, .params = params};
	struct fake_job fake;

	if (fake_job_open(&fake, &kernel, NULL, "") != 0)
		exit(99);
	regions_wanted = FS_REGIONS;
	is_int(five_step(&fake.job, &kernel), -ECANCELED, "as many regions as there may be");
	regions_wanted = FS_REGIONS + 1;
	is_int(five_step(&fake.job, &kernel), -E2BIG, "one more is an error");
	ok(strstr(fake.job.share->why.what, "more than 8 regions") != NULL, "that names the limit: %s", fake.job.share->why.what);
	fake_job_close(&fake);
}

int main(void)
{
	struct fake_job fake;

	if (fake_job_open(&fake, NULL, &bench_limits, "") != 0)
		exit(99);
	test_names(&fake);
	test_skip(&fake);
	test_texts(&fake);
	test_counts(&fake);
	fake_job_close(&fake);
	test_regions();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * oracles.c - the reference answer of every kernel that is built in must be able to fail. After a right run single
 * bytes are changed, one at a time, over all of every region, input as well as output: each must be found, and
 * putting it back must satisfy `check` again. Then devices and CPUs that do half of their work must be found.
 *
 * A new kernel is here by itself; one that can be wrong in a way that its parameters open gets a line below.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "harness/plan/registry.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

#define SEED  7
#define STEP  13   /* prime to words and nodes, so that every byte of a word has its turn */
#define TRIES 4000 /* of a region at most, or hardly more, in a buffer of 16 pages of 4 KiB */
#define LEAST 250  /* in a larger one: each try is a check of the whole buffer, which is as large as this machine's pages ask for */
#define EDGE  64   /* at both ends of a region every byte is changed */

/* Beside "size=16*base" for every kernel. */
static const struct {
	const char *kernel, *args;
} more[] = {
	{"jacobi", "size=16*base sweeps=1"},
	{"jacobi", "size=16*base sweeps=1000 change=0.2"}, /* ends by itself */
	{"triad", "size=16*base element=f32"},
	{"jacobi", "size=16*base element=f32 sweeps=9"},
	{"gemm", "size=16*base element=f32"},
	{"kmeans", "size=16*base element=f32"},
	{"nbody", "size=16*base element=f32"},
	{"cg", "size=16*base element=f32"},
};

struct tally {
	size_t tried, missed, unhealed, silent;
	size_t first_missed;
};

/* One byte: wrong with a reason, and right again once it is put back. */
static void corrupt(const struct fs_kernel *kernel, struct fs_work *work, struct fake_job *fake, size_t at, struct tally *tally)
{
	unsigned char was = work->cpu[at];

	work->cpu[at] = was ^ (unsigned char)(1u << (tally->tried % 8));
	if (kernel->check(work) == 0 && tally->missed++ == 0)
		tally->first_missed = at;
	tally->silent += fake->job.share->verdict != VERDICT_FAIL || fs_why(&fake->job)->what[0] == '\0';
	fake_job_pardon(fake);
	work->cpu[at] = was;
	tally->tried++;
}

static void corrupt_region(const struct fs_kernel *kernel, struct fake_steps *steps, struct fake_job *fake, const struct fs_region *region)
{
	struct tally tally = {0};
	size_t fewer = steps->work.bytes / (64 << 10), tries = fewer > 1 ? TRIES / fewer : TRIES;
	size_t step = region->bytes / (tries > LEAST ? tries : LEAST) | 1;

	if (step < STEP)
		step = STEP;
	for (size_t i = 0; i < region->bytes; i += i < EDGE || i + EDGE >= region->bytes ? 1 : step) {
		corrupt(kernel, &steps->work, fake, region->offset + i, &tally);
		/* Not each time: it takes a whole check, which depends little on which byte it was. */
		if (tally.tried % 64 == 1)
			tally.unhealed += kernel->check(&steps->work) != 0;
	}
	if (!is_int((long long)tally.missed, 0, "%s: each of %zu bytes of %s is found when it is changed", kernel->name, tally.tried, region->name))
		diag("the first that was not is at %zu", tally.first_missed - region->offset);
	is_int((long long)tally.silent, 0, "with the verdict fail, and a reason");
	is_int((long long)tally.unhealed, 0, "and all is well when it is put back");
}

static void test_bytes(const struct fs_kernel *kernel, const char *args)
{
	struct fake_steps steps = {.workers = 2, .seed = SEED};
	struct fake_job fake;
	int err = fake_job_open(&fake, kernel, NULL, args);

	if (err == 0)
		err = fake_steps_run(&steps, &fake);
	if (err == 0)
		err = kernel->check(&steps.work);
	if (!ok(err == 0, "%s %s: right at first", kernel->name, args))
		diag("%s", fs_why(&fake.job)->what);
	for (unsigned i = 0; err == 0 && i < FS_REGIONS && steps.work.regions[i].bytes != 0; i++)
		corrupt_region(kernel, &steps, &fake, &steps.work.regions[i]);
	fake_steps_free(&steps);
	fake_job_close(&fake);
}

/* Runs wrong on purpose, checks, and sees it fail. */
static void test_wrong(const struct fs_kernel *kernel, struct fake_steps steps, const char *what)
{
	struct fake_job fake;
	int err = fake_job_open(&fake, kernel, NULL, "size=16*base");

	steps.workers = 2;
	steps.seed = SEED;
	if (err == 0)
		err = fake_steps_run(&steps, &fake);
	is_int(err, 0, "%s, %s: %s", kernel->name, fake_way_names[steps.way], what);
	ok(err == 0 && kernel->check(&steps.work) < 0, "is found");
	fake_steps_free(&steps);
	fake_job_close(&fake);
}

/* The answer to another seed is right in itself, and wrong here: as stale memory of an earlier round would be. */
static void test_stale(const struct fs_kernel *kernel)
{
	struct fake_steps steps = {.workers = 2, .seed = SEED};
	struct fake_job fake;
	int err = fake_job_open(&fake, kernel, NULL, "size=16*base");

	if (err == 0)
		err = fake_steps_run(&steps, &fake);
	steps.work.seed++;
	ok(err == 0 && kernel->check(&steps.work) < 0, "%s: the answer of another seed is found", kernel->name);
	fake_steps_free(&steps);
	fake_job_close(&fake);
}

/* What the CPU found wrong in its step is not forgotten when it has become right: memory may be stale for a while. */
static void test_seen(const struct fs_kernel *kernel, const char *region)
{
	struct fake_steps steps = {.workers = 2, .seed = SEED};
	struct fake_job fake;
	int err = fake_job_open(&fake, kernel, NULL, "size=16*base");

	if (err == 0)
		err = fake_steps_run(&steps, &fake);
	for (unsigned i = 0; err == 0 && i < FS_REGIONS && steps.work.regions[i].bytes != 0; i++) {
		unsigned char *byte = steps.work.cpu + steps.work.regions[i].offset;

		if (strcmp(steps.work.regions[i].name, region) != 0)
			continue;
		*byte ^= 1;
		kernel->cpu_after(&steps.work);
		*byte ^= 1;
	}
	ok(err == 0 && kernel->check(&steps.work) < 0, "%s: what the CPU saw wrong for a while is found", kernel->name);
	fake_steps_free(&steps);
	fake_job_close(&fake);
}

/* Whether the CPU asks for the device more than once: only then can it stop too early. */
static bool has_sweeps(const struct fs_kernel *kernel)
{
	struct fake_steps steps = {.workers = 1, .seed = SEED};
	struct fake_job fake;
	bool more_than_one = false;

	if (fake_job_open(&fake, kernel, NULL, "size=16*base") == 0 && fake_steps_run(&steps, &fake) == 0)
		more_than_one = steps.work.iteration > 1;
	fake_steps_free(&steps);
	fake_job_close(&fake);
	return more_than_one;
}

static void test_kernel(const struct fs_kernel *kernel)
{
	test_bytes(kernel, "size=16*base");
	test_stale(kernel);
	if (strcmp(kernel->name, "btree") == 0)
		test_seen(kernel, "answers");
	for (enum fake_way way = 0; way < FAKE_WAYS; way++) {
		test_wrong(kernel, (struct fake_steps){.way = way, .idle = true}, "a device that does nothing");
		test_wrong(kernel, (struct fake_steps){.way = way, .skip_first = true}, "one that leaves out the first index");
		test_wrong(kernel, (struct fake_steps){.way = way, .lost = true}, "one that loses a worker's share");
		test_wrong(kernel, (struct fake_steps){.way = way, .lost = true, .blocks = true}, "or half of the indices");
		if (has_sweeps(kernel))
			test_wrong(kernel, (struct fake_steps){.way = way, .hasty = true}, "a CPU that does not ask for another sweep");
	}
}

int main(void)
{
	for (unsigned i = 0; registry_kernels[i] != NULL; i++) {
		test_kernel(registry_kernels[i]);
		for (unsigned m = 0; m < FS_ARRAY_SIZE(more); m++) {
			if (strcmp(more[m].kernel, registry_kernels[i]->name) == 0)
				test_bytes(registry_kernels[i], more[m].args);
		}
	}
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernel_answers.c - what changed bytes do not show of a kernel's check (tests/round/oracles.c): a turn too few, an order; and that parameters mean
 * what they say.
 */
#include "config.h"

#include "tests/round/kernel_ways.h"

/* All is right but for the number of turns. */
static void test_turns_told(const char *name, const char *args)
{
	const struct fs_kernel *kernel = kernel_named(name);
	struct fake_steps steps;
	struct fake_job fake;
	int turns = sweeps_of(&steps, &fake, kernel, args);
	char told[64];

	steps.work.iteration--;
	ok(turns > 1 && kernel->check(&steps.work) < 0, "%s: a turn less than there should be is found", name);
	snprintf(told, sizeof(told), "the CPU ended it after %d ", turns - 1);
	ok(strncmp(fs_why(&fake.job)->what, told, strlen(told)) == 0, "and told: %s", fs_why(&fake.job)->what);
	end(&steps, &fake);
}

/* Two records that are both of the input, in each other's place: each by itself is right. */
static void test_sort_order(void)
{
	const struct fs_kernel *kernel = kernel_named("sort");
	struct fake_steps steps;
	struct fake_job fake;

	sweeps_of(&steps, &fake, kernel, "size=1M");
	for (unsigned region = 0; region < 2; region++) {
		ulong *records = (ulong *)(steps.work.cpu + steps.work.regions[region].offset), was = records[1];

		records[1] = records[2];
		records[2] = was;
		ok(kernel->check(&steps.work) < 0, "sort: records that changed places are found in %s", steps.work.regions[region].name);
		ok(strstr(fs_why(&fake.job)->what, ", behind ") != NULL, "and told: %s", fs_why(&fake.job)->what);
		fake_job_pardon(&fake);
		records[2] = records[1];
		records[1] = was;
	}
	is_int(kernel->check(&steps.work), 0, "and in their places all is well");
	end(&steps, &fake);
}

static double share_of_words(const struct fs_work *work, unsigned region, size_t stride, ulong but)
{
	const ulong *words = (const ulong *)(work->cpu + work->regions[region].offset);
	size_t n = work->regions[region].bytes / sizeof(*words) / stride, others = 0;

	for (size_t i = 0; i < n; i++)
		others += words[i * stride] != but;
	return (double)others / (double)n;
}

static int by_word(const void *a, const void *b)
{
	const ulong *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Different results, of as many as tuples there are. */
static double share_found(struct fs_work *work, double load)
{
	ulong *found = (ulong *)(work->cpu + work->regions[2].offset);
	size_t n = work->regions[2].bytes / sizeof(*found), different = 0;

	qsort(found, n, sizeof(*found), by_word);
	for (size_t i = 0; i < n; i++)
		different += found[i] != (ulong)-1 && (i == 0 || found[i] != found[i - 1]);
	return (double)different / (load / 100 * (double)(work->regions[0].bytes / (2 * sizeof(ulong))));
}

static void test_hashjoin(double load, double match)
{
	const struct fs_kernel *kernel = kernel_named("hashjoin");
	struct fake_steps steps;
	struct fake_job fake;
	char args[64];

	/* In pages, so that the rounding of regions weighs the same whatever they are. */
	snprintf(args, sizeof(args), "size=%zu load=%g match=%g", 256 * fs_page_bytes(), load, match);
	sweeps_of(&steps, &fake, kernel, args);
	is_near(share_of_words(&steps.work, 0, 2, 0), load / 100, 0.0001, "hashjoin %s: so many of the table's slots are taken", args);
	is_near(share_of_words(&steps.work, 2, 1, (ulong)-1), match / 100, 0.01, "and so many of the probes find their key");
	/* As many probes that match as there are tuples reach 63 % of them. */
	ok(match == 0 || share_found(&steps.work, load) > 0.6, "wherever it is in the table");
	end(&steps, &fake);
}

int main(void)
{
	test_turns_told("jacobi", "size=1M sweeps=4");
	test_turns_told("kmeans", "size=1M turns=4");
	test_turns_told("cg", "size=1M turns=4");
	test_sort_order();
	test_hashjoin(50, 75);
	test_hashjoin(95, 100);
	test_hashjoin(1, 0);
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * value.c - the one value that a round gives for its first metric: of samples, of a histogram, and where there is none; the same of a record.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "harness/round/five_step.h"
#include "harness/run/value.h"
#include "tests/tap.h"

static const struct fs_metric metrics[] = {
	{.name = "first", .kind = FS_HISTOGRAM, .unit = "ns"}, {.name = "second", .unit = "ns"}, {.name = "third", .unit = "ns"}, {0}};
static const struct fs_bench bench = {.name = "made up", .metrics = metrics};
static const struct cell cell = {.name = "made up", .bench = &bench};
static struct share *share;

static void samples(unsigned metric, const double *values, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		share->metric[metric].sample[i] = values[i];
	share->metric[metric].nsamples = n;
}

static void test_samples(void)
{
	static const double odd[] = {7, 1, 3}, even[] = {9, 2, 4, 3};

	ok(isnan(value_of_round(&cell, share)), "a round without a sample has no value");
	samples(2, odd, 1);
	is_near(value_of_round(&cell, share), 7, 0, "a single sample is the value");
	samples(2, odd, 3);
	is_near(value_of_round(&cell, share), 3, 0, "the value is the median of the first metric that has any");
	samples(1, even, 4);
	is_near(value_of_round(&cell, share), 3.5, 0, "of two in the middle it is their mean");
	share->metric[0].dropped = 1;
	ok(isnan(value_of_round(&cell, share)), "where all samples of a metric were dropped there is none");
	share->metric[0].dropped = 0;
}

static void count(uint64_t value, uint64_t n)
{
	share->histogram[0].count[histogram_bucket(value)] += n;
}

static void test_histogram(void)
{
	uint64_t low, high;

	count(10, 3);
	is_near(value_of_round(&cell, share), 10.5, 0, "of a histogram it is the middle of a bucket");
	count(20, 3);
	is_near(value_of_round(&cell, share), 10.5, 0, "that in which half of all is reached");
	count(20, 1);
	is_near(value_of_round(&cell, share), 20.5, 0, "not one before it");
	count(100000, 20);
	histogram_bounds(histogram_bucket(100000), &low, &high);
	is_near(value_of_round(&cell, share), (double)(low + high) / 2, 0, "wide buckets have a middle, too");
	ok(low <= 100000 && 100000 < high && high - low > 1, "within their bounds");
}

static void test_kernel(void)
{
	static const struct fs_kernel kernel = {.name = "made up"};
	static const struct cell program = {.name = "made up", .kernel = &kernel};
	static const double totals[] = {5, 6, 8};

	samples(0, totals, 3);
	is_near(value_of_round(&program, share), 6, 0, "a kernel's is that of its five steps");
}

int main(void)
{
	share = calloc(1, sizeof(*share));
	if (share == NULL)
		return 99;
	test_samples();
	test_histogram();
	test_kernel();
	free(share);
	done_testing();
	return exit_status();
}

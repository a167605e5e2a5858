/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zipf.c - kernels/zipf.h: the table holds Zipf's law: what all columns together give a rank is its share.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/zipf.h"
#include "tests/tap.h"

/* The largest error of a rank's weight, relative to it. */
static double largest_error(const struct zipf *z, double *weight)
{
	double sum = 0, largest = 0;

	for (uint64_t k = 0; k < z->n; k++)
		sum += 1 / (double)(k + 1);
	for (uint64_t k = 0; k < z->n; k++) {
		double keep = z->column[k].keep < 1 ? z->column[k].keep : 1;

		weight[k] += keep;
		weight[z->column[k].other] += 1 - keep;
	}
	for (uint64_t k = 0; k < z->n; k++)
		largest = fmax(largest, fabs(weight[k] * (double)(k + 1) * sum / (double)z->n - 1));
	return largest;
}

static void test_weights(uint64_t n)
{
	struct zipf *z = malloc(zipf_bytes(n));
	double *weight = calloc(n, sizeof(*weight));

	if (!ok(z != NULL && weight != NULL, "memory for %llu ranks", (unsigned long long)n))
		goto out;
	zipf_fill(z, n);
	ok(largest_error(z, weight) < 1e-6, "%llu ranks come as often as the law says", (unsigned long long)n);
	is_int((long long)zipf_rank(z, 0), 0, "the least random number gives the first");
	ok(zipf_rank(z, UINT64_MAX) < n, "and the largest one that is there");
out:
	free(z);
	free(weight);
}

int main(void)
{
	static const uint64_t ranks[] = {1, 2, 3, 10, 1000, 65536, 1000003};

	for (unsigned i = 0; i < FS_ARRAY_SIZE(ranks); i++)
		test_weights(ranks[i]);
	done_testing();
	return exit_status();
}

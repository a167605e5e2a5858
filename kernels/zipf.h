/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zipf.h - keys whose frequencies follow Zipf's law with exponent 1: rank k comes 1/(k+1) times as often as rank 0. A rank takes two look-ups in a
 * table (Walker's alias method); the table is made by additions and divisions only, so that every machine has the same keys for the same seed.
 */
#ifndef FIVESTEP_KERNELS_ZIPF_H
#define FIVESTEP_KERNELS_ZIPF_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "harness/fivestep.h"

struct zipf {
	uint64_t n; /* of ranks, below 2^32; 0: there is no table */
	struct {
		double keep;	/* share of the column that is rank k's own */
		uint64_t other; /* whose the rest is */
	} column[];
};

#define ZIPF_PARAM                                                                                                                                   \
	.name = "keys", .type = FS_PARAM_CHOICE, .initial = "uniform", .choices = "uniform|zipf",                                                    \
	.help = "uniform: all keys equally often; zipf: key k 1/k times as often as the first"

static inline size_t zipf_bytes(uint64_t n)
{
	return sizeof(struct zipf) + n * sizeof(((struct zipf *)NULL)->column[0]);
}

static inline void zipf_fill(struct zipf *z, uint64_t n)
{
	uint64_t large = 0;
	double sum = 0;

	z->n = n;
	for (uint64_t k = n; k-- > 0;)
		sum += 1 / (double)(k + 1);
	for (uint64_t k = 0; k < n; k++) {
		z->column[k].keep = (double)n / ((double)(k + 1) * sum);
		z->column[k].other = k;
	}
	/* Weights descend: the rare ranks are filled up from behind by the frequent ones, the first of which gives as long as it is more than a
	 * column. */
	for (uint64_t small = n - 1; small > large && z->column[small].keep < 1; small--) {
		z->column[small].other = large;
		z->column[large].keep += z->column[small].keep - 1;
		while (z->column[large].keep < 1 && large + 1 < small) {
			z->column[large].other = large + 1;
			z->column[large + 1].keep += z->column[large].keep - 1;
			large++;
		}
	}
}

/* A kernel's state: the table of n ranks, or one without ranks where its parameter says that keys are uniform. */
static inline int zipf_open(struct fs_work *work, uint64_t n)
{
	uint64_t ranks = fs_is(work->job, "keys", "zipf") ? n : 0;

	work->state = calloc(1, zipf_bytes(ranks));
	if (work->state == NULL)
		return fs_error_memory(work->job);
	if (ranks != 0)
		zipf_fill(work->state, ranks);
	return 0;
}

/* The rank that 64 random bits give. */
static inline uint64_t zipf_rank(const struct zipf *z, uint64_t random)
{
	uint64_t k = ((random >> 32) * z->n) >> 32;

	return (double)(random & 0xffffffff) < z->column[k].keep * 4294967296.0 ? k : z->column[k].other;
}

#endif

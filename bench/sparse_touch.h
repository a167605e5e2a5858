/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sparse_touch.h - the parts of the benchmark sparse_touch: sparse_touch.c touches and times, sparse_touch_counts.c has what is counted meanwhile, as
 * evidence and for the cost model.
 */
#ifndef FIVESTEP_BENCH_SPARSE_TOUCH_H
#define FIVESTEP_BENCH_SPARSE_TOUCH_H

#include "bench/order.h"

/* What was counted on the way to the device before it begins. */
struct sparse_counts {
	uint64_t faults, pages, copied, transferred;
};

struct sparse {
	struct fs_job *job;
	struct fs_buffer buf;
	unsigned bits; /* 2^bits pages */
	ulong touches, key;
	bool is_filled;
	ulong passes; /* so far */
	struct sparse_counts before;
};

void sparse_count_begin(struct sparse *t);

/* What moved to the device since then, against what was touched. 1 where it fits, 0 where evidence fails, negative on error. */
int sparse_count_end(struct sparse *t);

/* For the cost model: what a side's pass contained. 0 or negative. */
int sparse_declare(struct sparse *t, enum fs_side side, bool is_first);

#endif

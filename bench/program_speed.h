/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed.h - the parts of the benchmark program_speed: a file for each body, which has the plain code that it is held against.
 */
#ifndef FIVESTEP_BENCH_PROGRAM_SPEED_H
#define FIVESTEP_BENCH_PROGRAM_SPEED_H

#include "bench/repeat.h"
#include "harness/fivestep.h"

#define SPEED_PASSES 7

/* One buffer each; what is computed is compared behind the last pass. */
struct speed {
	struct fs_job *job;
	unsigned char *buf; /* the body's */
	size_t bytes;
};

/* A body's passes and the plain code's, in turns. */
struct speed_times {
	double body_ns[SPEED_PASSES], plain_ns[SPEED_PASSES];
	double blas_ns[SPEED_PASSES]; /* gemm's, if speed_blas_is_there() */
};

/* Whole numbers below 16: sums and products of them are exact. */
static inline double speed_small(ulong i)
{
	return (double)(fs_mix(i) % 16);
}

/* Samples the medians: of what is counted in `amount` a ns, or where amount is negative ns for each of -amount. Sorts. */
static inline void speed_sample(
	const struct speed *t, const char *share, const char *body, const char *plain, struct speed_times *times, double amount)
{
	double b = repeat_median(times->body_ns, SPEED_PASSES), p = repeat_median(times->plain_ns, SPEED_PASSES);

	fs_sample(t->job, share, 100 * p / b);
	fs_sample(t->job, body, amount > 0 ? amount / b : b / -amount);
	fs_sample(t->job, plain, amount > 0 ? amount / p : p / -amount);
}

/* ns of a body over [0, last). */
static inline double speed_timed(fs_body_fn body, unsigned char *buf, struct fs_body_args args, ulong last)
{
	uint64_t start = fs_now();

	body(buf, NULL, args, 0, last, 1);
	return (double)(fs_now() - start);
}

/* 0; or a skip, where the user asks for OpenBLAS and it is not here. */
int speed_blas_open(struct fs_job *job);
bool speed_blas_is_there(void);
/* Of the matrices in buf, n rows each row by row: the first times the second is the third. */
void speed_blas_product(unsigned char *buf, ulong n);

/* Each measures one body against plain code, whose own buffer it is given. 0 or negative. */
int speed_triad(const struct speed *t);
int speed_gemm(const struct speed *t, unsigned char *plain);
int speed_cg(const struct speed *t, double *expected);
int speed_sort(const struct speed *t, ulong *plain);

#endif

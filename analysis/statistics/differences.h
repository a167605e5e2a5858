/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * differences.h - the differences of all pairs of two sorted groups, in order, without writing them down: what Hodges and Lehmann's
 * estimates and their intervals are made of (two_sample.h, paired.h).
 */
#ifndef FIVESTEP_DIFFERENCES_H
#define FIVESTEP_DIFFERENCES_H

#include <stdbool.h>
#include <stddef.h>

/* Row i of new[j] - base[i] begins at column first[i]: 0, or the diagonal where only half of a square is wanted. */
struct differences {
	const double *base, *new; /* sorted, the caller's */
	size_t m, n, pairs;
	size_t *first;
	size_t *from, *to;   /* of each row what is still looked at */
	size_t *less, *most; /* of the pivot, in each row: where the differences below it end, and those at most it */
};

/*
 * half: m equals n, and row i begins at column n - 1 - i. With base the negated values of new that gives each sum of two values once, and
 * each value twice. 0 or -ENOMEM; differences_close() takes it in any case.
 */
int differences_open(const double *base, size_t m, const double *new, size_t n, bool half, struct differences *differences);
void differences_close(struct differences *differences);
/* The k-th smallest, from 1 to pairs. */
double differences_select(struct differences *differences, size_t k);
double differences_median(struct differences *differences);

#endif

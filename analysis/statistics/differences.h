/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * differences.h - order statistics of the differences of all pairs of two sorted groups, without storing them: the basis of Hodges and
 * Lehmann's estimates and their intervals (two_sample.h, paired.h).
 */
#ifndef FIVESTEP_DIFFERENCES_H
#define FIVESTEP_DIFFERENCES_H

#include <stdbool.h>
#include <stddef.h>

/* Row i of new[j] - base[i] starts at column first[i]: 0, or the diagonal if only half of a square is wanted. */
struct differences {
	const double *base, *new; /* sorted; owned by the caller */
	size_t m, n, pairs;
	size_t *first;
	size_t *from, *to;   /* of each row: the range still searched */
	size_t *less, *most; /* in each row: where the differences below the pivot end, and those up to it */
};

/*
 * half: m equals n, and row i starts at column n - 1 - i. If base holds the negated values of new, that gives each sum of two values once, and
 * each value twice. Returns 0 or -ENOMEM; call differences_close() in any case.
 */
int differences_open(const double *base, size_t m, const double *new, size_t n, bool half, struct differences *differences);
void differences_close(struct differences *differences);
/* The k-th smallest, from 1 to pairs. */
double differences_select(struct differences *differences, size_t k);
double differences_median(struct differences *differences);

#endif

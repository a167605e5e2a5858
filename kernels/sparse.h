/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sparse.h - symmetric positive definite matrices of a seed, row by row: banded ones, and ones whose elements are anywhere. What is off the diagonal
 * is negative, and the diagonal is 1 more than the rest of its row.
 */
#ifndef FIVESTEP_KERNELS_SPARSE_H
#define FIVESTEP_KERNELS_SPARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernels/seeded.h"

#define SPARSE_DEGREE 64u /* elements of a row beside the diagonal, at most */

struct sparse {
	uint64_t n, seed; /* rows, below 2^32 */
	unsigned degree;  /* elements beside the diagonal, at most */
	bool is_banded;
	unsigned bits; /* of half a number of a row */
};

static inline struct sparse sparse_matrix(uint64_t n, unsigned degree, bool is_banded, uint64_t seed)
{
	struct sparse matrix = {n, seed, degree, is_banded, 1};

	while ((uint64_t)1 << 2 * matrix.bits < n)
		matrix.bits++;
	return matrix;
}

/* A round of a Feistel network: whatever it gives, the network can be run backwards. */
static inline uint64_t sparse_round(const struct sparse *m, uint64_t half, unsigned round)
{
	return ((half + m->seed + round) * 0x9e3779b97f4a7c15u) >> (64 - m->bits);
}

/* A random order of the rows: what row i is in it, and back. Numbers that are no rows are passed on until one is. */
static inline uint64_t sparse_shuffle(const struct sparse *m, uint64_t i)
{
	uint64_t mask = ((uint64_t)1 << m->bits) - 1;

	do {
		for (unsigned round = 0; round < 3; round++)
			i = (i & mask) << m->bits | ((i >> m->bits) ^ sparse_round(m, i & mask, round));
	} while (i >= m->n);
	return i;
}

static inline uint64_t sparse_unshuffle(const struct sparse *m, uint64_t i)
{
	uint64_t mask = ((uint64_t)1 << m->bits) - 1;

	do {
		for (unsigned round = 3; round-- > 0;)
			i = ((i & mask) ^ sparse_round(m, i >> m->bits, round)) << m->bits | i >> m->bits;
	} while (i >= m->n);
	return i;
}

/* The k-th partner of a row, whose k-th partner it is: the row itself, or one beyond the last, where there is none. */
static inline uint64_t sparse_partner(const struct sparse *m, uint64_t i, uint64_t shuffled, unsigned k)
{
	/* In a band each has two sides: one that is left over has none. */
	if (m->is_banded && k % 2 == 0 && k + 1 == m->degree)
		return m->n;
	if (m->is_banded)
		return k % 2 == 0 ? i + k / 2 + 1 : i - k / 2 - 1; /* before the first is far beyond the last */
	return sparse_unshuffle(m, (seeded(m->seed, k) % m->n + m->n - shuffled) % m->n);
}

static inline double sparse_element(const struct sparse *m, uint64_t i, uint64_t j)
{
	return -(double)(1 + seeded(m->seed + 1, (i < j ? i : j) * m->n + (i < j ? j : i)) % 1000) / 1000;
}

/* A row in ascending order of columns; returns how many elements, at most degree + 1. */
static inline unsigned sparse_row(const struct sparse *m, uint64_t i, uint32_t *columns, double *values)
{
	uint64_t shuffled = m->is_banded ? 0 : sparse_shuffle(m, i);
	unsigned n = 1;
	double rest = 0;

	columns[0] = (uint32_t)i;
	for (unsigned k = 0; k < m->degree; k++) {
		uint64_t j = sparse_partner(m, i, shuffled, k);
		unsigned at = n;

		if (j == i || j >= m->n)
			continue;
		for (; at > 0 && columns[at - 1] > j; at--)
			columns[at] = columns[at - 1];
		columns[at] = (uint32_t)j;
		n++;
	}
	for (unsigned k = 0; k < n; k++) {
		values[k] = columns[k] == i ? 0 : sparse_element(m, i, columns[k]);
		rest -= values[k];
	}
	for (unsigned k = 0; k < n; k++)
		values[k] = columns[k] == i ? 1 + rest : values[k];
	return n;
}

#endif

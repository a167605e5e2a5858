/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sparse.h - symmetric positive definite matrices, row by row: of a seed, banded ones and ones whose elements are anywhere, where what is off the
 * diagonal is negative, and the diagonal is 1 more than the rest of its row; and those of a file.
 */
#ifndef FIVESTEP_KERNELS_SPARSE_H
#define FIVESTEP_KERNELS_SPARSE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "harness/fivestep.h"
#include "kernels/element.h"
#include "kernels/seeded.h"

#define SPARSE_DEGREE 64u /* off-diagonal elements of a row, at most */

struct sparse {
	uint64_t n, seed; /* rows, below 2^32 */
	unsigned degree;  /* elements beside the diagonal, at most */
	bool is_banded;
	unsigned bits;		      /* of a number of a row, 2 at least */
	const struct fs_input *input; /* of a file; NULL: of the seed */
};

static inline struct sparse sparse_matrix(uint64_t n, unsigned degree, bool is_banded, uint64_t seed)
{
	struct sparse matrix = {.n = n, .seed = seed, .degree = degree, .is_banded = is_banded, .bits = 2};

	while ((uint64_t)1 << matrix.bits < n)
		matrix.bits++;
	return matrix;
}

/*
 * A Feistel network: whatever a round gives, the network can be run backwards. Its halves are as wide as the numbers of rows need, one a bit more
 * where that is odd, and change places in each round: so at most every second number is no row, and a matrix costs as much a row at any size.
 */
static inline uint64_t sparse_round(const struct sparse *m, uint64_t half, unsigned round, unsigned bits)
{
	return ((half + m->seed + round) * 0x9e3779b97f4a7c15u) >> (64 - bits);
}

#define SPARSE_ROUNDS 3u

/* Of the left half, before a round. */
static inline unsigned sparse_left(const struct sparse *m, unsigned round)
{
	return round % 2 == 0 ? m->bits / 2 : m->bits - m->bits / 2;
}

/* A random order of the rows: what row i is in it, and back. Numbers that are no rows are passed on until one is. */
static inline uint64_t sparse_shuffle(const struct sparse *m, uint64_t i)
{
	do {
		for (unsigned round = 0; round < SPARSE_ROUNDS; round++) {
			unsigned left = sparse_left(m, round), right = m->bits - left;
			uint64_t half = i & (((uint64_t)1 << right) - 1);

			i = half << left | ((i >> right) ^ sparse_round(m, half, round, left));
		}
	} while (i >= m->n);
	return i;
}

static inline uint64_t sparse_unshuffle(const struct sparse *m, uint64_t i)
{
	do {
		for (unsigned round = SPARSE_ROUNDS; round-- > 0;) {
			unsigned left = sparse_left(m, round), right = m->bits - left;
			uint64_t half = i >> left;

			i = ((i & (((uint64_t)1 << left) - 1)) ^ sparse_round(m, half, round, left)) << right | half;
		}
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

/* How many elements there is room for. */
static inline uint64_t sparse_room(const struct sparse *m)
{
	return m->input != NULL ? m->input->entries : m->n * (m->degree + 1);
}

/* The matrix in rows, with zeros in what is not used behind them. element: bytes of a value. */
static inline void sparse_fill(const struct sparse *m, ulong *rows, uint *columns, void *values, size_t element)
{
	uint64_t at = 0, all = sparse_room(m);

	if (m->input != NULL) {
		memcpy(rows, m->input->first, (m->n + 1) * sizeof(*rows));
		memcpy(columns, m->input->column, all * sizeof(*columns));
		for (uint64_t k = 0; k < all; k++)
			element_put(values, k, element, m->input->value[k]);
		return;
	}
	for (uint64_t i = 0; i < m->n; i++) {
		uint column[SPARSE_DEGREE + 1];
		double value[SPARSE_DEGREE + 1];
		unsigned n = sparse_row(m, i, column, value);

		memcpy(columns + at, column, n * sizeof(*columns));
		for (unsigned k = 0; k < n; k++)
			element_put(values, at + k, element, value[k]);
		rows[i] = at;
		at += n;
	}
	rows[m->n] = at;
	memset(columns + at, 0, (all - at) * sizeof(*columns));
	memset((unsigned char *)values + at * element, 0, (all - at) * element);
}

/* ---- of a file: what can be seen of it without a solution */

static inline double sparse_input_at(const struct fs_input *input, uint64_t row, uint64_t column)
{
	uint64_t low = input->first[row], high = input->first[row + 1];

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (input->column[middle] == column)
			return input->value[middle];
		if (input->column[middle] < column)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/* Square, symmetric, and positive on the diagonal: or it is not positive definite. A matrix that is not may pass; the steps of cg show that. */
static inline int sparse_input_check(const struct fs_input *input, const char *name, struct fs_reason *why)
{
	if (input->rows != input->columns)
		return fs_because(why, -EINVAL, "", "%s: matrix=%s: %llu rows and %llu columns; expected as many", input->path, name,
			(unsigned long long)input->rows, (unsigned long long)input->columns);
	if (input->value == NULL)
		return fs_because(why, -EINVAL, "", "%s:1: matrix=%s is a pattern; expected values", input->path, name);
	for (uint64_t i = 0; i < input->rows; i++) {
		if (sparse_input_at(input, i, i) <= 0)
			return fs_because(why, -EINVAL, "", "%s: matrix=%s is not positive definite: element (%llu, %llu) is %g", input->path, name,
				(unsigned long long)i + 1, (unsigned long long)i + 1, sparse_input_at(input, i, i));
		for (uint64_t k = input->first[i]; k < input->first[i + 1]; k++) {
			uint64_t j = input->column[k];
			double other = sparse_input_at(input, j, i);

			if (input->value[k] < other || input->value[k] > other)
				return fs_because(why, -EINVAL, "", "%s: matrix=%s is not symmetric: (%llu, %llu) is %g, and (%llu, %llu) is %g",
					input->path, name, (unsigned long long)i + 1, (unsigned long long)j + 1, input->value[k],
					(unsigned long long)j + 1, (unsigned long long)i + 1, other);
		}
	}
	return 0;
}

#endif

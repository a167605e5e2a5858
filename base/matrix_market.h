/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * matrix_market.h - reads a matrix in the exchange format Matrix Market: coordinate; real, integer or pattern; general or symmetric.
 *
 * The reader is strict: what it does not know exactly is an error with file, line and what was expected. Memory grows with the entries that are in
 * the file, never with what its size line claims.
 */
#ifndef FIVESTEP_MATRIX_MARKET_H
#define FIVESTEP_MATRIX_MARKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reason.h"

/* By rows, the columns of each in ascending order, from 0. Of a symmetric matrix both halves are here, although its file has one. */
struct matrix_market {
	uint64_t rows, columns, entries;
	uint64_t *first;  /* rows + 1: where each row begins */
	uint32_t *column; /* of each entry */
	double *value;	  /* of each entry; NULL for a pattern */
	uint64_t bytes;	  /* of the file */
	uint64_t digest;  /* of the file's bytes: FNV-1a */
};

/* 0, or -EINVAL, -ENOMEM or an error of the file; *matrix is then zeroed. The file must be a regular one. */
int matrix_market_read(const char *path, struct matrix_market *matrix, struct fs_reason *why);
void matrix_market_free(struct matrix_market *matrix);

#endif

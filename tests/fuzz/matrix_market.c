/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * matrix_market.c - a matrix of somebody else's: what is read is whole, with its columns in ascending order within bounds.
 */
#include "config.h"

#include <stdlib.h>

#include "base/matrix_market.h"
#include "tests/fuzz/targets.h"

void fuzz_matrix_market(const uint8_t *data, size_t bytes)
{
	struct matrix_market matrix;
	struct fs_reason why = {0};
	int err = matrix_market_read(fuzz_file(data, bytes), &matrix, &why);

	fuzz_refused(err, &why);
	if (err == 0 && (matrix.first[0] != 0 || matrix.first[matrix.rows] != matrix.entries))
		abort();
	for (uint64_t row = 0; err == 0 && row < matrix.rows; row++) {
		for (uint64_t k = matrix.first[row]; k < matrix.first[row + 1]; k++) {
			if (matrix.column[k] >= matrix.columns || (k > matrix.first[row] && matrix.column[k] <= matrix.column[k - 1]))
				abort();
		}
	}
	matrix_market_free(&matrix);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gemm.body.h - C = A * B, block by block. u: offsets of A, B and C, rows (a multiple of GEMM_TILE), tiles along a block's edge, bytes of an
 * element if it is a float. An index is a block of C.
 *
 * The matrices are stored as a good product wants to read them: A and C in panels of GEMM_TILE rows, column by column; B in panels of GEMM_TILE
 * columns, row by row. A part of GEMM_DEPTH terms of each sum is computed for all of a block before the next one, so that what is read again is in a
 * cache.
 */
#ifndef FIVESTEP_KERNELS_GEMM_BODY_H
#define FIVESTEP_KERNELS_GEMM_BODY_H

#include "harness/body.h"

#define GEMM_TILE    8u
#define GEMM_COLUMNS 4u /* of a tile at a time: as many sums as registers hold */
#define GEMM_DEPTH   256u

/* Adds depth terms to GEMM_COLUMNS columns of a tile. */
#define GEMM_COLUMNS_OF(real)                                                                                                                        \
	FS_DEVICE_FN static inline void gemm_columns_##real(                                                                                         \
		FS_GLOBAL const real *x, FS_GLOBAL const real *y, FS_GLOBAL real *sums, ulong depth, uint first)                                     \
	{                                                                                                                                            \
		real sum[GEMM_COLUMNS][GEMM_TILE];                                                                                                   \
                                                                                                                                                     \
		for (uint c = 0; c < GEMM_COLUMNS; c++) {                                                                                            \
			for (uint r = 0; r < GEMM_TILE; r++)                                                                                         \
				sum[c][r] = first ? 0 : sums[c * GEMM_TILE + r];                                                                     \
		}                                                                                                                                    \
		for (ulong k = 0; k < depth; k++) {                                                                                                  \
			for (uint c = 0; c < GEMM_COLUMNS; c++) {                                                                                    \
				for (uint r = 0; r < GEMM_TILE; r++)                                                                                 \
					sum[c][r] += x[k * GEMM_TILE + r] * y[k * GEMM_TILE + c];                                                    \
			}                                                                                                                            \
		}                                                                                                                                    \
		for (uint c = 0; c < GEMM_COLUMNS; c++) {                                                                                            \
			for (uint r = 0; r < GEMM_TILE; r++)                                                                                         \
				sums[c * GEMM_TILE + r] = sum[c][r];                                                                                 \
		}                                                                                                                                    \
	}
GEMM_COLUMNS_OF(double)
GEMM_COLUMNS_OF(float)

#define GEMM_BLOCK(real)                                                                                                                             \
	for (ulong k = 0; k < n; k += GEMM_DEPTH) {                                                                                                  \
		ulong depth = n - k < GEMM_DEPTH ? n - k : GEMM_DEPTH;                                                                               \
                                                                                                                                                     \
		for (ulong q = column; q < columns; q++) {                                                                                           \
			for (ulong p = row; p < rows; p++) {                                                                                         \
				FS_GLOBAL const real *x = FS_ARRAY(real, a.u[0]) + p * panel + k * GEMM_TILE;                                        \
				FS_GLOBAL const real *y = FS_ARRAY(real, a.u[1]) + q * panel + k * GEMM_TILE;                                        \
				FS_GLOBAL real *sums = FS_ARRAY(real, a.u[2]) + p * panel + q * GEMM_TILE * GEMM_TILE;                               \
                                                                                                                                                     \
				for (uint c = 0; c < GEMM_TILE; c += GEMM_COLUMNS)                                                                   \
					gemm_columns_##real(x, y + c, sums + c * GEMM_TILE, depth, k == 0);                                          \
			}                                                                                                                            \
		}                                                                                                                                    \
	}

FS_BODY(gemm)
{
	ulong n = a.u[3], tiles = n / GEMM_TILE, edge = a.u[4], blocks = (tiles + edge - 1) / edge, panel = n * GEMM_TILE;

	(void)out;
	FS_FOR(i)
	{
		ulong row = i / blocks * edge, column = i % blocks * edge;
		ulong rows = row + edge < tiles ? row + edge : tiles, columns = column + edge < tiles ? column + edge : tiles;

		if (a.u[5] == sizeof(float)) {
			GEMM_BLOCK(float)
		} else {
			GEMM_BLOCK(double)
		}
	}
}

#endif

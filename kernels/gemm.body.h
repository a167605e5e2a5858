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

/* Sums are exact, whatever is contracted: here it may be, in the forms whose processors have an instruction for it. */
#if defined(__OPENCL_VERSION__) || defined(__CUDACC__)
#elif defined(__clang__)
#pragma clang fp contract(fast)
#else
#pragma GCC push_options
#pragma GCC optimize("fp-contract=fast")
#endif

/*
 * Adds depth terms to GEMM_COLUMNS columns of a tile. In C the sums are vectors as wide as the form's registers (see FS_VECTOR_BYTES): of arrays, and
 * of vectors of another width, compilers make code that is two to ten times slower.
 */
#if defined(__OPENCL_VERSION__) || defined(__CUDACC__)
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
#define GEMM_COLUMNS_WIDE(real, width, x, y, sums, depth, first) gemm_columns_##real(x, y, sums, depth, first)
#define GEMM_VECTOR_BYTES()					 0
#define GEMM_STEP(real, width)					 GEMM_COLUMNS
#else
#define GEMM_COLUMNS_OF(real, width, columns)                                                                                                        \
	static inline                                                                                                                                \
		__attribute__((always_inline)) void gemm_columns_##real##_##width(const real *x, const real *y, real *sums, ulong depth, uint first) \
	{                                                                                                                                            \
		typedef real vector __attribute__((vector_size(width), aligned(sizeof(real)), may_alias));                                           \
		enum { LANES = width / sizeof(real), PARTS = GEMM_TILE / LANES };                                                                    \
		vector sum[columns][PARTS];                                                                                                          \
                                                                                                                                                     \
		for (uint c = 0; c < columns; c++) {                                                                                                 \
			for (uint p = 0; p < PARTS; p++)                                                                                             \
				sum[c][p] = first ? (vector){0} : *(const vector *)(sums + c * GEMM_TILE + p * LANES);                               \
		}                                                                                                                                    \
		for (ulong k = 0; k < depth; k++) {                                                                                                  \
			for (uint c = 0; c < columns; c++) {                                                                                         \
				for (uint p = 0; p < PARTS; p++)                                                                                     \
					sum[c][p] += *(const vector *)(x + k * GEMM_TILE + p * LANES) * y[k * GEMM_TILE + c];                        \
			}                                                                                                                            \
		}                                                                                                                                    \
		for (uint c = 0; c < columns; c++) {                                                                                                 \
			for (uint p = 0; p < PARTS; p++)                                                                                             \
				*(vector *)(sums + c * GEMM_TILE + p * LANES) = sum[c][p];                                                           \
		}                                                                                                                                    \
	}
GEMM_COLUMNS_OF(double, 16, 4)
GEMM_COLUMNS_OF(double, 32, 4)
GEMM_COLUMNS_OF(double, 64, 8)
GEMM_COLUMNS_OF(float, 16, 4)
GEMM_COLUMNS_OF(float, 32, 4)
/* A tile has 8 rows: of floats no more than 32 bytes. */
#define gemm_columns_float_64 gemm_columns_float_32
#define GEMM_COLUMNS_WIDE(real, width, x, y, sums, depth, first)                                                                                     \
	(width == 64	      ? gemm_columns_##real##_64(x, y, sums, depth, first)                                                                   \
		: width == 32 ? gemm_columns_##real##_32(x, y, sums, depth, first)                                                                   \
			      : gemm_columns_##real##_16(x, y, sums, depth, first))
#define GEMM_VECTOR_BYTES()    FS_VECTOR_BYTES()
#define GEMM_STEP(real, width) (width == 64 && sizeof(real) == sizeof(double) ? 2 * GEMM_COLUMNS : GEMM_COLUMNS)
#endif

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
				for (uint c = 0; c < GEMM_TILE; c += GEMM_STEP(real, width))                                                         \
					GEMM_COLUMNS_WIDE(real, width, x, y + c, sums + c * GEMM_TILE, depth, k == 0);                               \
			}                                                                                                                            \
		}                                                                                                                                    \
	}

FS_BODY(gemm)
{
	uint width = GEMM_VECTOR_BYTES();
	ulong n = a.u[3], tiles = n / GEMM_TILE, edge = a.u[4], blocks = (tiles + edge - 1) / edge, panel = n * GEMM_TILE;

	(void)out;
	(void)width;
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

#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPENCL_VERSION__) && !defined(__CUDACC__)
#pragma GCC pop_options
#endif

#endif

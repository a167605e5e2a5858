/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cg - conjugate gradients: the device multiplies the sparse matrix with a vector, the CPU does what is left of a turn, until the residual is small.
 * The matrix is most of the memory and only the device reads it; what crosses in each turn are two vectors.
 *
 * Under copies the matrix goes to the device once. The product gathers from all over the vector where the matrix is random, from nearby where it is
 * banded. Sums are added up in one order and nothing is contracted, so that the answer is compared bit by bit. Not shown: dot products on the device;
 * preconditioners. It lies where the matrix fits a cache.
 */
#include "config.h"

#include "kernels/cg.body.h"
#include "kernels/regions.h"
#include "kernels/sparse.h"

#include <errno.h>

#define LANES 8

enum { ROWS, COLUMNS, VALUES, P, Q, X, R };

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "the matrix and four vectors")},
	{.name = "matrix",
		.type = FS_PARAM_CHOICE,
		.initial = "random",
		.choices = "random|banded",
		.help = "where its elements are: anywhere, or beside the diagonal"},
	{.name = "degree", .type = FS_PARAM_COUNT, .initial = "8", .min = 2, .max = SPARSE_DEGREE, .help = "elements of a row beside the diagonal"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "6", .min = 1, .max = 100000, .help = "turns at most: device, then CPU"},
	{.name = "residual", .type = FS_PARAM_REAL, .initial = "1e-9", .min = 0, .max = 1, .help = "done when it is so small, in parts of the first"},
	{0},
};

struct state {
	struct sparse matrix;
	double square, first_square; /* of the residual, now and at first */
	/* The reference, computed once for a seed: p, q, x and r of its last turn. */
	uint64_t seed;
	unsigned turns; /* 0: not yet */
	double reference[];
};

static uint64_t rows_of(const struct fs_work *work)
{
	return work->launch.last;
}

/* The right side, and the first residual since x begins with zeros. */
static double right_side(const struct fs_work *work, uint64_t i)
{
	return (double)(1 + seeded(work->seed + 2, i) % 1000) / 1000;
}

static int layout(struct fs_work *work)
{
	uint64_t degree = fs_count(work->job, "degree"), elements;
	size_t row = sizeof(ulong) + (degree + 1) * (sizeof(uint) + sizeof(double)) + 4 * sizeof(double);
	/* Eight pages for the rounding of the regions and the end of the last row. */
	uint64_t n = (work->bytes - 8 * fs_page_bytes()) / row;
	struct state *state = malloc(sizeof(*state) + 4 * n * sizeof(double));

	if (state == NULL)
		return fs_error(work->job, -ENOMEM, "out of memory");
	*state = (struct state){.matrix = sparse_matrix(n, (unsigned)degree, fs_is(work->job, "matrix", "banded"), work->seed)};
	work->state = state;
	elements = n * (degree + 1);
	region_add(work, ROWS, "rows", (n + 1) * sizeof(ulong), FS_IN);
	region_add(work, COLUMNS, "columns", elements * sizeof(uint), FS_IN);
	region_add(work, VALUES, "values", elements * sizeof(double), FS_IN);
	region_add(work, P, "p", n * sizeof(double), FS_IN);
	region_add(work, Q, "q", n * sizeof(double), FS_OUT);
	region_add(work, X, "x", n * sizeof(double), FS_FILLED);
	region_add(work, R, "r", n * sizeof(double), FS_FILLED);
	work->launch.last = n;
	return 0;
}

/* The matrix in rows, with zeros in what is not used behind them. */
static void fill_matrix(const struct sparse *matrix, ulong *rows, uint *columns, double *values)
{
	uint64_t at = 0, all = matrix->n * (matrix->degree + 1);

	for (uint64_t i = 0; i < matrix->n; i++) {
		uint column[SPARSE_DEGREE + 1];
		double value[SPARSE_DEGREE + 1];
		unsigned n = sparse_row(matrix, i, column, value);

		memcpy(columns + at, column, n * sizeof(*columns));
		memcpy(values + at, value, n * sizeof(*values));
		rows[i] = at;
		at += n;
	}
	rows[matrix->n] = at;
	memset(columns + at, 0, (all - at) * sizeof(*columns));
	memset(values + at, 0, (all - at) * sizeof(*values));
}

/* As many sums at a time as vectors have room for. */
static double dot(const double *x, const double *y, uint64_t n)
{
	double sum[LANES] = {0}, rest = 0;
	uint64_t i = 0;

	for (; i + LANES <= n; i += LANES) {
		for (unsigned l = 0; l < LANES; l++)
			sum[l] += x[i + l] * y[i + l];
	}
	for (; i < n; i++)
		rest += x[i] * y[i];
	for (unsigned l = 0; l < LANES; l++)
		rest += sum[l];
	return rest;
}

/* x = y + factor * z; x may be one of them. */
static void add(double *x, const double *y, double factor, const double *z, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		x[i] = y[i] + factor * z[i];
}

static void begin(const struct fs_work *work, double *p, double *x, double *r)
{
	for (uint64_t i = 0; i < rows_of(work); i++) {
		p[i] = r[i] = right_side(work, i);
		x[i] = 0;
	}
}

/* What the CPU does of a turn; square: of the residual. Whether there is another. */
static bool turn(const struct fs_work *work, double *square, double first, unsigned done, double *p, const double *q, double *x, double *r)
{
	uint64_t n = rows_of(work);
	double step = *square / dot(p, q, n), before = *square, small = fs_real(work->job, "residual");

	add(x, x, step, p, n);
	add(r, r, -step, q, n);
	*square = dot(r, r, n);
	if (*square <= small * small * first || done >= fs_count(work->job, "turns"))
		return false;
	add(p, r, *square / before, p, n);
	return true;
}

static int cpu_before(struct fs_work *work)
{
	struct state *state = work->state;

	fill_matrix(&state->matrix, region_at(work, ROWS), region_at(work, COLUMNS), region_at(work, VALUES));
	begin(work, region_at(work, P), region_at(work, X), region_at(work, R));
	state->square = state->first_square = dot(region_at(work, R), region_at(work, R), rows_of(work));
	return 0;
}

static int cpu_after(struct fs_work *work)
{
	struct state *state = work->state;

	for (unsigned i = ROWS; i <= VALUES; i++)
		work->regions[i].flags |= FS_KEPT;
	return turn(work, &state->square, state->first_square, work->iteration + 1, region_at(work, P), region_at(work, Q), region_at(work, X),
		region_at(work, R));
}

struct matrix {
	ulong *rows;
	uint *columns;
	double *values;
};

static unsigned reference(const struct fs_work *work, const struct matrix *m, double *p, double *q, double *x, double *r)
{
	uint64_t n = rows_of(work);
	double square, first;
	unsigned turns = 0;

	begin(work, p, x, r);
	square = first = dot(r, r, n);
	do {
		for (uint64_t i = 0; i < n; i++) {
			q[i] = 0;
			for (uint64_t k = m->rows[i]; k < m->rows[i + 1]; k++)
				q[i] += m->values[k] * p[m->columns[k]];
		}
		turns++;
	} while (turn(work, &square, first, turns, p, q, x, r));
	return turns;
}

static int check_vectors(struct fs_work *work, const struct matrix *m)
{
	struct state *state = work->state;
	uint64_t n = rows_of(work);
	double *p = state->reference, *q = p + n, *x = q + n, *r = x + n;
	int err;

	if (state->turns == 0 || state->seed != work->seed)
		state->turns = reference(work, m, p, q, x, r);
	state->seed = work->seed;
	if (work->iteration != state->turns)
		return fs_wrong(work->job, "the CPU ended it after %u turns, not %u", work->iteration, state->turns);
	err = expect_reals(work, X, x);
	if (err == 0)
		err = expect_reals(work, R, r);
	if (err == 0)
		err = expect_reals(work, P, p);
	return err == 0 ? expect_reals(work, Q, q) : err;
}

static int check(struct fs_work *work)
{
	struct sparse sparse = ((const struct state *)work->state)->matrix;
	struct matrix m = {malloc(work->regions[ROWS].bytes), malloc(work->regions[COLUMNS].bytes), malloc(work->regions[VALUES].bytes)};
	int err = m.rows != NULL && m.columns != NULL && m.values != NULL ? 0 : fs_error(work->job, -ENOMEM, "no memory for the reference");

	if (err != 0)
		goto out;
	sparse.seed = work->seed;
	fill_matrix(&sparse, m.rows, m.columns, m.values);
	err = expect_words(work, ROWS, m.rows);
	if (err == 0)
		err = expect_uints(work, COLUMNS, m.columns);
	if (err == 0)
		err = expect_reals(work, VALUES, m.values);
	if (err == 0)
		err = check_vectors(work, &m);
out:
	free(m.rows);
	free(m.columns);
	free(m.values);
	return err;
}

/* Of the product: the matrix and two vectors, each once. */
static uint64_t device_bytes(const struct fs_work *work)
{
	const struct fs_region *regions = work->regions;

	return (regions[ROWS].bytes + regions[COLUMNS].bytes + regions[VALUES].bytes + 2 * regions[P].bytes) * work->iteration;
}

/* The elements that the matrix has, and what of p they meet. */
static void profile_product(const struct fs_work *work, struct fs_pages *pages)
{
	const struct sparse *matrix = &((const struct state *)work->state)->matrix;
	uint64_t at = 0;

	for (uint64_t i = 0; i < matrix->n; i++) {
		uint column[SPARSE_DEGREE + 1];
		double value[SPARSE_DEGREE + 1];
		unsigned n = sparse_row(matrix, i, column, value);

		for (unsigned k = 0; k < n; k++)
			fs_reads(pages, work->regions[P].offset + column[k] * sizeof(double), sizeof(double));
		at += n;
	}
	fs_reads(pages, work->regions[COLUMNS].offset, at * sizeof(uint));
	fs_reads(pages, work->regions[VALUES].offset, at * sizeof(double));
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	(void)turn;
	if (side == FS_DEVICE) {
		region_reads(work, ROWS, pages);
		region_writes(work, Q, pages);
		profile_product(work, pages);
		return 0;
	}
	for (unsigned i = P; i <= R; i++)
		region_reads(work, i, pages);
	region_writes(work, X, pages);
	region_writes(work, R, pages);
	if (turn + 1 < work->iteration)
		region_writes(work, P, pages);
	return 0;
}

const struct fs_kernel kernel_cg = {
	.name = "cg",
	.summary = "conjugate gradients: the device multiplies with a sparse matrix, the CPU does the rest of a turn",
	.params = params,
	.body_name = "cg",
	.body = cg_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.device_bytes = device_bytes,
	.profile = profile,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cg - conjugate gradients: the device multiplies the sparse matrix with a vector, the CPU does the rest of each turn, until the residual is small.
 * The matrix is most of the memory and only the device reads it; what crosses in each turn are two vectors.
 *
 * Under copies the matrix goes to the device once. The product gathers from all over the vector where the matrix is random, from nearby where it is
 * banded, and as its structure is where it comes from a file. Sums are added up in one order and nothing is contracted, so that the answer is
 * compared bit by bit. Whether a file's matrix is positive definite shows in the turns: where it is not, the round fails with that reason. Not shown:
 * dot products on the device; preconditioners. Misleading where the matrix fits a cache.
 */
#include "config.h"

#include "kernels/cg.body.h"
#include "kernels/regions.h"
#include "kernels/sparse.h"

#include <errno.h>
#include <math.h>

#define LANES 8

enum { ROWS, COLUMNS, VALUES, P, Q, X, R };

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "the matrix and four vectors")},
	{.name = "matrix",
		.type = FS_PARAM_INPUT,
		.initial = "random",
		.choices = "random|banded",
		.help = "where its elements are: anywhere, or near the diagonal"},
	{.name = "degree",
		.type = FS_PARAM_COUNT,
		.initial = "8",
		.min = 2,
		.max = SPARSE_DEGREE,
		.when = "matrix=random|banded",
		.help = "off-diagonal elements of a row"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "6", .min = 1, .max = 100000, .help = "turns at most: device, then CPU"},
	{.name = "residual",
		.type = FS_PARAM_REAL,
		.initial = "1e-9",
		.min = 0,
		.max = 1,
		.help = "stop when the residual is this small, relative to the first"},
	{0},
};

struct state {
	struct sparse matrix;
	double square, first_square; /* of the residual, now and at first */
	/* The reference, computed once for a seed: the matrix anew, and p, q, x and r of its last turn. */
	uint64_t seed;
	int turns; /* 0: not yet */
	ulong *rows;
	uint *columns;
	double *values, *p, *q, *x, *r;
	double memory[];
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

static struct sparse matrix_of(const struct fs_work *work)
{
	const struct fs_input *input = fs_input(fs_args(work->job), "matrix");
	uint64_t degree = input == NULL ? fs_count(work->job, "degree") : 0;
	size_t row = sizeof(ulong) + (degree + 1) * (sizeof(uint) + sizeof(double)) + 4 * sizeof(double);

	if (input != NULL)
		return (struct sparse){.n = input->rows, .input = input};
	/* Eight pages for the rounding of the regions and the end of the last row. */
	return sparse_matrix((work->bytes - 8 * fs_page_bytes()) / row, (unsigned)degree, fs_is(work->job, "matrix", "banded"), work->seed);
}

static int admit(const struct fs_args *args, size_t *least, struct fs_reason *why)
{
	const struct fs_input *input = fs_input(args, "matrix");
	int err = input != NULL ? sparse_input_check(input, fs_arg_choice(args, "matrix"), why) : 0;

	if (err == 0 && input != NULL)
		*least = whole_pages_up((input->rows + 1) * sizeof(ulong)) + whole_pages_up(input->entries * sizeof(uint)) +
			 whole_pages_up(input->entries * sizeof(double)) + 4 * whole_pages_up(input->rows * sizeof(double));
	return err;
}

static int layout(struct fs_work *work)
{
	struct sparse matrix = matrix_of(work);
	uint64_t n = matrix.n, elements = sparse_room(&matrix);
	struct state *s = malloc(sizeof(*s) + (elements + 4 * n) * sizeof(double) + (n + 1) * sizeof(ulong) + elements * sizeof(uint));

	if (s == NULL)
		return fs_error_memory(work->job);
	*s = (struct state){.matrix = matrix};
	s->values = s->memory;
	s->p = s->values + elements;
	s->q = s->p + n;
	s->x = s->q + n;
	s->r = s->x + n;
	s->rows = (ulong *)(s->r + n);
	s->columns = (uint *)(s->rows + n + 1);
	work->state = s;
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

/* What the CPU does of a turn. */
enum outcome {
	DONE,
	ANOTHER,
	NO_STEP, /* along p the matrix is not positive, or what comes out is no number */
};

/* square: of the residual */
static enum outcome turn(const struct fs_work *work, double *square, double first, unsigned done, double *p, const double *q, double *x, double *r)
{
	uint64_t n = rows_of(work);
	double curvature = dot(p, q, n), step = *square / curvature, before = *square, small = fs_real(work->job, "residual");

	if (!(curvature > 0) || !isfinite(step))
		return NO_STEP;
	add(x, x, step, p, n);
	add(r, r, -step, q, n);
	*square = dot(r, r, n);
	if (!isfinite(*square))
		return NO_STEP;
	if (*square <= small * small * first || done >= fs_count(work->job, "turns"))
		return DONE;
	add(p, r, *square / before, p, n);
	return ANOTHER;
}

static int cpu_before(struct fs_work *work)
{
	struct state *state = work->state;

	state->matrix.seed = work->seed;
	sparse_fill(&state->matrix, region_at(work, ROWS), region_at(work, COLUMNS), region_at(work, VALUES));
	begin(work, region_at(work, P), region_at(work, X), region_at(work, R));
	state->square = state->first_square = dot(region_at(work, R), region_at(work, R), rows_of(work));
	return 0;
}

static int cpu_after(struct fs_work *work)
{
	struct state *state = work->state;

	for (unsigned i = ROWS; i <= VALUES; i++)
		work->regions[i].flags |= FS_KEPT;
	/* Where there is no step to take, check says whether the matrix or the product is wrong. */
	return turn(work, &state->square, state->first_square, work->iteration + 1, region_at(work, P), region_at(work, Q), region_at(work, X),
		       region_at(work, R)) == ANOTHER;
}

/* The same with a plain product, over a matrix that is made anew. Its turns, or -errno. */
static int reference(const struct fs_work *work, struct state *s)
{
	enum outcome outcome;
	double square, first;

	if (s->turns > 0 && s->seed == work->seed)
		return s->turns;
	s->seed = s->matrix.seed = work->seed;
	s->turns = 0;
	sparse_fill(&s->matrix, s->rows, s->columns, s->values);
	begin(work, s->p, s->x, s->r);
	square = first = dot(s->r, s->r, rows_of(work));
	do {
		for (uint64_t i = 0; i < rows_of(work); i++) {
			s->q[i] = 0;
			for (ulong k = s->rows[i]; k < s->rows[i + 1]; k++)
				s->q[i] += s->values[k] * s->p[s->columns[k]];
		}
		s->turns++;
		outcome = turn(work, &square, first, (unsigned)s->turns, s->p, s->q, s->x, s->r);
	} while (outcome == ANOTHER);
	if (outcome == NO_STEP)
		s->turns = fs_error(
			work->job, -EDOM, "the matrix is not positive definite: pAp is %g in turn %d", dot(s->p, s->q, rows_of(work)), s->turns);
	return s->turns;
}

static int check(struct fs_work *work)
{
	struct state *s = work->state;
	int turns = reference(work, s), err = turns < 0 ? turns : expect_words(work, ROWS, s->rows);

	if (err == 0)
		err = expect_uints(work, COLUMNS, s->columns);
	if (err == 0)
		err = expect_reals(work, VALUES, s->values);
	if (err == 0 && work->iteration != (unsigned)turns)
		err = fs_wrong(work->job, "the CPU ended it after %u turns, not %d", work->iteration, turns);
	if (err == 0)
		err = expect_reals(work, X, s->x);
	if (err == 0)
		err = expect_reals(work, R, s->r);
	if (err == 0)
		err = expect_reals(work, P, s->p);
	return err == 0 ? expect_reals(work, Q, s->q) : err;
}

/* Of the product: the matrix and two vectors, each once. */
static uint64_t device_bytes(const struct fs_work *work)
{
	const struct fs_region *regions = work->regions;

	return (regions[ROWS].bytes + regions[COLUMNS].bytes + regions[VALUES].bytes + 2 * regions[P].bytes) * work->iteration;
}

/* The elements that the matrix has, and what of p they meet. */
static int profile_product(const struct fs_work *work, struct fs_pages *pages)
{
	struct state *s = work->state;
	int err = reference(work, s);
	ulong all;

	if (err < 0)
		return err;
	all = s->rows[rows_of(work)];
	for (ulong k = 0; k < all; k++)
		fs_reads(pages, work->regions[P].offset + s->columns[k] * sizeof(double), sizeof(double));
	fs_reads(pages, work->regions[COLUMNS].offset, all * sizeof(uint));
	fs_reads(pages, work->regions[VALUES].offset, all * sizeof(double));
	return 0;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	(void)turn;
	if (side == FS_DEVICE) {
		region_reads(work, ROWS, pages);
		region_writes(work, Q, pages);
		return profile_product(work, pages);
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
	.admit = admit,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.device_bytes = device_bytes,
	.profile = profile,
};

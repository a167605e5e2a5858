/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cg - conjugate gradients: the device multiplies the sparse matrix with a vector, the CPU does the rest of each turn, until the residual is small.
 * The matrix is most of the memory and only the device reads it; what crosses in each turn are two vectors.
 *
 * Under copies the matrix goes to the device once. The product gathers from all over the vector where the matrix is random, from nearby where it is
 * banded, and as its structure is where it comes from a file. Sums are added up in one order and nothing is contracted, so that the answer is
 * compared bit by bit, of floats as of doubles: the product is in floats then, and the CPU computes in doubles what it stores as floats. Whether a
 * file's matrix is positive definite shows in the turns: where it is not, the round fails with that reason. Not shown: dot products on the device;
 * preconditioners. Misleading where the matrix fits a cache.
 */
#include "config.h"

#include "kernels/cg.body.h"
#include "kernels/element.h"
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
	{ELEMENT_PARAM},
	{0},
};

/* Of a turn: p and its product q with the matrix, the solution x so far, the residual r. */
struct vectors {
	void *p, *q, *x, *r;
	size_t element; /* bytes */
};

struct state {
	struct sparse matrix;
	double square, first_square; /* of the residual, now and at first */
	/* The reference, computed once for a seed: the matrix anew, and the vectors of its last turn; all in doubles. */
	uint64_t seed;
	int turns; /* 0: not yet */
	ulong *rows;
	uint *columns;
	double *values, *p, *q, *x, *r;
	size_t element;
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
	size_t element = element_bytes(work), row = sizeof(ulong) + (degree + 1) * (sizeof(uint) + element) + 4 * element;

	if (input != NULL)
		return (struct sparse){.n = input->rows, .input = input};
	/* Eight pages for the rounding of the regions and the end of the last row. */
	return sparse_matrix((work->bytes - 8 * fs_page_bytes()) / row, (unsigned)degree, fs_is(work->job, "matrix", "banded"), work->seed);
}

static int admit(const struct fs_args *args, size_t *least, struct fs_reason *why)
{
	const struct fs_input *input = fs_input(args, "matrix");
	size_t element = fs_arg_is(args, "element", "f32") ? sizeof(float) : sizeof(double);
	int err = input != NULL ? sparse_input_check(input, fs_arg_choice(args, "matrix"), why) : 0;

	if (err == 0 && input != NULL)
		*least = whole_pages_up((input->rows + 1) * sizeof(ulong)) + whole_pages_up(input->entries * sizeof(uint)) +
			 whole_pages_up(input->entries * element) + 4 * whole_pages_up(input->rows * element);
	return err;
}

static int layout(struct fs_work *work)
{
	struct sparse matrix = matrix_of(work);
	uint64_t n = matrix.n, elements = sparse_room(&matrix);
	size_t element = element_bytes(work);
	struct state *s = malloc(sizeof(*s) + (elements + 4 * n) * sizeof(double) + (n + 1) * sizeof(ulong) + elements * sizeof(uint));
	double *p;

	if (s == NULL)
		return fs_error_memory(work->job);
	*s = (struct state){.matrix = matrix};
	s->values = s->memory;
	p = s->values + elements;
	s->p = p;
	s->q = p + n;
	s->x = p + 2 * n;
	s->r = p + 3 * n;
	s->element = element;
	s->rows = (ulong *)(p + 4 * n);
	s->columns = (uint *)(s->rows + n + 1);
	work->state = s;
	region_add(work, ROWS, "rows", (n + 1) * sizeof(ulong), FS_IN);
	region_add(work, COLUMNS, "columns", elements * sizeof(uint), FS_IN);
	region_add(work, VALUES, "values", elements * element, FS_IN);
	region_add(work, P, "p", n * element, FS_IN);
	region_add(work, Q, "q", n * element, FS_OUT);
	region_add(work, X, "x", n * element, FS_FILLED);
	region_add(work, R, "r", n * element, FS_FILLED);
	work->launch.args.u[7] = element;
	work->launch.last = n;
	return 0;
}

/* Sums in doubles, as many at a time as vectors have room for; x = y + factor * z, where x may be one of them. */
#define VECTORS_OF(real)                                                                                                                             \
	static double dot_##real(const real *x, const real *y, uint64_t n)                                                                           \
	{                                                                                                                                            \
		double sum[LANES] = {0}, rest = 0;                                                                                                   \
		uint64_t i = 0;                                                                                                                      \
                                                                                                                                                     \
		for (; i + LANES <= n; i += LANES) {                                                                                                 \
			for (unsigned l = 0; l < LANES; l++)                                                                                         \
				sum[l] += (double)x[i + l] * (double)y[i + l];                                                                       \
		}                                                                                                                                    \
		for (; i < n; i++)                                                                                                                   \
			rest += (double)x[i] * (double)y[i];                                                                                         \
		for (unsigned l = 0; l < LANES; l++)                                                                                                 \
			rest += sum[l];                                                                                                              \
		return rest;                                                                                                                         \
	}                                                                                                                                            \
                                                                                                                                                     \
	static void add_##real(real *x, const real *y, double factor, const real *z, uint64_t n)                                                     \
	{                                                                                                                                            \
		for (uint64_t i = 0; i < n; i++)                                                                                                     \
			x[i] = (real)((double)y[i] + factor * (double)z[i]);                                                                         \
	}
VECTORS_OF(double)
VECTORS_OF(float)

static double dot(const struct vectors *v, const void *x, const void *y, uint64_t n)
{
	return v->element == sizeof(float) ? dot_float(x, y, n) : dot_double(x, y, n);
}

static void add(const struct vectors *v, void *x, const void *y, double factor, const void *z, uint64_t n)
{
	if (v->element == sizeof(float))
		add_float(x, y, factor, z, n);
	else
		add_double(x, y, factor, z, n);
}

static void begin(const struct fs_work *work, const struct vectors *v)
{
	for (uint64_t i = 0; i < rows_of(work); i++) {
		element_put(v->p, i, v->element, right_side(work, i));
		element_put(v->r, i, v->element, right_side(work, i));
		element_put(v->x, i, v->element, 0);
	}
}

/* What the CPU does of a turn. */
enum outcome {
	DONE,
	ANOTHER,
	NO_STEP, /* along p the matrix is not positive, or what comes out is no number */
};

/* square: of the residual */
static enum outcome turn(const struct fs_work *work, const struct vectors *v, double *square, double first, unsigned done)
{
	uint64_t n = rows_of(work);
	double curvature = dot(v, v->p, v->q, n), step = *square / curvature, before = *square, small = fs_real(work->job, "residual");

	if (!(curvature > 0) || !isfinite(step))
		return NO_STEP;
	add(v, v->x, v->x, step, v->p, n);
	add(v, v->r, v->r, -step, v->q, n);
	*square = dot(v, v->r, v->r, n);
	if (!isfinite(*square))
		return NO_STEP;
	if (*square <= small * small * first || done >= fs_count(work->job, "turns"))
		return DONE;
	add(v, v->p, v->r, *square / before, v->p, n);
	return ANOTHER;
}

static struct vectors vectors_of(const struct fs_work *work)
{
	size_t element = element_bytes(work);

	return (struct vectors){region_at(work, P), region_at(work, Q), region_at(work, X), region_at(work, R), element};
}

static int cpu_before(struct fs_work *work)
{
	struct vectors v = vectors_of(work);
	struct state *state = work->state;

	state->matrix.seed = work->seed;
	sparse_fill(&state->matrix, region_at(work, ROWS), region_at(work, COLUMNS), region_at(work, VALUES), v.element);
	begin(work, &v);
	state->square = state->first_square = dot(&v, v.r, v.r, rows_of(work));
	return 0;
}

static int cpu_after(struct fs_work *work)
{
	struct vectors v = vectors_of(work);
	struct state *state = work->state;

	for (unsigned i = ROWS; i <= VALUES; i++)
		work->regions[i].flags |= FS_KEPT;
	/* Where there is no step to take, check says whether the matrix or the product is wrong. */
	return turn(work, &v, &state->square, state->first_square, work->iteration + 1) == ANOTHER;
}

/*
 * The reference: element by element, in doubles, each result rounded to an element as the body's is, and with no function that the CPU's turn is made
 * of. The same sums in the same order, since they are compared exactly.
 */
static void reference_product(const struct fs_work *work, const struct state *s)
{
	const double *p = s->p;
	double *q = s->q;

	for (uint64_t i = 0; i < rows_of(work); i++) {
		q[i] = 0;
		for (ulong k = s->rows[i]; k < s->rows[i + 1]; k++) {
			double value = element_rounded(s->values[k], s->element);

			q[i] = element_rounded(q[i] + element_rounded(value * p[s->columns[k]], s->element), s->element);
		}
	}
}

static double reference_dot(const double *x, const double *y, uint64_t n)
{
	uint64_t whole = n - n % LANES;
	double all = 0;

	for (uint64_t i = whole; i < n; i++)
		all += x[i] * y[i];
	for (unsigned lane = 0; lane < LANES; lane++) {
		double sum = 0;

		for (uint64_t i = lane; i < whole; i += LANES)
			sum += x[i] * y[i];
		all += sum;
	}
	return all;
}

/* before: the residual's square. Returns what it is then; NaN: there is no step. */
static double reference_turn(const struct fs_work *work, const struct state *s, double before)
{
	double *p = s->p, *q = s->q, *x = s->x, *r = s->r, curvature, step;
	uint64_t n = rows_of(work);

	reference_product(work, s);
	curvature = reference_dot(p, q, n);
	step = before / curvature;
	if (!(curvature > 0) || !isfinite(step))
		return NAN;
	for (uint64_t i = 0; i < n; i++) {
		x[i] = element_rounded(x[i] + step * p[i], s->element);
		r[i] = element_rounded(r[i] - step * q[i], s->element);
	}
	return reference_dot(r, r, n);
}

/* Over a matrix that is made anew. Its turns, or -errno. */
static int reference(const struct fs_work *work, struct state *s)
{
	double *p = s->p, *x = s->x, *r = s->r, before, after, enough;
	uint64_t n = rows_of(work);

	if (s->turns > 0 && s->seed == work->seed)
		return s->turns;
	s->seed = s->matrix.seed = work->seed;
	s->turns = 0;
	sparse_fill(&s->matrix, s->rows, s->columns, s->values, sizeof(double));
	for (uint64_t i = 0; i < n; i++) {
		x[i] = 0;
		p[i] = r[i] = element_rounded(right_side(work, i), s->element);
	}
	after = reference_dot(r, r, n);
	enough = fs_real(work->job, "residual") * fs_real(work->job, "residual") * after;
	for (;;) {
		before = after;
		after = reference_turn(work, s, before);
		s->turns++;
		if (!isfinite(after))
			return s->turns = fs_error(work->job, -EDOM, "the matrix is not positive definite: pAp is %g in turn %d",
				       reference_dot(p, s->q, n), s->turns);
		if (after <= enough || (unsigned)s->turns >= fs_count(work->job, "turns"))
			return s->turns;
		for (uint64_t i = 0; i < n; i++)
			p[i] = element_rounded(r[i] + after / before * p[i], s->element);
	}
}

static int check(struct fs_work *work)
{
	struct state *s = work->state;
	const double *expected[] = {[VALUES] = s->values, [P] = s->p, [Q] = s->q, [X] = s->x, [R] = s->r};
	int turns = reference(work, s), err = turns < 0 ? turns : expect_words(work, ROWS, s->rows);

	if (err == 0)
		err = expect_uints(work, COLUMNS, s->columns);
	if (err == 0)
		err = expect_elements(work, &work->regions[VALUES], sparse_room(&s->matrix), s->values);
	if (err == 0 && work->iteration != (unsigned)turns)
		err = fs_wrong(work->job, "the CPU ended it after %u turns, not %d", work->iteration, turns);
	for (unsigned i = R; err == 0 && i >= P; i--)
		err = expect_elements(work, &work->regions[i], rows_of(work), expected[i]);
	return err;
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
	size_t element = element_bytes(work);
	int err = reference(work, s);
	ulong all;

	if (err < 0)
		return err;
	all = s->rows[rows_of(work)];
	for (ulong k = 0; k < all; k++)
		fs_reads(pages, work->regions[P].offset + s->columns[k] * element, element);
	fs_reads(pages, work->regions[COLUMNS].offset, all * sizeof(uint));
	fs_reads(pages, work->regions[VALUES].offset, all * element);
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

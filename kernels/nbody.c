/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nbody - bodies in the field of the heavy ones among them, as planets and what is between them: the device makes a step in time of all, the CPU
 * reads the new positions of the heavy ones and adds up the kinetic energy. With heavy as large as the number of bodies all attract all. Much is
 * computed on each word, and after each step both sides look at the same words.
 *
 * Under copies bodies go to the device once and come back after each step. Forces are added up in one order, square root and division are rounded
 * correctly on every device, nothing is contracted: so the answer is compared bit by bit, of floats as of doubles. The energy is always in doubles.
 * Not shown: trees and meshes. Misleading where the bodies fit a cache.
 */
#include "config.h"

#include "kernels/element.h"
#include "kernels/nbody.body.h"
#include "kernels/regions.h"

#include <errno.h>
#include <math.h>

#define STEP   0.001
#define SOFTEN 0.01

enum { X, Y, Z, U, V, W, HEAVY, ENERGY, COORDINATES = 6 };

static const struct fs_param params[] = {
	{SIZE_PARAM("1M", "coordinates and velocities of the bodies")},
	{.name = "heavy",
		.type = FS_PARAM_COUNT,
		.initial = "32",
		.min = 1,
		.max = 1 << 20,
		.help = "bodies that attract the others: the first ones"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "3", .min = 1, .max = 10000, .help = "steps in time"},
	{ELEMENT_PARAM},
	{0},
};

/* The reference, computed once for a seed: coordinates as in the buffer, then the heavy bodies and the energy. */
struct state {
	uint64_t seed;
	bool is_there;
	double reference[];
};

static uint64_t bodies_of(const struct fs_work *work)
{
	return work->launch.last * NBODY_LANES;
}

static uint64_t heavy_of(const struct fs_work *work)
{
	return work->launch.args.u[3];
}

/* From -1 to 1; velocities are a hundredth of that. */
static double first_value(const struct fs_work *work, unsigned coordinate, uint64_t body)
{
	double value = (double)(seeded(work->seed + coordinate, body) >> 11) / (double)(1ull << 52) - 1;

	return coordinate < U ? value : value / 100;
}

static double mass(const struct fs_work *work, uint64_t body)
{
	return (double)(1 + seeded(work->seed + COORDINATES, body) % 1000) / 1000;
}

static int layout(struct fs_work *work)
{
	static const char *const names[COORDINATES] = {"x", "y", "z", "u", "v", "w"};
	uint64_t turns = fs_count(work->job, "turns"), heavy = fs_count(work->job, "heavy"), items;
	size_t element = element_bytes(work), rest = heavy * NBODY_HEAVY * element + turns * sizeof(double) + (COORDINATES + 1) * fs_page_bytes();
	struct state *state;

	items = rest < work->bytes ? (work->bytes - rest) / (COORDINATES * NBODY_LANES * element) : 0;
	if (items * NBODY_LANES < heavy)
		return fs_skip(work->job, "fewer heavy bodies or a larger size", "%zu bytes have no room for %llu heavy bodies", work->bytes,
			(unsigned long long)heavy);
	for (unsigned i = 0; i < COORDINATES; i++)
		region_add(work, i, names[i], items * NBODY_LANES * element, FS_IN | FS_OUT | FS_SLICED);
	region_add(work, HEAVY, "heavy", heavy * NBODY_HEAVY * element, FS_IN);
	region_add(work, ENERGY, "energy", turns * sizeof(double), FS_FILLED);
	work->launch.args.u[1] = work->regions[Y].offset - work->regions[X].offset;
	work->launch.args.u[2] = work->regions[HEAVY].offset;
	work->launch.args.u[3] = heavy;
	work->launch.args.u[4] = element;
	work->launch.args.f[0] = STEP;
	work->launch.args.f[1] = SOFTEN;
	work->launch.last = items;
	state = malloc(sizeof(*state) + (items * NBODY_LANES * COORDINATES + heavy * NBODY_HEAVY + turns) * sizeof(double));
	if (state == NULL)
		return fs_error_memory(work->job);
	state->is_there = false;
	work->state = state;
	return 0;
}

static void look_at_heavy(const struct fs_work *work)
{
	size_t element = element_bytes(work);
	void *heavy = region_at(work, HEAVY);

	for (uint64_t h = 0; h < heavy_of(work); h++) {
		for (unsigned c = X; c <= Z; c++)
			element_put(heavy, h * NBODY_HEAVY + c, element, element_get(region_at(work, c), h, element));
		element_put(heavy, h * NBODY_HEAVY + 3, element, mass(work, h));
	}
}

static int cpu_before(struct fs_work *work)
{
	size_t element = element_bytes(work);

	for (unsigned c = 0; c < COORDINATES; c++) {
		void *value = region_at(work, c);

		for (uint64_t i = 0; i < bodies_of(work); i++)
			element_put(value, i, element, first_value(work, c, i));
	}
	look_at_heavy(work);
	memset(region_at(work, ENERGY), 0, work->regions[ENERGY].bytes);
	return 0;
}

/* In NBODY_LANES sums, each of which a vector has room for. */
#define KINETIC_ENERGY(real)                                                                                                                         \
	static double kinetic_energy_##real(const real *u, const real *v, const real *w, uint64_t bodies)                                            \
	{                                                                                                                                            \
		double sum[NBODY_LANES] = {0}, energy = 0;                                                                                           \
                                                                                                                                                     \
		for (uint64_t i = 0; i < bodies; i += NBODY_LANES) {                                                                                 \
			for (unsigned l = 0; l < NBODY_LANES; l++) {                                                                                 \
				double du = (double)u[i + l], dv = (double)v[i + l], dw = (double)w[i + l];                                          \
                                                                                                                                                     \
				sum[l] += du * du + dv * dv + dw * dw;                                                                               \
			}                                                                                                                            \
		}                                                                                                                                    \
		for (unsigned l = 0; l < NBODY_LANES; l++)                                                                                           \
			energy += sum[l];                                                                                                            \
		return energy / 2;                                                                                                                   \
	}
KINETIC_ENERGY(double)
KINETIC_ENERGY(float)

static int cpu_after(struct fs_work *work)
{
	const void *u = region_at(work, U), *v = region_at(work, V), *w = region_at(work, W);
	double *energy = region_at(work, ENERGY);
	bool is_float = element_bytes(work) == sizeof(float);

	energy[work->iteration] = is_float ? kinetic_energy_float(u, v, w, bodies_of(work)) : kinetic_energy_double(u, v, w, bodies_of(work));
	if (work->iteration + 1 >= fs_count(work->job, "turns"))
		return 0;
	look_at_heavy(work);
	for (unsigned c = 0; c < COORDINATES; c++)
		work->regions[c].flags |= FS_KEPT;
	return 1;
}

/* A body at a time: r is where it is and how fast. In doubles, each result rounded to an element, as the body's is. */
static void reference_step(const double *heavy, uint64_t n, double *const *r, uint64_t body, size_t element)
{
	double force[3] = {0}, step = element_rounded(STEP, element), soften = element_rounded(SOFTEN, element);

	for (const double *h = heavy; h < heavy + n * NBODY_HEAVY; h += NBODY_HEAVY) {
		double d[3], square = 0, root;

		for (unsigned c = 0; c < 3; c++) {
			d[c] = element_rounded(h[c] - r[X + c][body], element);
			square = element_rounded(square + element_rounded(d[c] * d[c], element), element);
		}
		square = element_rounded(square + soften, element);
		root = element_rounded(square * element_rounded(sqrt(square), element), element);
		for (unsigned c = 0; c < 3; c++)
			force[c] = element_rounded(force[c] + element_rounded(d[c] * element_rounded(h[3] / root, element), element), element);
	}
	for (unsigned c = 0; c < 3; c++) {
		r[U + c][body] = element_rounded(r[U + c][body] + element_rounded(force[c] * step, element), element);
		r[X + c][body] = element_rounded(r[X + c][body] + element_rounded(r[U + c][body] * step, element), element);
	}
}

/* The same sums in the same order, since they are compared exactly; told body by body. */
static double reference_energy(double *const *r, uint64_t n)
{
	double energy = 0;

	for (unsigned lane = 0; lane < NBODY_LANES; lane++) {
		double sum = 0;

		for (uint64_t body = lane; body < n; body += NBODY_LANES) {
			double square = 0;

			for (unsigned c = U; c <= W; c++)
				square += r[c][body] * r[c][body];
			sum += square;
		}
		energy += sum;
	}
	return 0.5 * energy;
}

static void reference(const struct fs_work *work, double *const *r, double *heavy, double *energy)
{
	size_t element = element_bytes(work);

	for (unsigned c = 0; c < COORDINATES; c++) {
		for (uint64_t i = 0; i < bodies_of(work); i++)
			r[c][i] = element_rounded(first_value(work, c, i), element);
	}
	for (unsigned turn = 0; turn < fs_count(work->job, "turns"); turn++) {
		for (uint64_t h = 0; h < heavy_of(work); h++) {
			for (unsigned c = X; c <= Z; c++)
				heavy[h * NBODY_HEAVY + c] = r[c][h];
			heavy[h * NBODY_HEAVY + 3] = element_rounded(mass(work, h), element);
		}
		for (uint64_t i = 0; i < bodies_of(work); i++)
			reference_step(heavy, heavy_of(work), r, i, element);
		energy[turn] = reference_energy(r, bodies_of(work));
	}
}

static int check(struct fs_work *work)
{
	struct state *state = work->state;
	uint64_t bodies = bodies_of(work), heavies = heavy_of(work) * NBODY_HEAVY;
	double *r[COORDINATES], *heavy = state->reference + bodies * COORDINATES, *energy = heavy + heavies;
	int err = 0;

	for (unsigned c = 0; c < COORDINATES; c++)
		r[c] = state->reference + c * bodies;
	if (!state->is_there || state->seed != work->seed)
		reference(work, r, heavy, energy);
	state->is_there = true;
	state->seed = work->seed;
	for (unsigned c = 0; c < COORDINATES && err == 0; c++)
		err = expect_elements(work, &work->regions[c], bodies, r[c]);
	if (err == 0)
		err = expect_elements(work, &work->regions[HEAVY], heavies, heavy);
	return err == 0 ? expect_reals(work, ENERGY, energy) : err;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	bool goes_on = turn + 1 < work->iteration;

	for (unsigned c = 0; c < COORDINATES && side == FS_DEVICE; c++) {
		region_reads(work, c, pages);
		region_writes(work, c, pages);
	}
	for (unsigned c = U; c <= W && side == FS_HOST; c++)
		region_reads(work, c, pages);
	for (unsigned c = X; c <= Z && side == FS_HOST && goes_on; c++)
		fs_reads(pages, work->regions[c].offset, heavy_of(work) * element_bytes(work));
	if (side == FS_DEVICE)
		region_reads(work, HEAVY, pages);
	if (side == FS_HOST && goes_on)
		region_writes(work, HEAVY, pages);
	if (side == FS_HOST)
		fs_writes(pages, work->regions[ENERGY].offset + turn * sizeof(double), sizeof(double));
	return 0;
}

const struct fs_kernel kernel_nbody = {
	.name = "nbody",
	.summary = "bodies in the field of the heavy ones: much computation on words that both sides read",
	.params = params,
	.body_name = "nbody",
	.body = nbody_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.profile = profile,
};

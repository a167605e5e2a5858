/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jacobi - sweeps over a square grid on the device; between sweeps the CPU looks at every point to see whether they
 * still change. So all of the grid goes back and forth, sweep by sweep: an algorithm whose pages thrash.
 *
 * Under copies a grid goes to the device once, and each new one comes back. Not shown: a solver that would look less often. Misleading
 * where both grids fit a cache. The mean is computed in one order on both sides, without a product to contract, so that the answer is
 * compared bit by bit.
 */
#include "config.h"

#include "kernels/element.h"
#include "kernels/jacobi.body.h"
#include "kernels/regions.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/fivestep.h"

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "4M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 40),
		.help = "bytes of the buffer: two grids"},
	{.name = "sweeps", .type = FS_PARAM_COUNT, .initial = "4", .min = 1, .max = 10000, .help = "sweeps at most"},
	{.name = "change", .type = FS_PARAM_REAL, .initial = "0.001", .min = 0, .max = 1, .help = "done when no point changes by more"},
	{ELEMENT_PARAM},
	{0},
};

static double first_value(const struct fs_work *work, uint64_t k)
{
	return (double)(seeded(work->seed, k) & 1023) / 1024;
}

static uint64_t row_points(const struct fs_work *work)
{
	return work->launch.args.u[2];
}

static void *grid(const struct fs_work *work, unsigned which)
{
	return work->cpu + work->launch.args.u[which];
}

/* The grid that is read has to be on the device, the one that is written has to come back. kept: the device wrote it itself. */
static void mark(struct fs_work *work, unsigned kept)
{
	for (unsigned i = 0; i < 2; i++)
		work->regions[i].flags = work->regions[i].offset == work->launch.args.u[0] ? FS_IN | kept : FS_OUT;
}

static int layout(struct fs_work *work)
{
	size_t half = whole_pages_down(work->bytes / 2), element = element_bytes(work);
	uint64_t n = (uint64_t)sqrt((double)(half / element));
	size_t bytes = n * n * element;

	work->regions[0] = (struct fs_region){.name = "even", .offset = 0, .bytes = bytes};
	work->regions[1] = (struct fs_region){.name = "odd", .offset = half, .bytes = bytes};
	work->launch.args.u[0] = 0;
	work->launch.args.u[1] = half;
	work->launch.args.u[2] = n;
	work->launch.args.u[3] = element;
	work->launch.last = n;
	mark(work, 0);
	return 0;
}

static int cpu_before(struct fs_work *work)
{
	uint64_t points = row_points(work) * row_points(work);
	size_t element = element_bytes(work);

	for (uint64_t k = 0; k < points; k++)
		element_put(grid(work, 0), k, element, first_value(work, k));
	return 0;
}

#define LANES 8

/* As many maxima at a time as vectors have room for; a function of the C library for each point would be most of step 4. No point is NaN. */
#define LARGEST_CHANGE(real)                                                                                                                         \
	static real largest_change_##real(const real *from, const real *to, uint64_t points)                                                         \
	{                                                                                                                                            \
		real most[LANES] = {0}, largest = 0;                                                                                                 \
		uint64_t k = 0;                                                                                                                      \
                                                                                                                                                     \
		for (; k + LANES <= points; k += LANES) {                                                                                            \
			for (unsigned lane = 0; lane < LANES; lane++) {                                                                              \
				real change = (real)fabs(to[k + lane] - from[k + lane]);                                                             \
                                                                                                                                                     \
				most[lane] = change > most[lane] ? change : most[lane];                                                              \
			}                                                                                                                            \
		}                                                                                                                                    \
		for (; k < points; k++)                                                                                                              \
			largest = (real)fmax(largest, fabs(to[k] - from[k]));                                                                        \
		for (unsigned lane = 0; lane < LANES; lane++)                                                                                        \
			largest = (real)fmax(largest, most[lane]);                                                                                   \
		return largest;                                                                                                                      \
	}
LARGEST_CHANGE(double)
LARGEST_CHANGE(float)

static double largest_change(const void *from, const void *to, uint64_t points, size_t element)
{
	return element == sizeof(float) ? (double)largest_change_float(from, to, points) : largest_change_double(from, to, points);
}

static int cpu_after(struct fs_work *work)
{
	ulong *u = work->launch.args.u;
	double change = largest_change(grid(work, 0), grid(work, 1), row_points(work) * row_points(work), element_bytes(work));
	ulong read = u[0];

	if (change <= fs_real(work->job, "change") || work->iteration + 1 >= fs_count(work->job, "sweeps"))
		return 0;
	u[0] = u[1];
	u[1] = read;
	mark(work, FS_KEPT);
	return 1;
}

/* In doubles, each result rounded to an element: a sum or a quarter of two floats comes out as a float's would. */
static void reference_sweep(const double *from, double *to, uint64_t n, size_t element)
{
	memcpy(to, from, n * n * sizeof(*to));
	for (uint64_t i = 1; i + 1 < n; i++) {
		for (uint64_t j = 1; j + 1 < n; j++) {
			uint64_t k = i * n + j;
			double column = element_rounded(from[k - n] + from[k + n], element),
			       row = element_rounded(from[k - 1] + from[k + 1], element);

			to[k] = element_rounded(0.25 * element_rounded(column + row, element), element);
		}
	}
}

static int compare(struct fs_work *work, const char *what, const void *seen, const double *expected, uint64_t n)
{
	size_t element = element_bytes(work);

	for (uint64_t k = 0; k < n * n; k++) {
		if (!element_is(seen, k, element, expected[k]))
			return fs_wrong(work->job, "%s at row %llu column %llu is %.17g, not %.17g", what, (unsigned long long)(k / n),
				(unsigned long long)(k % n), element_get(seen, k, element), expected[k]);
	}
	return 0;
}

static double reference_change(const double *from, const double *to, uint64_t points, size_t element)
{
	double most = 0;

	for (uint64_t k = 0; k < points; k++) {
		double change = to[k] > from[k] ? to[k] - from[k] : from[k] - to[k];

		if (change > most)
			most = change;
	}
	return element_rounded(most, element);
}

/*
 * Sweeps until the reference itself says that it is done, so that a CPU which decided on stale data is detected. Leaves
 * the last grid and the one before. Returns the number of sweeps.
 */
static unsigned reference(const struct fs_work *work, double **before, double **after)
{
	uint64_t n = row_points(work);
	size_t element = element_bytes(work);
	unsigned sweeps = 0;

	for (uint64_t k = 0; k < n * n; k++)
		(*before)[k] = first_value(work, k);
	for (;;) {
		double *swap = *before;

		reference_sweep(*before, *after, n, element);
		sweeps++;
		if (reference_change(*before, *after, n * n, element) <= fs_real(work->job, "change") || sweeps >= fs_count(work->job, "sweeps"))
			return sweeps;
		*before = *after;
		*after = swap;
	}
}

static int check(struct fs_work *work)
{
	uint64_t n = row_points(work);
	double *before = malloc(n * n * sizeof(*before)), *after = malloc(n * n * sizeof(*after));
	unsigned sweeps;
	int err;

	if (before == NULL || after == NULL) {
		err = fs_error(work->job, -ENOMEM, "no memory for the reference");
		goto out;
	}
	sweeps = reference(work, &before, &after);
	if (work->iteration != sweeps) {
		err = fs_wrong(work->job, "the CPU ended it after %u sweeps, not %u", work->iteration, sweeps);
		goto out;
	}
	err = compare(work, "the last grid", grid(work, 1), after, n);
	if (err == 0)
		err = compare(work, "the last but one", grid(work, 0), before, n);
out:
	free(before);
	free(after);
	return err;
}

/* Each sweep reads one grid and writes the other. */
static uint64_t device_bytes(const struct fs_work *work)
{
	return 2 * work->regions[0].bytes * work->iteration;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	region_reads(work, turn % 2, pages);
	if (side == FS_DEVICE)
		region_writes(work, 1 - turn % 2, pages);
	else
		region_reads(work, 1 - turn % 2, pages);
	return 0;
}

const struct fs_kernel kernel_jacobi = {
	.name = "jacobi",
	.summary = "sweeps over a grid; between them the CPU checks for convergence",
	.params = params,
	.body_name = "jacobi",
	.body = jacobi_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.device_bytes = device_bytes,
	.profile = profile,
};

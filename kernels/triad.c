/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * triad - a = b + scale * c on the device, a += b on the CPU: streams over all of the buffer on both sides, each page
 * touched by either. The simplest case for copies: everything that is copied is used.
 *
 * Not shown: irregular access, reuse. Its device bandwidth is misleading where the buffer fits a cache. Values are
 * small whole numbers, exact in any order and under any contraction, so that the answer is compared bit by bit.
 */
#include "config.h"

#include "kernels/regions.h"
#include "kernels/triad.body.h"

#include <string.h>

#include "harness/fivestep.h"

#define SCALE 3.0

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "16M",
		.min = 64 << 10,
		.min_pages = 16,
		.max = 64.0 * (1ull << 40),
		.help = "bytes of the buffer: three arrays"},
	{0},
};

static double value(const struct fs_work *work, unsigned array, uint64_t i)
{
	return (double)(seeded(work->seed + array, i) >> 40);
}

static double *array_of(const struct fs_work *work, unsigned array)
{
	return (double *)(work->cpu + work->regions[array].offset);
}

static int layout(struct fs_work *work)
{
	static const char *const names[] = {"a", "b", "c"};
	size_t bytes = whole_pages_down(work->bytes / 3);

	for (unsigned i = 0; i < 3; i++) {
		work->regions[i] = (struct fs_region){names[i], i * bytes, bytes, (i == 0 ? FS_OUT : FS_IN) | FS_SLICED};
		work->launch.args.u[i] = i * bytes;
	}
	work->launch.args.f[0] = SCALE;
	work->launch.last = bytes / sizeof(double);
	return 0;
}

static int cpu_before(struct fs_work *work)
{
	for (unsigned array = 1; array < 3; array++) {
		double *x = array_of(work, array);

		for (uint64_t i = 0; i < work->launch.last; i++)
			x[i] = value(work, array, i);
	}
	return 0;
}

/* The CPU's step is compiled as bodies are: neither side is to be slow because its loop is. */
static FS_BODY(triad_after)
{
	double *x = FS_ARRAY(double, a.u[0]);
	const double *y = FS_ARRAY(double, a.u[1]);

	(void)out;
	FS_FOR(i)
	{
		x[i] += y[i];
	}
}

static int cpu_after(struct fs_work *work)
{
	triad_after_body(work->cpu, NULL, work->launch.args, 0, work->launch.last, 1);
	return 0;
}

static int check(struct fs_work *work)
{
	for (uint64_t i = 0; i < work->launch.last; i++) {
		double b = value(work, 1, i), c = value(work, 2, i);
		double expected[3] = {b + SCALE * c + b, b, c};

		for (unsigned array = 0; array < 3; array++) {
			/* As bits: a zero that changed its sign is wrong too. */
			if (memcmp(&array_of(work, array)[i], &expected[array], sizeof(expected[array])) != 0)
				return fs_wrong(work->job, "%s[%llu] is %.17g, not %.17g", work->regions[array].name, (unsigned long long)i,
					array_of(work, array)[i], expected[array]);
		}
	}
	return 0;
}

static uint64_t device_bytes(const struct fs_work *work)
{
	return 3 * work->regions[0].bytes;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	(void)turn;
	region_writes(work, 0, pages);
	region_reads(work, 1, pages);
	if (side == FS_DEVICE)
		region_reads(work, 2, pages);
	else
		region_reads(work, 0, pages);
	return 0;
}

const struct fs_kernel kernel_triad = {
	.name = "triad",
	.summary = "a = b + s*c: streams over everything, once",
	.params = params,
	.body_name = "triad",
	.body = triad_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.device_bytes = device_bytes,
	.profile = profile,
};

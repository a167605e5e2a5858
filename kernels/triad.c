/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * triad - a = b + scale * c on the device, a += b on the CPU: streams over all of the buffer on both sides, each page
 * touched by either. The simplest case for copies: everything that is copied is used.
 *
 * Not shown: irregular access, reuse. Its device bandwidth is misleading where the buffer fits a cache. Values are
 * small whole numbers, exact in any order and under any contraction, so that the answer is compared bit by bit.
 */
#include "config.h"

#include "kernels/element.h"
#include "kernels/regions.h"
#include "kernels/triad.body.h"

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
	{ELEMENT_PARAM},
	{0},
};

/* Whole numbers of 24 bits, or of 21: the answers have three bits more, which a double or a float holds. */
static double value(const struct fs_work *work, unsigned array, uint64_t i, size_t element)
{
	return (double)(seeded(work->seed + array, i) >> (element == sizeof(float) ? 43 : 40));
}

static int layout(struct fs_work *work)
{
	static const char *const names[] = {"a", "b", "c"};
	size_t bytes = whole_pages_down(work->bytes / 3), element = element_bytes(work);

	for (unsigned i = 0; i < 3; i++) {
		work->regions[i] = (struct fs_region){names[i], i * bytes, bytes, (i == 0 ? FS_OUT : FS_IN) | FS_SLICED};
		work->launch.args.u[i] = i * bytes;
	}
	work->launch.args.u[3] = element;
	work->launch.args.f[0] = SCALE;
	work->launch.last = bytes / element;
	return 0;
}

static int cpu_before(struct fs_work *work)
{
	size_t element = element_bytes(work);

	for (unsigned array = 1; array < 3; array++) {
		for (uint64_t i = 0; i < work->launch.last; i++)
			element_put(region_at(work, array), i, element, value(work, array, i, element));
	}
	return 0;
}

#define TRIAD_AFTER(real)                                                                                                                            \
	{                                                                                                                                            \
		real *x = FS_ARRAY(real, a.u[0]);                                                                                                    \
		const real *y = FS_ARRAY(real, a.u[1]);                                                                                              \
                                                                                                                                                     \
		FS_FOR(i)                                                                                                                            \
		{                                                                                                                                    \
			x[i] += y[i];                                                                                                                \
		}                                                                                                                                    \
	}

/* The CPU's step is compiled as bodies are: neither side is to be slow because its loop is. */
static FS_BODY(triad_after)
{
	(void)out;
	if (a.u[3] == sizeof(float))
		TRIAD_AFTER(float)
	else
		TRIAD_AFTER(double)
}

static int cpu_after(struct fs_work *work)
{
	triad_after_body(work->cpu, NULL, work->launch.args, 0, work->launch.last, 1);
	return 0;
}

static int check(struct fs_work *work)
{
	size_t element = element_bytes(work);

	for (uint64_t i = 0; i < work->launch.last; i++) {
		double b = value(work, 1, i, element), c = value(work, 2, i, element);
		double expected[3] = {b + SCALE * c + b, b, c};

		for (unsigned array = 0; array < 3; array++) {
			const void *seen = region_at(work, array);

			if (!element_is(seen, i, element, expected[array]))
				return fs_wrong(work->job, "%s[%llu] is %.17g, not %.17g", work->regions[array].name, (unsigned long long)i,
					element_get(seen, i, element), expected[array]);
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

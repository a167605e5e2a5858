/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * histogram - the device counts keys by bins, block by block in bins of the block's own; the CPU adds the blocks' bins up and makes the cumulative
 * distribution of them. A stream over much data with a small result: little of what goes to the device comes back.
 *
 * Keys are uniform, or follow Zipf's law: then few bins get most of them, and a counter waits for its own last value. Not shown: all workers counting
 * in the same bins by atomics. Misleading where the keys fit a cache.
 */
#include "config.h"

#include "kernels/histogram.body.h"
#include "kernels/regions.h"
#include "kernels/zipf.h"

#include <errno.h>

#define ZIPF_KEYS 65536u

enum { KEYS, BINS, CUMULATIVE };

static const struct fs_param params[] = {
	{SIZE_PARAM("16M", "keys, and an eighth for bins")},
	{.name = "bins", .type = FS_PARAM_COUNT, .initial = "256", .min = 1, .max = 1 << 24, .help = "bins of a histogram"},
	{ZIPF_PARAM},
	{0},
};

static uint64_t bins_of(const struct fs_work *work)
{
	return work->launch.args.u[3];
}

static uint64_t keys_of(const struct fs_work *work)
{
	return work->regions[KEYS].bytes / sizeof(uint);
}

static uint key(const struct fs_work *work, uint64_t i)
{
	const struct zipf *zipf = work->state; /* empty where keys are uniform */
	uint64_t random = seeded(work->seed, i);

	if (zipf->n == 0)
		return (uint)(random >> 32);
	/* Frequent keys are spread out, as in real data. */
	return (uint)(zipf_rank(zipf, random) * 40503 % ZIPF_KEYS << 16 | (random & 0xffff));
}

static int layout(struct fs_work *work)
{
	uint64_t bins = fs_count(work->job, "bins"), blocks = work->bytes / 8 / (bins * sizeof(uint)), keys;
	size_t cumulative = bins * sizeof(ulong), rest;

	blocks = blocks == 0 ? 1 : blocks;
	/* Two pages for the rounding of the regions. */
	rest = blocks * bins * sizeof(uint) + cumulative + 2 * fs_page_bytes();
	keys = rest < work->bytes ? (work->bytes - rest) / sizeof(uint) / blocks : 0;
	if (keys == 0)
		return fs_skip(work->job, "fewer bins or a larger size", "%zu bytes have no room for %llu bins and keys", work->bytes,
			(unsigned long long)bins);
	region_add(work, KEYS, "keys", blocks * keys * sizeof(uint), FS_IN | FS_SLICED);
	region_add(work, BINS, "bins", blocks * bins * sizeof(uint), FS_OUT | FS_SLICED);
	region_add(work, CUMULATIVE, "cumulative", cumulative, 0);
	work->launch.args.u[2] = keys;
	work->launch.args.u[3] = bins;
	work->launch.last = blocks;
	return zipf_open(work, ZIPF_KEYS);
}

static int cpu_before(struct fs_work *work)
{
	uint *keys = region_at(work, KEYS);

	for (uint64_t i = 0; i < keys_of(work); i++)
		keys[i] = key(work, i);
	return 0;
}

static int cpu_after(struct fs_work *work)
{
	const uint *bins = region_at(work, BINS);
	ulong *cumulative = region_at(work, CUMULATIVE), n = bins_of(work);

	memset(cumulative, 0, n * sizeof(*cumulative));
	for (uint64_t b = 0; b < work->launch.last; b++) {
		for (ulong k = 0; k < n; k++)
			cumulative[k] += bins[b * n + k];
	}
	for (ulong k = 1; k < n; k++)
		cumulative[k] += cumulative[k - 1];
	return 0;
}

/* The bin of a key, found by its limits: bin k ends below (k + 1) / bins of the range. */
static uint64_t reference_bin(const struct fs_work *work, uint key)
{
	uint64_t low = 0, high = bins_of(work);

	while (high - low > 1) {
		uint64_t middle = (low + high) / 2;

		if ((uint64_t)key * bins_of(work) >= middle << 32)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static int check_counts(struct fs_work *work, uint *bins, ulong *cumulative)
{
	uint64_t per_block = work->launch.args.u[2];
	int err;

	for (uint64_t i = 0; i < keys_of(work); i++) {
		uint64_t bin = reference_bin(work, key(work, i));

		bins[i / per_block * bins_of(work) + bin]++;
		cumulative[bin]++;
	}
	for (uint64_t k = 1; k < bins_of(work); k++)
		cumulative[k] += cumulative[k - 1];
	err = expect_uints(work, BINS, bins);
	return err == 0 ? expect_words(work, CUMULATIVE, cumulative) : err;
}

static int check(struct fs_work *work)
{
	const uint *keys = region_at(work, KEYS);
	uint *bins = calloc(1, work->regions[BINS].bytes);
	ulong *cumulative = calloc(1, work->regions[CUMULATIVE].bytes);
	int err = bins != NULL && cumulative != NULL ? 0 : fs_error(work->job, -ENOMEM, "no memory for the reference");

	for (uint64_t i = 0; i < keys_of(work) && err == 0; i++) {
		if (keys[i] != key(work, i))
			err = fs_wrong(work->job, "key %llu is %x, not %x", (unsigned long long)i, keys[i], key(work, i));
	}
	if (err == 0)
		err = check_counts(work, bins, cumulative);
	free(bins);
	free(cumulative);
	return err;
}

static uint64_t device_bytes(const struct fs_work *work)
{
	return work->regions[KEYS].bytes + work->regions[BINS].bytes;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	(void)turn;
	region_reads(work, side == FS_DEVICE ? KEYS : BINS, pages);
	region_writes(work, side == FS_DEVICE ? BINS : CUMULATIVE, pages);
	return 0;
}

const struct fs_kernel kernel_histogram = {
	.name = "histogram",
	.summary = "keys counted by bins: much goes to the device, little comes back",
	.params = params,
	.body_name = "histogram",
	.body = histogram_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.device_bytes = device_bytes,
	.profile = profile,
};

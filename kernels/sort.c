/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sort - a radix sort of records, a key of 32 bits and where it came from: digit by digit the device counts, the CPU adds the counts up to positions,
 * and the device puts each record where it belongs. So the CPU needs little of what the device has, many times: eight turns for four digits.
 *
 * Under copies records go to the device once and come back after each digit. Not shown: blocks that are sorted in a device's fast memory. Misleading
 * where the records fit a cache. Equal keys stay in order, so that there is one right answer.
 */
#include "config.h"

#include "kernels/regions.h"
#include "kernels/sort.body.h"
#include "kernels/zipf.h"

#include <errno.h>

#define KEY_BITS     32
#define DIGIT_BITS   8
#define ZIPF_KEYS    65536u
#define PARTS	     100
#define COUNTS_SHARE 32 /* of the buffer, so that a block has many times as many records as counters */
#define BLOCKS_MIN   4

enum { EVEN, ODD, COUNTS, QUANTILES };
enum { FROM, TO, COUNT, BLOCK_RECORDS, BLOCKS, SHIFT, PLACES }; /* arguments of the body */

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "records twice, and a little for counts")},
	{ZIPF_PARAM},
	{0},
};

static uint64_t records_of(const struct fs_work *work)
{
	return work->launch.args.u[BLOCK_RECORDS] * work->launch.args.u[BLOCKS];
}

static uint64_t key(const struct fs_work *work, uint64_t i)
{
	const struct zipf *zipf = work->state; /* empty where keys are uniform */
	uint64_t random = seeded(work->seed, i);

	return zipf->n == 0 ? random >> 32 : zipf_rank(zipf, random) * 40503 % ZIPF_KEYS << 16;
}

static ulong record(const struct fs_work *work, uint64_t i)
{
	return key(work, i) << 32 | i;
}

static ulong *records_at(const struct fs_work *work, unsigned argument)
{
	return (ulong *)(work->cpu + work->launch.args.u[argument]);
}

/* What crosses: records that are not on the device yet, and counts that the CPU made. */
static void mark(struct fs_work *work, bool kept)
{
	bool places = work->launch.args.u[PLACES] != 0;

	for (unsigned i = EVEN; i <= ODD; i++) {
		bool is_from = work->regions[i].offset == work->launch.args.u[FROM];

		work->regions[i].flags = is_from ? FS_IN | (kept ? FS_KEPT : 0) : places ? FS_OUT : 0;
	}
	work->regions[COUNTS].flags = FS_OUT | (places ? FS_IN : 0);
}

static int layout(struct fs_work *work)
{
	uint64_t wanted = work->bytes / COUNTS_SHARE / (SORT_DIGITS * sizeof(ulong)), blocks = wanted < BLOCKS_MIN ? BLOCKS_MIN : wanted;
	size_t counts = blocks * SORT_DIGITS * sizeof(ulong);
	/* Three pages for the rounding of the regions. */
	uint64_t records = (work->bytes - counts - PARTS * sizeof(ulong) - 3 * fs_page_bytes()) / 2 / sizeof(ulong) / blocks;

	region_add(work, EVEN, "even", blocks * records * sizeof(ulong), 0);
	region_add(work, ODD, "odd", blocks * records * sizeof(ulong), 0);
	region_add(work, COUNTS, "counts", counts, 0);
	region_add(work, QUANTILES, "quantiles", PARTS * sizeof(ulong), 0);
	/* Behind the offsets that the body takes. */
	work->launch.args.u[BLOCK_RECORDS] = records;
	work->launch.args.u[BLOCKS] = blocks;
	work->launch.args.u[SHIFT] = 32;
	work->launch.last = blocks;
	mark(work, false);
	return zipf_open(work, ZIPF_KEYS);
}

static int cpu_before(struct fs_work *work)
{
	ulong *records = records_at(work, FROM);

	for (uint64_t i = 0; i < records_of(work); i++)
		records[i] = record(work, i);
	return 0;
}

/* Counts become positions: all of a smaller digit come first, then those of the blocks before. Twice over the counts in their order: no digit by
 * itself.
 */
static void add_up(struct fs_work *work)
{
	ulong *counts = region_at(work, COUNTS), next[SORT_DIGITS] = {0}, sum = 0;

	for (ulong b = 0; b < work->launch.args.u[BLOCKS]; b++) {
		for (ulong d = 0; d < SORT_DIGITS; d++)
			next[d] += counts[b * SORT_DIGITS + d];
	}
	for (ulong d = 0; d < SORT_DIGITS; d++) {
		ulong count = next[d];

		next[d] = sum;
		sum += count;
	}
	for (ulong b = 0; b < work->launch.args.u[BLOCKS]; b++) {
		for (ulong d = 0; d < SORT_DIGITS; d++) {
			ulong count = counts[b * SORT_DIGITS + d];

			counts[b * SORT_DIGITS + d] = next[d];
			next[d] += count;
		}
	}
}

/* What sorting is for: the CPU looks up a few places of many. */
static void find_quantiles(const struct fs_work *work, ulong *quantiles)
{
	for (uint64_t k = 0; k < PARTS; k++)
		quantiles[k] = records_at(work, TO)[k * records_of(work) / PARTS] >> 32;
}

static int cpu_after(struct fs_work *work)
{
	ulong *u = work->launch.args.u, from = u[FROM];
	bool is_last = u[PLACES] != 0 && u[SHIFT] + DIGIT_BITS >= 32 + KEY_BITS;

	if (is_last) {
		find_quantiles(work, region_at(work, QUANTILES));
		return 0;
	}
	if (u[PLACES] == 0) {
		add_up(work);
		u[PLACES] = 1;
	} else {
		u[FROM] = u[TO];
		u[TO] = from;
		u[PLACES] = 0;
		u[SHIFT] += DIGIT_BITS;
	}
	mark(work, true);
	return 1;
}

/*
 * Records in ascending order of a part of their keys, then of where they came from: each is as the seed says, so that there is no other order of
 * them. mask: that part.
 */
static int check_records(struct fs_work *work, unsigned region, uint64_t mask)
{
	const ulong *records = region_at(work, region);

	for (uint64_t i = 0; i < records_of(work); i++) {
		uint64_t came_from = records[i] & 0xffffffff;

		if (came_from >= records_of(work) || records[i] != record(work, came_from))
			return fs_wrong(
				work->job, "%s[%llu] is %lx, which is no record", work->regions[region].name, (unsigned long long)i, records[i]);
		if (i > 0 && (records[i] & mask) <= (records[i - 1] & mask))
			return fs_wrong(work->job, "%s[%llu] is %lx, behind %lx", work->regions[region].name, (unsigned long long)i, records[i],
				records[i - 1]);
	}
	return 0;
}

/* Where a block's records of a digit end, by the records themselves: behind all that are less, and those of blocks before. */
static int check_counts(struct fs_work *work)
{
	uint64_t per_block = work->launch.args.u[BLOCK_RECORDS], blocks = work->launch.args.u[BLOCKS];
	const ulong *from = records_at(work, FROM), *counts = region_at(work, COUNTS);
	ulong *ends = calloc(blocks * SORT_DIGITS, sizeof(*ends));
	unsigned shift = (unsigned)work->launch.args.u[SHIFT];
	int err = 0;

	if (ends == NULL)
		return fs_error(work->job, -ENOMEM, "no memory for the reference");
	for (uint64_t i = 0; i < records_of(work); i++)
		ends[i / per_block * SORT_DIGITS + (from[i] >> shift) % SORT_DIGITS]++;
	for (uint64_t d = 0, at = 0; d < SORT_DIGITS && err == 0; d++) {
		for (uint64_t b = 0; b < blocks && err == 0; b++) {
			at += ends[b * SORT_DIGITS + d];
			if (counts[b * SORT_DIGITS + d] != at)
				err = fs_wrong(work->job, "digit %llu of block %llu ends at %lu, not %llu", (unsigned long long)d,
					(unsigned long long)b, counts[b * SORT_DIGITS + d], (unsigned long long)at);
		}
	}
	free(ends);
	return err;
}

/* The last record of which no more than k parts of the records are before it, by counting. */
static void count_quantiles(const struct fs_work *work, unsigned sorted, ulong *quantiles)
{
	const ulong *records = region_at(work, sorted);
	uint64_t n = records_of(work);

	for (uint64_t i = 0, k = 0; i < n; i++) {
		for (; k < PARTS && (i + 1) * PARTS > k * n; k++)
			quantiles[k] = records[i] >> 32;
	}
}

static int check(struct fs_work *work)
{
	unsigned sorted = work->regions[EVEN].offset == work->launch.args.u[TO] ? EVEN : ODD;
	ulong quantiles[PARTS] = {0};
	int err = check_records(work, sorted, UINT64_MAX);

	if (err == 0)
		err = check_records(work, sorted == EVEN ? ODD : EVEN, UINT64_MAX >> DIGIT_BITS);
	count_quantiles(work, sorted, quantiles);
	if (err == 0)
		err = expect_words(work, QUANTILES, quantiles);
	return err == 0 ? check_counts(work) : err;
}

/* Each pass reads the records twice and writes them once. */
static uint64_t device_bytes(const struct fs_work *work)
{
	return KEY_BITS / DIGIT_BITS * 3 * work->regions[EVEN].bytes;
}

/* Two turns a digit: counting, and placing. */
static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	unsigned from = turn / 2 % 2 == 0 ? EVEN : ODD, to = from == EVEN ? ODD : EVEN;
	bool places = turn % 2 != 0, is_last = turn + 1 == 2 * KEY_BITS / DIGIT_BITS;

	if (side == FS_DEVICE)
		region_reads(work, from, pages);
	if (side == FS_DEVICE || !places) {
		region_reads(work, COUNTS, pages);
		region_writes(work, COUNTS, pages);
	}
	if (side == FS_DEVICE && places)
		region_writes(work, to, pages);
	if (side == FS_HOST && is_last) {
		region_writes(work, QUANTILES, pages);
		for (uint64_t k = 0; k < PARTS; k++)
			fs_reads(pages, work->regions[to].offset + k * records_of(work) / PARTS * sizeof(ulong), sizeof(ulong));
	}
	return 0;
}

const struct fs_kernel kernel_sort = {
	.name = "sort",
	.summary = "radix sort: the device counts and places, the CPU adds up in between",
	.params = params,
	.body_name = "sort",
	.body = sort_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.device_bytes = device_bytes,
	.profile = profile,
};

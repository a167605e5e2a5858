/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gups - random updates of a table of words, as HPC Challenge's RandomAccess makes them, by the device and then by the CPU, turn by turn. No update
 * is near the one before it: the worst case for pages that migrate, since each brings a page for the sake of a word.
 *
 * Words are added instead of combined by xor: that does not depend on the order either, and devices have it as an atomic operation. No update is
 * lost, where RandomAccess forgives one in a hundred. Not shown: updates that are collected and sorted before they are made. Misleading where the
 * table fits a cache.
 */
#include "config.h"

#include "kernels/gups.body.h"
#include "kernels/regions.h"

#include <errno.h>

#define CPU_SHARE 8 /* the CPU makes one update where the device makes so many */

enum { TABLE };

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "a table of words")},
	{.name = "updates",
		.type = FS_PARAM_REAL,
		.initial = "100",
		.min = 0.01,
		.max = 10000,
		.help = "updates of a turn, in % of the table's words"},
	{.name = "touched",
		.type = FS_PARAM_REAL,
		.initial = "100",
		.min = 0.01,
		.max = 100,
		.help = "% of the table that updates reach: its first words"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "2", .min = 1, .max = 10000, .help = "turns: device, then CPU"},
	{0},
};

static uint64_t words_of(const struct fs_work *work)
{
	return work->regions[TABLE].bytes / sizeof(ulong);
}

/* Of the device's updates in a turn; those of the CPU follow from the one behind it. */
static uint64_t turn_seed(const struct fs_work *work, unsigned turn)
{
	return seeded(work->seed, 2 * turn);
}

static uint64_t cpu_seed(const struct fs_work *work, unsigned turn)
{
	return seeded(work->seed, 2 * turn + 1);
}

static uint64_t at_least_one(double count)
{
	return count < 1 ? 1 : (uint64_t)count;
}

static int layout(struct fs_work *work)
{
	uint64_t words = work->bytes / sizeof(ulong);

	region_add(work, TABLE, "table", words * sizeof(ulong), FS_IN | FS_OUT);
	work->launch.args.u[1] = at_least_one((double)words * fs_real(work->job, "touched") / 100);
	work->launch.args.u[2] = turn_seed(work, 0);
	work->launch.last = at_least_one((double)words * fs_real(work->job, "updates") / 100);
	return 0;
}

static int cpu_before(struct fs_work *work)
{
	ulong *table = region_at(work, TABLE);

	for (uint64_t k = 0; k < words_of(work); k++)
		table[k] = k;
	return 0;
}

/* The CPU's turn: the device waits, so that plain additions do. */
static int cpu_after(struct fs_work *work)
{
	ulong *table = region_at(work, TABLE);
	uint64_t touched = work->launch.args.u[1], seed = cpu_seed(work, work->iteration);

	for (uint64_t i = 0; i < work->launch.last / CPU_SHARE; i++) {
		ulong word = fs_mix(seed + i * FS_MIX_STEP);

		table[((word >> 32) * touched) >> 32] += word;
	}
	work->launch.args.u[2] = turn_seed(work, work->iteration + 1);
	return work->iteration + 1 < fs_count(work->job, "turns");
}

static void reference_updates(const struct fs_work *work, ulong *table, uint64_t seed, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t word = seeded(seed, i);

		table[((word >> 32) * work->launch.args.u[1]) >> 32] += word;
	}
}

static int check(struct fs_work *work)
{
	ulong *expected = malloc(work->regions[TABLE].bytes);
	int err;

	if (expected == NULL)
		return fs_error(work->job, -ENOMEM, "no memory for the reference");
	for (uint64_t k = 0; k < words_of(work); k++)
		expected[k] = k;
	for (unsigned turn = 0; turn < fs_count(work->job, "turns"); turn++) {
		reference_updates(work, expected, turn_seed(work, turn), work->launch.last);
		reference_updates(work, expected, cpu_seed(work, turn), work->launch.last / CPU_SHARE);
	}
	err = expect_words(work, TABLE, expected);
	free(expected);
	return err;
}

/* Each update reads and writes a word. */
static uint64_t device_bytes(const struct fs_work *work)
{
	return 2 * sizeof(ulong) * work->launch.last * work->iteration;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	uint64_t seed = side == FS_DEVICE ? turn_seed(work, turn) : cpu_seed(work, turn);
	uint64_t n = side == FS_DEVICE ? work->launch.last : work->launch.last / CPU_SHARE;

	for (uint64_t i = 0; i < n; i++) {
		size_t at = ((seeded(seed, i) >> 32) * work->launch.args.u[1] >> 32) * sizeof(ulong);

		fs_reads(pages, at, sizeof(ulong));
		fs_writes(pages, at, sizeof(ulong));
	}
	return 0;
}

const struct fs_kernel kernel_gups = {
	.name = "gups",
	.summary = "random updates of a table: the worst case for pages that migrate",
	.params = params,
	.body_name = "gups",
	.body = gups_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.device_bytes = device_bytes,
	.profile = profile,
};

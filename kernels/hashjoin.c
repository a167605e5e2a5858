/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hashjoin - a hash table that the CPU builds from one table's tuples, and the device probes with the other's; the CPU adds up what matched, group by
 * group. Reads at random over the table, streams beside it: under copies all of the table crosses, whatever is asked for.
 *
 * Not shown: a table with links, which copies would marshal (btree does that); partitions that fit a cache, as joins of large tables make them.
 * Misleading where the table fits a cache.
 */
#include "config.h"

#include "kernels/hashjoin.body.h"
#include "kernels/regions.h"
#include "kernels/zipf.h"

#include <errno.h>

#define GROUPS 256u

enum { TABLE, PROBES, RESULTS, SUMS };

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "half of it the hash table, the rest probes and results")},
	{.name = "load", .type = FS_PARAM_REAL, .initial = "50", .min = 1, .max = 95, .help = "occupied slots of the table, in %"},
	{.name = "match", .type = FS_PARAM_REAL, .initial = "75", .min = 0, .max = 100, .help = "probes that find their key, in %"},
	{ZIPF_PARAM},
	{0},
};

struct state {
	uint64_t tuples;
	uint64_t match; /* of 2^32 */
	struct zipf zipf;
};

/* Different for different tuples, since only steps that can be undone lead there, and never 0. */
static ulong key(const struct fs_work *work, uint64_t tuple)
{
	ulong mixed = seeded(work->seed, tuple);

	return mixed != 0 ? mixed : JOIN_MISSING;
}

static ulong value(const struct fs_work *work, uint64_t tuple)
{
	return seeded(work->seed + 1, tuple) >> 1;
}

/* The tuple that a probe asks for; beyond the last one: it is not there. */
static uint64_t probed(const struct fs_work *work, uint64_t i)
{
	const struct state *state = work->state;
	uint64_t random = seeded(work->seed + 2, i), which = seeded(work->seed + 3, i);

	if ((random & 0xffffffff) >= state->match)
		return state->tuples + i;
	return state->zipf.n != 0 ? zipf_rank(&state->zipf, which) : ((which >> 32) * state->tuples) >> 32;
}

static ulong expected_result(const struct fs_work *work, uint64_t i)
{
	uint64_t tuple = probed(work, i);

	return tuple < ((const struct state *)work->state)->tuples ? value(work, tuple) : JOIN_MISSING;
}

static int state_open(struct fs_work *work, uint64_t tuples)
{
	uint64_t ranks = fs_is(work->job, "keys", "zipf") ? tuples : 0;
	struct state *state = malloc(sizeof(*state) + zipf_bytes(ranks));

	if (state == NULL)
		return fs_error_memory(work->job);
	*state = (struct state){.tuples = tuples, .match = (uint64_t)(fs_real(work->job, "match") / 100 * 4294967296.0)};
	if (ranks != 0)
		zipf_fill(&state->zipf, ranks);
	work->state = state;
	return 0;
}

static int layout(struct fs_work *work)
{
	uint64_t slots = work->bytes / 2 / sizeof(struct join_slot), tuples = (uint64_t)((double)slots * fs_real(work->job, "load") / 100);
	size_t sums = GROUPS * sizeof(ulong), table = slots * sizeof(struct join_slot);
	/* Three pages for the rounding of the regions. */
	uint64_t probes = (work->bytes - table - sums - 3 * fs_page_bytes()) / 2 / sizeof(ulong);

	region_add(work, TABLE, "table", table, FS_IN);
	region_add(work, PROBES, "probes", probes * sizeof(ulong), FS_IN | FS_SLICED);
	region_add(work, RESULTS, "results", probes * sizeof(ulong), FS_OUT | FS_SLICED);
	region_add(work, SUMS, "sums", sums, 0);
	work->launch.args.u[3] = slots;
	work->launch.last = probes;
	return state_open(work, tuples == 0 ? 1 : tuples);
}

static void build(const struct fs_work *work, struct join_slot *table)
{
	uint64_t slots = work->launch.args.u[3];

	memset(table, 0, work->regions[TABLE].bytes);
	for (uint64_t t = 0; t < ((const struct state *)work->state)->tuples; t++) {
		ulong at = join_find(table, slots, key(work, t));

		table[at] = (struct join_slot){key(work, t), value(work, t)};
	}
}

static int cpu_before(struct fs_work *work)
{
	ulong *probes = region_at(work, PROBES);

	build(work, region_at(work, TABLE));
	for (uint64_t i = 0; i < work->launch.last; i++)
		probes[i] = key(work, probed(work, i));
	return 0;
}

/* SELECT group, SUM(value): what did not match belongs to no group. */
static int cpu_after(struct fs_work *work)
{
	const ulong *results = region_at(work, RESULTS);
	ulong *sums = region_at(work, SUMS);

	memset(sums, 0, work->regions[SUMS].bytes);
	for (uint64_t i = 0; i < work->launch.last; i++)
		sums[results[i] % GROUPS] += results[i] != JOIN_MISSING ? results[i] : 0;
	return 0;
}

/* Each tuple is where the look-up ends, and there is nothing else: told without the order in which they came. */
static int check_table(struct fs_work *work)
{
	const struct join_slot *table = region_at(work, TABLE);
	uint64_t tuples = ((const struct state *)work->state)->tuples, slots = work->launch.args.u[3], taken = 0;

	for (uint64_t at = 0; at < slots; at++) {
		taken += table[at].key != 0;
		if (table[at].key == 0 && table[at].value != 0)
			return fs_wrong(work->job, "slot %llu has no key, but %lx", (unsigned long long)at, table[at].value);
	}
	if (taken != tuples)
		return fs_wrong(work->job, "%llu slots are taken, not %llu", (unsigned long long)taken, (unsigned long long)tuples);
	for (uint64_t t = 0; t < tuples; t++) {
		ulong at = join_find(table, slots, key(work, t));

		if (table[at].key != key(work, t) || table[at].value != value(work, t))
			return fs_wrong(work->job, "slot %lu has %lx for key %lx, not %lx for %lx", at, table[at].value, table[at].key,
				value(work, t), key(work, t));
	}
	return 0;
}

static int check(struct fs_work *work)
{
	const ulong *probes = region_at(work, PROBES), *results = region_at(work, RESULTS);
	ulong sums[GROUPS] = {0};
	int err;

	for (uint64_t i = 0; i < work->launch.last; i++) {
		ulong expected = expected_result(work, i);

		if (probes[i] != key(work, probed(work, i)))
			return fs_wrong(work->job, "probe %llu asks for %lx, not %lx", (unsigned long long)i, probes[i], key(work, probed(work, i)));
		if (results[i] != expected)
			return fs_wrong(work->job, "probe %llu found %lx, not %lx", (unsigned long long)i, results[i], expected);
		sums[expected % GROUPS] += expected != JOIN_MISSING ? expected : 0;
	}
	err = expect_words(work, SUMS, sums);
	return err == 0 ? check_table(work) : err;
}

/* The slots that the probes look at, by a table of our own. */
static int profile_probes(const struct fs_work *work, struct fs_pages *pages)
{
	struct join_slot *table = malloc(work->regions[TABLE].bytes);
	uint64_t slots = work->launch.args.u[3];

	if (table == NULL)
		return fs_error(work->job, -ENOMEM, "no memory for the profile");
	build(work, table);
	for (uint64_t i = 0; i < work->launch.last; i++) {
		ulong asked = key(work, probed(work, i)), at = join_first_slot(asked, slots), last = join_find(table, slots, asked);

		for (;; at = at + 1 < slots ? at + 1 : 0) {
			fs_reads(pages, at * sizeof(*table), sizeof(*table));
			if (at == last)
				break;
		}
	}
	free(table);
	return 0;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	(void)turn;
	if (side == FS_HOST) {
		region_reads(work, RESULTS, pages);
		region_writes(work, SUMS, pages);
		return 0;
	}
	region_reads(work, PROBES, pages);
	region_writes(work, RESULTS, pages);
	return profile_probes(work, pages);
}

const struct fs_kernel kernel_hashjoin = {
	.name = "hashjoin",
	.summary = "a hash table built by the CPU, probed by the device",
	.params = params,
	.body_name = "hashjoin",
	.body = hashjoin_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.profile = profile,
};

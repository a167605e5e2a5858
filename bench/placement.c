/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * placement - a quarter of the pages is used by the device alone, a quarter by the CPU alone, a quarter by both in turns, the rest by nobody. The
 * first two begin on the wrong side. What does a turn cost where pages are placed by what the driver or the kernel sees, and what by one who knows?
 *
 * placed=known puts each page on the side that alone uses it, before the first turn; for pages that both use nobody can. placed=found leaves it to
 * what setup and device do by themselves: move a page at each fault, hold back one that moves too often, move none, balance. turn_first is the first
 * turn, turn the median of the second half.
 *
 * Not measured: putting pages in place before, a pattern that changes, use at the same time.
 *
 * How it could lie: where remote access costs nothing, as on emulated memory, a turn is cheap although pages are elsewhere: pages_right tells. Who
 * looks for pages now and then finds none in the initial number of turns: wait=5.
 */
#include "config.h"

#include <string.h>

#include "bench/placement.h"
#include "bench/repeat.h"

static const struct fs_param params[] = {
	SIZE_PARAM("1M", "bytes of the buffer, a power of two"),
	{.name = "placed",
		.type = FS_PARAM_CHOICE,
		.initial = "found",
		.choices = "found|known",
		.help = "known: pages that one side uses are put there before; found: by whoever moves them"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "20", .min = 2, .max = 1e6, .help = "turns of the device and the CPU, after the first"},
	{.name = "wait", .type = FS_PARAM_REAL, .initial = "0", .max = 600, .help = "seconds of turns before those that count"},
	{.name = "words", .type = FS_PARAM_COUNT, .initial = "64", .min = 1, .max = 512, .help = "words of a page that a side changes in a turn"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "turn", .unit = "ns", .better = FS_LOWER, .help = "a turn of both sides, of the second half of them"},
	{.name = "turn_first", .unit = "ns", .better = FS_LOWER, .help = "the first turn"},
	{.name = "pages_right", .unit = "%", .better = FS_HIGHER, .help = "of the pages that one side alone uses: those on that side, at the end"},
	{.name = "moves", .unit = "pages", .better = FS_LOWER, .help = "pages that still move in a turn of the second half"},
	{.name = "settled", .unit = "turns", .better = FS_LOWER, .help = "after which no page was elsewhere than a turn before"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "turn", .title = "pages of one side, of the other and of both: a turn"},
	{0},
};

/* Pages that one side alone uses and that are there. */
static size_t count_right(const struct placement *p)
{
	size_t right = 0;

	for (ulong at = 0; at < 2 * p->part; at++)
		right += p->sides[placement_page(p, at)] == (at < p->part ? FS_DEVICE : FS_HOST);
	return right;
}

/* All pages that are where they are to begin. */
static size_t count_placed(const struct placement *p, bool is_known)
{
	size_t placed = 0;

	for (ulong at = 0; at < p->pages; at++)
		placed += p->sides[placement_page(p, at)] == (at < 2 * p->part && (at < p->part) == is_known ? FS_DEVICE : FS_HOST);
	return placed;
}

static int look(struct placement *p)
{
	return fs_residence(p->job, &p->buf, 0, p->pages * page_bytes(), p->sides);
}

static int move_page(struct placement *p, ulong at)
{
	uint64_t moved = 0;
	int err = fs_move(p->job, &p->buf, placement_page(p, at) * page_bytes(), page_bytes(), FS_DEVICE);

	if (err == 0)
		err = pages_on_side(p->job, &p->buf, FS_DEVICE, &moved);
	return err == 0 && moved > ++p->moved ? fs_skip(p->job, "granule=base", "pages do not move one by one") : err;
}

/* Those of both sides to the host, the others where they are used, or not. Positive where they are. */
static int place(struct placement *p)
{
	bool is_known = fs_is(p->job, "placed", "known");
	int err = fs_move(p->job, &p->buf, 0, p->buf.bytes, FS_HOST);

	for (ulong at = 0; at < 2 * p->part && err == 0; at++)
		if ((at < p->part) == is_known)
			err = move_page(p, at);
	if (err == 0)
		err = look(p);
	return err < 0 ? err : fs_expect(p->job, "pages_placed", (double)count_placed(p, is_known), FS_EQ, (double)p->pages);
}

static int take_turn(struct placement *p, double *turn_ns)
{
	struct fs_launch launch = {
		.name = "placement", .body = placement_body, .args = {.u = {p->bits, page_bytes(), p->key, p->part, p->words}}, .last = 2 * p->part};
	uint64_t start = fs_device_clock(p->job);
	int err = fs_device_compute(p->job, &p->buf, &launch);

	if (err == 0)
		err = fs_cpu_begin(p->job, &p->buf);
	for (ulong at = p->part; at < 3 * p->part && err == 0; at++)
		for (ulong k = 0; k < p->words; k++)
			*(volatile ulong *)placement_word(p, at, k) += 1;
	*turn_ns = (double)(fs_device_clock(p->job) - start);
	memcpy(p->before, p->sides, p->pages);
	if (err == 0)
		err = look(p);
	p->turns++;
	if (memcmp(p->before, p->sides, p->pages) != 0)
		p->settled = p->turns;
	return err;
}

/* The first turn, others for as long as is to be waited, and those that count. */
static int measure(struct placement *p, double *turn_ns, ulong turns)
{
	uint64_t device = 0, host = 0, to_device, to_host, start = fs_now(), wait_ns = (uint64_t)(1e9 * fs_real(p->job, "wait"));
	ulong half = turns / 2;
	double ns;
	int err = take_turn(p, &ns);

	fs_sample(p->job, "turn_first", ns);
	while (err == 0 && fs_now() - start < wait_ns)
		err = take_turn(p, &ns);
	for (ulong turn = 0; turn < turns && err == 0; turn++) {
		if (turn == half) {
			device = count_now(p->job, "pages_to_device");
			host = count_now(p->job, "pages_to_host");
		}
		err = take_turn(p, &turn_ns[turn]);
	}
	if (err < 0)
		return err;
	fs_sample(p->job, "turn", repeat_median(turn_ns + half, turns - half));
	fs_sample(p->job, "pages_right", 100 * (double)count_right(p) / (2 * (double)p->part));
	fs_sample(p->job, "settled", (double)p->settled);
	/* Where the kernel moves pages by itself they are not counted: absent, not zero. */
	if ((fs_offers(p->job) & FS_BALANCED) == 0 && count_grew(p->job, "pages_to_device", device, &to_device) &&
		count_grew(p->job, "pages_to_host", host, &to_host))
		fs_sample(p->job, "moves", (double)(to_device + to_host) / (double)(turns - half));
	expect_no_conflicts(p->job);
	return placement_check(p);
}

static int run(struct fs_job *job)
{
	struct placement p = {.job = job, .words = fs_count(job, "words"), .key = fs_seed(job)};
	ulong turns = fs_count(job, "turns");
	double *turn_ns = calloc(turns, sizeof(*turn_ns));
	int err = size_bits(job, page_bytes(), "size=1M", &p.bits);

	if (err < 0) {
		free(turn_ns);
		return err;
	}
	p.pages = (size_t)1 << p.bits;
	p.part = p.pages / 4;
	p.stride = page_bytes() / sizeof(ulong) / p.words;
	p.sides = calloc(2, p.pages);
	err = p.sides == NULL || turn_ns == NULL ? fs_error_memory(job) : fs_alloc(job, fs_size(job, "size"), &p.buf);
	if (err == 0) {
		p.before = p.sides + p.pages;
		for (ulong at = 0; at < p.pages; at++)
			for (ulong k = 0; k < p.words; k++)
				*placement_word(&p, at, k) = at;
		err = place(&p);
		if (err > 0)
			err = measure(&p, turn_ns, turns);
		fs_release(job, &p.buf);
	}
	free(p.sides);
	free(turn_ns);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_placement = {
	.name = "placement",
	.summary = "pages of one side, of the other and of both: who places them, and what that costs",
	.needs = FS_SAME_ADDRESS | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ping_pong - both sides take turns on one word: the CPU makes it odd, the device makes it even. What does a turn cost, and how
 * often does the page go back and forth for it?
 *
 * The first turns are not like the others: the page is not where it will be, and a policy has seen too little to hold it. turn_first is the first
 * turn of each side, with the start of the device; turn and migrations_a_turn are of the second half of the turns.
 *
 * Not measured: throughput, several words or pages, false sharing between several threads of one side.
 *
 * How it could lie: the side that waits polls the word, and where polling migrates the page, polling is the cost: there
 * can be more migrations than turns (migrations tells), or fewer where a policy pins the page or holds faults back: that is what is
 * compared. A turn that does not come within 3 s is an error, not a sample. The waiting side yields its CPU
 * after every poll, so that on few CPUs the threads that serve the faults get one; the scheduler is still part of what is measured.
 */
#include "config.h"

#include "bench/order.h"
#include "bench/ping_pong.body.h"

#define PATIENCE_NS 3000000000ull
#define LOOKS_MAX   10000000000ul /* where the device has no clock: seconds, on anything */

static const struct fs_param params[] = {
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "100", .min = 1, .max = 1e6, .help = "turns of each side"},
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "16*base",
		.min = 1,
		.min_pages = 1,
		.max = 1ull << 30,
		.help = "bytes of the buffer; the word is at its beginning"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "turn", .unit = "ns", .better = FS_LOWER, .help = "one turn of one side, of the second half of them"},
	{.name = "turn_first", .unit = "ns", .better = FS_LOWER, .help = "the first turn of each side, with the start"},
	{.name = "migrations", .unit = "pages", .better = FS_LOWER, .help = "pages that moved, both directions"},
	{.name = "migrations_a_turn", .unit = "ratio", .better = FS_LOWER, .help = "in the second half of the turns, for each turn of each side"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "turn", .title = "both sides write one page in turns"},
	{FS_DRAW_BARS, "migrations_a_turn", .title = "does the page still move with every turn?"},
	{0},
};

static uint64_t migrations(struct fs_job *job)
{
	return count_now(job, "pages_to_host") + count_now(job, "pages_to_device");
}

/* Times and migrations of a game. */
struct game {
	ulong turns, half; /* the turns from half on are those that count */
	uint64_t start, answered, half_start, end;
	uint64_t moved_before, moved_half, moved;
};

/* Before a turn: what the game needs to know then. Counters are read outside of the timed part. */
static void note_turn(struct fs_job *job, struct game *game, ulong turn)
{
	if (turn == 1)
		game->answered = fs_now();
	if (turn == game->half) {
		game->moved_half = migrations(job);
		game->half_start = fs_now();
	}
}

/* The CPU's turns; turn by turn the word must be what the device left. -ETIMEDOUT where the device does not take its own. */
static int take_turns(struct fs_job *job, ulong *word, struct game *game)
{
	uint64_t last = fs_now();

	for (ulong turn = 0; turn < game->turns; turn++) {
		ulong seen = FS_LOAD(word);

		while (seen % 2 != 0) {
			if (fs_now() - last > PATIENCE_NS)
				return -ETIMEDOUT;
			FS_RELAX();
			seen = FS_LOAD(word);
		}
		if (seen != 2 * turn)
			return fs_wrong(job, "at turn %lu the word is %lu, not %lu", turn, seen, 2 * turn);
		note_turn(job, game, turn);
		FS_STORE(word, seen + 1);
		last = fs_now();
	}
	return 0;
}

/* 1 if the page tables agree with the driver's ownership table, 0 if not, negative on error. */
static int agree(struct fs_job *job, struct fs_buffer *buf)
{
	uint64_t pages;
	int err;

	if ((fs_offers(job) & FS_RESIDENCE) == 0)
		return 1;
	err = pages_on_side(job, buf, FS_DEVICE, &pages);
	return err < 0 ? err : expect_no_conflicts(job);
}

/* A page that both sides hold is why a side may wait for ever: then evidence has the word. */
static int gave_up(struct fs_job *job, struct fs_buffer *buf)
{
	int err = agree(job, buf);

	return err > 0 ? fs_error(job, -ETIMEDOUT, "a turn did not come within %.0f s", (double)PATIENCE_NS / 1e9) : -ETIMEDOUT;
}

static int give(struct fs_job *job, const struct game *game)
{
	double half_turns = 2.0 * (double)(game->turns - game->half);
	uint64_t pages, moved = game->moved - game->moved_before;

	fs_sample(job, "turn", (double)(game->end - game->half_start) / half_turns);
	fs_sample(job, "turn_first", (double)(game->answered - game->start) / 2.0);
	/* Where the kernel moves pages by itself they are not counted: absent, not zero. */
	if ((fs_offers(job) & (FS_FAULTS | FS_MOVE)) == 0 || !fs_device_count(job, "pages_to_host", &pages))
		return 0;
	fs_sample(job, "migrations", (double)moved);
	fs_sample(job, "migrations_a_turn", (double)(game->moved - game->moved_half) / half_turns);
	/* The device could not have taken a turn on a page that was never there, or that it never reached. */
	if (fs_offers(job) & FS_FAULTS)
		fs_expect(job, "migrations", (double)moved, FS_GE, 1);
	return 0;
}

static int play(struct fs_job *job, struct fs_buffer *buf, ulong turns)
{
	struct fs_launch launch = {
		.name = "ping_pong",
		.body = ping_pong_body,
		.args = {.link_base = (ulong)buf->cpu, .u = {0, turns, PATIENCE_NS, LOOKS_MAX}},
		.last = 1,
	};
	struct game game = {.turns = turns, .half = turns / 2, .moved_before = migrations(job)};
	ulong *word = buf->cpu;
	int err, ended;

	fs_results_clear(job);
	err = fs_launch_start(job, buf, &launch);
	if (err < 0)
		return err;
	game.start = fs_now();
	err = take_turns(job, word, &game);
	ended = fs_launch_wait(job);
	game.end = fs_now();
	if (err == -ETIMEDOUT && ended == 0)
		return gave_up(job, buf);
	if (err < 0 || ended < 0)
		return err < 0 ? err : ended;
	if (fs_results(job)[0] != turns)
		return fs_wrong(job, "the device took %lu turns, not %lu", fs_results(job)[0], turns);
	/* Of a single turn the answer is the end. */
	game.answered = game.answered != 0 ? game.answered : game.end;
	game.moved = migrations(job);
	if (FS_LOAD(word) != 2 * turns)
		return fs_wrong(job, "the word is %lu after %lu turns of each side", FS_LOAD(word), turns);
	return give(job, &game);
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	int err = fs_alloc(job, fs_size(job, "size"), &buf);

	if (err < 0)
		return err;
	FS_STORE((ulong *)buf.cpu, 0ul);
	err = play(job, &buf, fs_count(job, "turns"));
	if (err == 0)
		err = agree(job, &buf);
	fs_release(job, &buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_ping_pong = {
	.name = "ping_pong",
	.summary = "both sides take turns on one word of one page",
	.needs = FS_SHARED,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};

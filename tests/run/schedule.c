/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * schedule.c - interleaving, order from the seed, adaptive stopping.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/run/schedule.h"
#include "tests/tap.h"

static struct cell cells[8];
static struct plan plan = {.options = {.rounds_min = 10, .rounds_max = 30, .precision_pct = 2}, .cells = cells, .ncells = 8};

static void visit_round(struct schedule *s, double spread)
{
	for (unsigned i = 0; i < s->norder; i++)
		schedule_visited(s, s->order[i], VERDICT_OK, 100 + spread * (s->round % 5), 10);
}

static void test_order(void)
{
	struct schedule a, b;
	bool same = true, other = false, all = true;
	unsigned first[8];

	schedule_init(&a, &plan, 7);
	schedule_init(&b, &plan, 7);
	ok(schedule_next_round(&a) && schedule_next_round(&b), "there is a first round");
	is_int(a.norder, 8, "that visits every cell");
	for (unsigned i = 0; i < 8; i++) {
		bool seen = false;

		for (unsigned j = 0; j < 8; j++)
			seen |= a.order[j] == i;
		all &= seen;
		same &= a.order[i] == b.order[i];
		first[i] = a.order[i];
	}
	ok(all, "each once");
	ok(same, "in an order that follows from the seed");
	visit_round(&a, 0);
	schedule_next_round(&a);
	for (unsigned i = 0; i < 8; i++)
		other |= a.order[i] != first[i];
	ok(other, "and is another in the next round");
	ok(schedule_seed(&a, 1, 2) != schedule_seed(&a, 2, 1), "seeds differ by cell and round");
	schedule_free(&a);
	schedule_free(&b);
}

/* What was visited before a kill is replayed in file order; the rest of the round is then due. */
static void test_resume(void)
{
	struct schedule s;

	schedule_init(&s, &plan, 7);
	schedule_next_round(&s);
	for (unsigned i = 0; i < 3; i++)
		schedule_visited(&s, i, VERDICT_OK, 1, 10);
	ok(schedule_next_round(&s), "a broken round goes on");
	is_int(s.norder, 5, "with the cells that it still lacks");
	is_int(s.round, 0, "as the same round");
	schedule_free(&s);
}

/* Ten rounds of 10 ms each are the least; then the time decides. */
static void test_cell_time(void)
{
	struct plan timed = plan;
	struct schedule s;

	timed.options.cell_time_s = 0.05;
	schedule_init(&s, &timed, 1);
	while (schedule_next_round(&s))
		visit_round(&s, 50);
	is_int(s.cells[0].rounds, 10, "the least number of rounds is measured, whatever it takes");
	is_int(s.cells[0].stop, STOP_CELL_TIME, "and then the time of the cell is over");
	schedule_free(&s);
	timed.options.cell_time_s = 0.17;
	schedule_init(&s, &timed, 1);
	while (schedule_next_round(&s)) {
		visit_round(&s, 50);
		if (s.round == 11)
			is_near(schedule_left_s(&s), 8 * 5 * 0.01, 1e-9, "what is left is bounded by it");
	}
	is_int(s.cells[0].rounds, 17, "a cell that is not precise ends when its rounds took so long");
	schedule_free(&s);
	schedule_init(&s, &timed, 1);
	while (schedule_next_round(&s))
		visit_round(&s, 0);
	is_int(s.cells[0].stop, STOP_PRECISION, "one that is precise does not wait for it");
	schedule_free(&s);
}

static unsigned rounds_until_stop(double spread, enum stop *stop)
{
	struct schedule s;
	unsigned rounds;

	schedule_init(&s, &plan, 1);
	while (schedule_next_round(&s))
		visit_round(&s, spread);
	rounds = s.cells[0].rounds;
	*stop = s.cells[0].stop;
	schedule_free(&s);
	return rounds;
}

static void test_stopping(void)
{
	enum stop stop;
	struct schedule s;

	is_int(rounds_until_stop(0.1, &stop), 10, "a quiet cell stops at the least number of rounds");
	is_str(stop_names[stop], "precision", "because it is precise");
	is_int(rounds_until_stop(20, &stop), 30, "a noisy one goes on to the most");
	is_str(stop_names[stop], "rounds", "and says so");

	schedule_init(&s, &plan, 1);
	for (int i = 0; i < 3; i++)
		schedule_visited(&s, 0, VERDICT_INVALID, NAN, 1);
	is_str(stop_names[s.cells[0].stop], "invalid", "a cell that keeps failing is asked no more");
	schedule_visited(&s, 1, VERDICT_SKIP, NAN, 1);
	is_str(stop_names[s.cells[1].stop], "skip", "nor is one that skips");
	schedule_stop(&s, STOP_TIME);
	is_str(stop_names[s.cells[2].stop], "time", "the time limit ends the others");
	is_str(stop_names[s.cells[0].stop], "invalid", "and leaves the reasons that were there");
	ok(!schedule_next_round(&s), "then no round is left");
	schedule_free(&s);
}

/* Precise from its 17th round on, and looked at in the 10th and the 20th. */
static void test_looks(void)
{
	struct schedule s;

	schedule_init(&s, &plan, 1);
	for (unsigned i = 0; i < 30 && s.cells[0].stop == STOP_NOT; i++)
		schedule_visited(&s, 0, VERDICT_OK, i < 4 ? 200 : 100, 10);
	is_str(stop_names[s.cells[0].stop], "precision", "a cell that becomes precise between two looks stops");
	is_int(s.cells[0].rounds, 20, "at the second look");
	schedule_free(&s);
}

/* Of the cells that go on the one that is behind has the next round; those that stopped count no more. */
static void test_behind(void)
{
	struct schedule s;

	schedule_init(&s, &plan, 1);
	for (unsigned i = 0; i < 3; i++)
		schedule_visited(&s, 0, VERDICT_INVALID, NAN, 1);
	for (unsigned cell = 1; cell < 8; cell++) {
		for (unsigned i = 0; i < 5 - (cell == 7); i++)
			schedule_visited(&s, cell, VERDICT_OK, 1, 10);
	}
	ok(schedule_next_round(&s) && s.round == 4 && s.norder == 1 && s.order[0] == 7,
		"the cell that is behind comes first, whoever stopped before");
	schedule_visited(&s, 7, VERDICT_OK, 1, 10);
	ok(schedule_next_round(&s) && s.round == 5 && s.norder == 7, "then all that go on");
	schedule_free(&s);
}

static void test_left(void)
{
	struct schedule s;
	double precision_pct, rounds;

	schedule_init(&s, &plan, 1);
	is_near(schedule_left_s(&s), 8 * 10 * 0.2, 1e-9, "at first the least rounds of all cells, at a guess");
	for (unsigned i = 0; i < 4; i++)
		schedule_visited(&s, 0, VERDICT_OK, 100, 50);
	is_near(schedule_left_s(&s), 6 * 0.05 + 7 * 10 * 0.2, 1e-9, "then what is left of each, at what its own took");
	for (unsigned i = 4; i < 10; i++)
		schedule_visited(&s, 0, VERDICT_OK, 100 + (double)(i % 3) * 1.2, 50);
	precision_pct = schedule_precision_pct(&s, 0);
	rounds = 10 * precision_pct / 2 * precision_pct / 2;
	ok(s.cells[0].stop == STOP_PRECISION || rounds > 10, "a cell is precise, or needs more rounds");
	schedule_stop(&s, STOP_TIME);
	is_near(schedule_left_s(&s), 0, 1e-12, "nothing is left when all have stopped");
	schedule_free(&s);

	schedule_init(&s, &plan, 1);
	for (unsigned i = 0; i < 10; i++)
		schedule_visited(&s, 0, VERDICT_OK, 100 + 0.7 * (double)i, 50);
	precision_pct = schedule_precision_pct(&s, 0);
	rounds = 10 * (precision_pct / 2) * (precision_pct / 2);
	ok(rounds > 11 && rounds < 30, "an interval of %.2f %%", precision_pct);
	is_near(schedule_left_s(&s), (fmax(rounds, 11) - 10) * 0.05 + 7 * 10 * 0.2, 1e-9,
		"rounds grow with the square of what an interval is too wide");
	schedule_free(&s);

	schedule_init(&s, &plan, 1);
	for (unsigned i = 0; i < 10; i++)
		schedule_visited(&s, 0, VERDICT_OK, 100 * (1 + (double)(i % 2)), 50);
	is_near(schedule_left_s(&s), 20 * 0.05 + 7 * 10 * 0.2, 1e-9, "and never beyond the most");
	schedule_free(&s);
}

static void test_histogram(void)
{
	bool inside = true, ascending = true;
	uint64_t low, high, before = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
		histogram_bounds(i, &low, &high);
		inside &= histogram_bucket(low) == i && histogram_bucket(high - 1) == i;
		ascending &= low == before && high > low;
		before = high;
	}
	ok(inside, "every bucket holds its own bounds");
	ok(ascending, "buckets follow on each other without a gap");
	histogram_bounds(histogram_bucket(1000000), &low, &high);
	ok((double)(high - low) / (double)low <= 1.0 / 64, "a bucket is at most 1.6 %% wide");
	ok(histogram_bucket(UINT64_MAX) < HISTOGRAM_BUCKETS, "the largest value has one");
}

int main(void)
{
	for (unsigned i = 0; i < 8; i++)
		cells[i] = (struct cell){.id = i, .name = "cell"};
	test_order();
	test_resume();
	test_stopping();
	test_looks();
	test_behind();
	test_left();
	test_cell_time();
	test_histogram();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_pairs.c - rounds in pairs, and which cells of two sides belong together.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "tests/fake/pair.h"
#include "tests/tap.h"

static void test_partners(void)
{
	static unsigned odd[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 30};
	static unsigned turned[12] = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
	const struct compare_row *row;

	pair_begin(1, 12);
	fake_run_session(&pair_base, &pair_new, 12, 12, 1, 0);
	for (size_t i = 0; i < 12; i++) {
		pair_base.values[i] = 100.0 * (double)(i + 1);
		pair_new.values[i] = 103.0 * (double)(i + 1);
	}
	fake_run_rounds(&pair_base, 12);
	fake_run_rounds(&pair_new, 12);
	row = pair_judge();
	ok(row->paired && !row->same_seed && row->pairs == 12, "sides of a session are compared in pairs");
	is_near(row->change_pct, 3.0, 1e-9, "3 %% in each of rounds that are up to 12 times apart are 3 %%");
	is_near(row->lo_pct, 3.0, 1e-9, "from 3 %%");
	is_near(row->hi_pct, 3.0, 1e-9, "to 3 %%");
	is_int(row->verdict, COMPARE_SLOWER, "which is slower");

	/* round 10 and 11 of the base have no partner; 20 and 30 of the new run neither */
	pair_new.summary.rows[0].rounds = odd;
	pair_new.values[10] = pair_new.values[11] = 1e9;
	row = pair_judge();
	is_int((long long)row->pairs, 10, "a round without a partner is in no pair");
	is_near(row->hi_pct, 3.0, 1e-9, "and says nothing");
	pair_new.summary.rows[0].rounds = turned;
	for (size_t i = 0; i < 12; i++)
		pair_new.values[i] = 103.0 * (double)(12 - i);
	row = pair_judge();
	is_int((long long)row->pairs, 12, "in another order, too");
	is_near(row->hi_pct, 3.0, 1e-9, "rounds are paired by their number");
	pair_end();
}

static void begin_session(void)
{
	pair_begin(1, 12);
	fake_run_session(&pair_base, &pair_new, 12, 12, 1, 0);
}

static void test_zeros(void)
{
	const struct compare_row *row;

	begin_session();
	/* a value of 0 in the middle has no logarithm: differences, in percent of the base's median */
	for (size_t i = 0; i < 12; i++) {
		pair_base.values[i] = i == 5 ? 0.0 : 100.0;
		pair_new.values[i] = pair_base.values[i] + 7.0;
	}
	fake_run_rounds(&pair_base, 12);
	fake_run_rounds(&pair_new, 12);
	row = pair_judge();
	is_near(row->change_pct, 7.0, 1e-9, "one 0 in the base: 7 of 100 more are 7 %%");
	is_near(row->lo_pct, 7.0, 1e-9, "in each round");
	is_near(row->hi_pct, 7.0, 1e-9, "without exception");
	for (size_t i = 0; i < 12; i++) {
		pair_base.values[i] = 100.0;
		pair_new.values[i] = i == 11 ? 0.0 : 107.0;
	}
	fake_run_rounds(&pair_base, 12);
	fake_run_rounds(&pair_new, 12);
	row = pair_judge();
	is_near(row->change_pct, 7.0, 1e-9, "one 0 in the new run: 7 %%");
	is_near(row->least_pct, -100.0, 1e-9, "the least of all is -100 %%");
	for (size_t i = 0; i < 12; i++)
		pair_new.values[i] = i == 11 ? 0.5 : 200.0;
	fake_run_rounds(&pair_new, 12);
	row = pair_judge();
	is_near(row->least_pct, -99.5, 1e-9, "a value below 1 has a logarithm");
	is_near(row->lo_pct, 100.0, 1e-9, "and the others are ratios: twice as much");
	for (size_t i = 0; i < 12; i++)
		pair_new.values[i] = i == 11 ? -50.0 : 107.0;
	fake_run_rounds(&pair_base, 12);
	fake_run_rounds(&pair_new, 12);
	row = pair_judge();
	is_near(row->change_pct, 7.0, 1e-9, "one below 0 in the new run, the last one: 7 %%");
	is_near(row->least_pct, -150.0, 1e-9, "the least of all is -150 %%");
	is_near(row->most_pct, 7.0, 1e-9, "the most 7 %%");
	pair_new.values[11] = 107.0;
	fake_run_rounds(&pair_new, 12);
	row = pair_judge();
	is_near(row->most_pct, 7.0, 1e-9, "without it logarithms say the same");
	for (size_t i = 0; i < 12; i++)
		pair_new.values[i] = 200.0;
	row = pair_judge();
	is_near(row->change_pct, 100.0, 1e-9, "twice as much is 100 %%");
	pair_end();
}

static void test_strangers(void)
{
	begin_session();
	pair_new.summary.rows[0].rounds = (unsigned[]){20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "rounds of which none has a partner");
	is_int((long long)pair_comparison.rows[0].pairs, 0, "make no pair");
	pair_end();
}

/* Cells of sides with different parameters are matched by position if the benchmarks are in the same order; else by identity. */
static void test_places(void)
{
	pair_begin(2, 12);
	fake_run_session(&pair_base, &pair_new, 12, 12, 1, 0);
	pair_new.cells[0].setup = pair_new.cells[1].setup = "copy";
	pair_judge();
	is_int((long long)pair_comparison.n, 2, "cells of sides are matched by position, whatever their setups");
	pair_new.cells[1].kind = "kernel";
	compare_free(&pair_comparison);
	compare_make(&pair_base.summary, &pair_new.summary, 0, &pair_comparison);
	is_int((long long)pair_comparison.n, 0, "not if one is a kernel there");
	pair_new.cells[1].kind = "benchmark";
	pair_new.cells[1].bench = "other";
	compare_free(&pair_comparison);
	compare_make(&pair_base.summary, &pair_new.summary, 0, &pair_comparison);
	is_int((long long)pair_comparison.n, 0, "or another benchmark");
	pair_new.cells[1].bench = pair_base.cells[1].bench;
	pair_new.cells[1].id = 5;
	compare_free(&pair_comparison);
	compare_make(&pair_base.summary, &pair_new.summary, 0, &pair_comparison);
	is_int((long long)pair_comparison.n, 0, "or has another number");
	pair_new.cells[1].id = 1;
	json_object_set_new(json_object_get(pair_new.run.header, "session"), "id", json_string("another session"));
	compare_free(&pair_comparison);
	compare_make(&pair_base.summary, &pair_new.summary, 0, &pair_comparison);
	is_int((long long)pair_comparison.n, 0, "or is of another session");
	pair_end();
}

static void test_alone(void)
{
	pair_begin(1, 12);
	pair_new.summary.rows[0].metric = (char *)"fresh";
	compare_make(&pair_base.summary, &pair_new.summary, 0, &pair_comparison);
	is_int((long long)pair_comparison.n, 0, "metrics of other names");
	is_int((long long)pair_comparison.n_alone, 2, "are alone, both");
	is_str(pair_comparison.alone[1].row->metric, "fresh", "the first one of the new run, too");
	ok(!pair_comparison.alone[1].in_base, "as the new run's");
	pair_end();
}

/* Cells of one run alone are told in the order of that run's plan, whatever they are called. */
static void test_order(void)
{
	static const char *const names[] = {"n", "m", "c", "z", "a", "x", "b"};

	for (int in_base = 0; in_base < 2; in_base++) {
		struct fake_run *has = in_base ? &pair_base : &pair_new;

		pair_begin(FS_ARRAY_SIZE(names), 12);
		for (size_t i = 0; i < FS_ARRAY_SIZE(names); i++)
			pair_base.cells[i].bench = pair_new.cells[i].bench = names[i];
		(in_base ? &pair_new : &pair_base)->summary.n = 1;
		compare_make(&pair_base.summary, &pair_new.summary, 0, &pair_comparison);
		is_int((long long)pair_comparison.n, 1, "one cell is in both");
		is_int((long long)pair_comparison.n_alone, FS_ARRAY_SIZE(names) - 1, "the others are alone");
		for (size_t i = 0; i < pair_comparison.n_alone; i++)
			ok(pair_comparison.alone[i].row == &has->summary.rows[i + 1], "in the plan's order: %s",
				pair_comparison.alone[i].row->cell->bench);
		pair_end();
	}
}

/* A parameter that one of the runs does not have is at the initial value that the other declares. */
static void test_initial(void)
{
	static const char *const declared[] = {"{\"devices\":[{\"name\":\"emu\",\"parameters\":{\"page\":{\"initial\":\"2M\"}}}]}",
		"{\"devices\":[{\"name\":\"emu\",\"parameters\":{\"page\":{\"initial\":\"4K\"}}}]}"};
	struct runfile_text page = {.name = "page", .text = "4K", .set = true};

	for (int known = 0; known < 2; known++) {
		for (int in_base = 0; in_base < 2; in_base++) {
			struct fake_run *has;

			pair_begin(1, 12);
			has = in_base ? &pair_base : &pair_new;
			has->run.header = json_loads(declared[known], 0, NULL);
			has->cells[0].params = &page;
			has->cells[0].n_params = 1;
			pair_base.run.cells = pair_base.cells;
			pair_new.run.cells = pair_new.cells;
			pair_base.run.n_cells = pair_new.run.n_cells = 1;
			compare_make(&pair_base.summary, &pair_new.summary, 0, &pair_comparison);
			is_int((long long)pair_comparison.n, known, "page=4K in the %s alone, whose initial value is %s: %s cell",
				in_base ? "base" : "new run", known ? "4K" : "2M", known ? "the same" : "another");
			pair_end();
		}
	}
}

int main(void)
{
	test_partners();
	test_zeros();
	test_strangers();
	test_places();
	test_alone();
	test_order();
	test_initial();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_verdicts.c - each rule of a verdict, and what breaks it: facts where runs are deterministic, few rounds, chance among many
 * metrics, a base of 0, a machine that was too busy. tests/analysis/comparison.c has the plain verdicts and what belongs together.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/statistics/paired.h"
#include "tests/fake/pair.h"
#include "tests/tap.h"

/* ---- facts ----------------------------------------------------------------------------------------------- */

static void test_facts(void)
{
	static const double ticks[] = {100, 100, 104, 100, 100, 100, 100, 100, 100, 100, 100, 100};
	const struct compare_row *row;

	pair_begin(1, 1);
	pair_same_seed();
	pair_is(COMPARE_SAME, COMPARE_EQUAL, "one round of instructions that is equal");
	ok(pair_comparison.rows[0].deterministic && !pair_comparison.rows[0].tested && pair_comparison.tested == 0, "is a fact, and no test");
	pair_scale(&pair_new, 0, 1.004);
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "one round of 0.4 % more instructions");
	row = pair_judge();
	ok(row->has_interval && fabs(row->lo_pct - 0.4) < 1e-9 && fabs(row->hi_pct - 0.4) < 1e-9, "the change is known to the last instruction");
	pair_scale(&pair_new, 0, 1 / 1.004 / 1.004);
	pair_is(COMPARE_FASTER, COMPARE_BEYOND, "one round of 0.4 % less");
	pair_scale(&pair_new, 0, 1.004 * 1.001);
	pair_is(COMPARE_SAME, COMPARE_INSIDE, "0.1 % more");
	pair_end();

	pair_begin(1, 2);
	pair_same_seed();
	pair_scale(&pair_new, 0, 1.004);
	pair_new.values[1] = pair_base.values[1];
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "two rounds that disagree");
	pair_new.values[1] = pair_base.values[1] * 1.0019;
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "one of two within the margin");
	pair_new.values[1] = pair_base.values[1] * 1.0021;
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "both beyond it");
	pair_new.values[1] = pair_base.values[1] * 0.9;
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "beyond it on both sides");
	pair_end();

	pair_begin(1, 12);
	pair_same_seed();
	pair_set(&pair_base, 12, (const double[]){100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100});
	pair_set(&pair_new, 12, ticks);
	pair_is(COMPARE_SAME, COMPARE_INSIDE, "one differing round of twelve is tested against chance");
	ok(pair_comparison.rows[0].tested && pair_comparison.tested == 1, "by a test");
	pair_end();

	pair_begin(1, 3);
	pair_same_seed();
	pair_set(&pair_base, 3, (const double[]){0, 0, 0});
	pair_set(&pair_new, 3, (const double[]){0, 0, 0});
	pair_is(COMPARE_SAME, COMPARE_EQUAL, "0 in both");
	pair_set(&pair_new, 3, (const double[]){1, 2, 1});
	pair_is(COMPARE_SLOWER, COMPARE_FROM_ZERO, "from 0 to something in each round");
	pair_set(&pair_new, 3, (const double[]){-1, -2, -1});
	pair_is(COMPARE_FASTER, COMPARE_FROM_ZERO, "to something below it");
	pair_set(&pair_new, 3, (const double[]){1, 0, 1});
	pair_is(COMPARE_UNDECIDED, COMPARE_NO_SCALE, "in two of three");
	pair_set(&pair_new, 3, (const double[]){-1, 0, -1});
	pair_is(COMPARE_UNDECIDED, COMPARE_NO_SCALE, "and below it in two of three");
	pair_set(&pair_base, 12, (const double[12]){0});
	pair_set(&pair_new, 12, (const double[12]){1, 2, 1, 2, 0, 1, 2, 1, 2, 1, 2, 1});
	pair_is(COMPARE_SLOWER, COMPARE_FROM_ZERO, "above it in all of twelve but one");
	ok(pair_comparison.rows[0].tested, "is tested against chance");
	pair_end();
}

/* What takes the facts away again. */
static void test_no_facts(void)
{
	pair_begin(1, 3);
	pair_same_seed();
	pair_base.run.clock = pair_new.run.clock = "monotonic";
	pair_scale(&pair_new, 0, 1.1);
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "three rounds of time, +10 %, are no fact");
	ok(!pair_comparison.rows[0].deterministic && !pair_comparison.rows[0].paired, "nor pairs");
	pair_same_seed();
	pair_new.run.seed = "2";
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "instructions of another seed that vary neither");
	pair_new.run.seed = pair_base.run.seed = "";
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "without a seed neither");
	pair_same_seed();
	pair_new.cells[0].id = 7;
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "another place in the plan neither: seed and order follow from it");
	pair_end();

	pair_begin(1, 2);
	pair_same_seed();
	pair_new.run.seed = "2";
	pair_set(&pair_base, 2, (const double[]){1000, 1000});
	pair_set(&pair_new, 2, (const double[]){1003, 1003});
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "instructions that do not vary are a fact, whatever the seed");
	pair_set(&pair_new, 2, (const double[]){1000, 1000});
	pair_is(COMPARE_SAME, COMPARE_EQUAL, "equal ones, too");
	pair_set(&pair_base, 2, (const double[]){0, 0});
	pair_is(COMPARE_SLOWER, COMPARE_FROM_ZERO, "and from 0");
	pair_set(&pair_new, 2, (const double[]){0, 0});
	pair_is(COMPARE_SAME, COMPARE_EQUAL, "and 0 in both");
	pair_set(&pair_base, 2, (const double[]){1000, 1000});
	pair_set(&pair_new, 2, (const double[]){1003, 1004});
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "one run that varies is none");
	pair_set(&pair_new, 2, (const double[]){1003, 1003});
	pair_base.run.clock = pair_new.run.clock = "monotonic";
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "times that do not vary are none: a clock may be coarse");
	pair_same_seed();
	pair_new.run.seed = "2";
	pair_set(&pair_base, 1, (const double[]){1000});
	pair_set(&pair_new, 1, (const double[]){1003});
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "one round cannot vary");
	pair_set(&pair_new, 2, (const double[]){1003, 1003});
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "beside two that do not");
	pair_set(&pair_base, 2, (const double[]){1000, 1000});
	pair_set(&pair_new, 1, (const double[]){1003});
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "nor behind two");
	pair_end();
}

/* ---- the looks of a session ------------------------------------------------------------------------------ */

static unsigned looks_of(json_int_t rounds_min, json_int_t rounds_max, json_int_t turn, double time_limit_s, const char *new_side, const char *new_id)
{
	struct runfile base = {.header = json_pack("{s:{s:s, s:s, s:I, s:I, s:I, s:f}}", "session", "id", "one", "side", "a", "rounds_min",
				       rounds_min, "rounds_max", rounds_max, "turn", turn, "time_limit_s", time_limit_s)},
		       new = {.header = json_pack("{s:{s:s, s:s}}", "session", "id", new_id, "side", new_side)};
	struct compare_limits limits = compare_limits_of(&base, &new);

	ok(fabs(limits.p * limits.looks - COMPARE_P) < 1e-12 && fabs(limits.q * limits.looks - COMPARE_Q) < 1e-12 &&
			fabs((1 - limits.confidence) * limits.looks - (1 - STATISTICS_CONFIDENCE)) < 1e-12,
		"the limits are shared out among %u looks", limits.looks);
	json_decref(base.header);
	json_decref(new.header);
	return limits.looks;
}

static void test_looks(void)
{
	is_int(looks_of(16, 48, 1, 0, "b", "one"), 5, "16 to 48 rounds");
	is_int(looks_of(16, 48, 1, 9, "b", "one"), 6, "with a time limit");
	is_int(looks_of(16, 48, 1, 0, "a", "one"), 1, "two runs of one side are no session");
	is_int(looks_of(16, 48, 1, 0, "b", "two"), 1, "nor two sides of two");
	is_int(looks_of(1, 1, 1, 0, "b", "one"), 1, "a single round");
	is_int(looks_of(0, 48, 1, 0, "b", "one"), 1, "no least number of rounds makes no sense");
	is_int(looks_of(-1, 48, 1, 0, "b", "one"), 1, "a negative one neither");
	is_int(looks_of(48, 16, 1, 0, "b", "one"), 1, "nor a most that is less");
	is_int(looks_of(16, 1ll << 31, 1, 0, "b", "one"), 1, "nor one that nobody runs");
	is_int(looks_of(16, 48, 0, 0, "b", "one"), 1, "nor turns of nothing");
	is_int(looks_of(16, 48, 1ll << 31, 0, "b", "one"), 1, "nor turns that nobody waits for");
	is_int(looks_of(16, 48, 4, 0, "b", "one"), 2, "turns of four");
	is_int(compare_limits_of(NULL, NULL).looks, 1, "no runs at all");
}

/* Where rounds of a same-seed pair disagree, p is twice the smaller of both tests'. */
static void test_same_seed_p(void)
{
	double differences[12], pairs, ranks;
	const struct compare_row *row;

	pair_begin(1, 12);
	pair_same_seed();
	pair_scale(&pair_new, 0, 1.004);
	pair_new.values[3] = pair_base.values[3];
	for (size_t i = 0; i < 12; i++)
		differences[i] = log(pair_new.values[i] / pair_base.values[i]);
	paired_p(differences, 12, &pairs);
	two_sample_p(pair_base.values, 12, pair_new.values, 12, &ranks);
	row = pair_judge();
	ok(pairs < ranks && ranks < 0.5, "pairs say more than groups");
	is_near(row->p, 2 * pairs, 1e-15, "p is twice that of the pairs");
	for (size_t i = 0; i < 12; i++)
		pair_new.values[i] = pair_base.values[11 - i] * (i == 3 ? 1.0 : 1.1);
	for (size_t i = 0; i < 12; i++)
		differences[i] = log(pair_new.values[i] / pair_base.values[i]);
	paired_p(differences, 12, &pairs);
	two_sample_p(pair_base.values, 12, pair_new.values, 12, &ranks);
	row = pair_judge();
	ok(ranks < pairs, "groups say more than pairs");
	is_near(row->p, 2 * ranks, 1e-15, "p is twice that of the groups");
	for (size_t i = 0; i < 12; i++)
		pair_new.values[i] = pair_base.values[i ^ 1];
	row = pair_judge();
	is_near(row->p, 1.0, 0, "and never above 1");
	pair_end();
}

/* ---- beyond the margin, but not surely ------------------------------------------------------------------- */

static void test_few(void)
{
	pair_begin(1, 12);
	pair_scale(&pair_base, 0, 0.001);
	pair_scale(&pair_new, 0, 0.0011);
	pair_judge();
	is_near(pair_comparison.rows[0].change_pct, 10, 1e-6, "values below 1 have logarithms as well");
	ok(pair_comparison.rows[0].lo_pct > 8 && pair_comparison.rows[0].hi_pct < 11.5, "and an interval");
	pair_end();

	pair_begin(1, 9);
	pair_scale(&pair_new, 0, 1.1);
	pair_is(COMPARE_SUSPECT, COMPARE_FEW, "+10 % in 9 rounds is not passed over");
	is_near(pair_comparison.rows[0].more_rounds, 1, 0, "one more is needed");
	is_int((long long)compare_doubtful(&pair_comparison), 1, "and a gate does not pass");
	is_int(compare_verdict_of(&pair_comparison), COMPARE_SUSPECT, "as all of it is suspect");
	ok(!compare_is_decided(&pair_comparison), "a session would go on");
	pair_scale(&pair_new, 0, 1 / 1.1 / 1.1);
	pair_is(COMPARE_SUSPECT, COMPARE_FEW, "-10 % as well");
	is_int((long long)compare_doubtful(&pair_comparison), 0, "but what may have got faster stops no gate");
	pair_base.summary.rows[0].better = pair_new.summary.rows[0].better = FS_HIGHER;
	pair_judge();
	is_int((long long)compare_doubtful(&pair_comparison), 1, "unless higher is better");
	pair_base.summary.rows[0].better = pair_new.summary.rows[0].better = FS_EXACT;
	pair_judge();
	is_int((long long)compare_doubtful(&pair_comparison), 1, "or no change is");
	pair_end();

	pair_begin(1, 9);
	pair_scale(&pair_new, 0, 1.001);
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "+0.1 % in 9 rounds is nothing");
	is_int((long long)compare_doubtful(&pair_comparison), 0, "that stops a gate");
	pair_end();

	pair_begin(1, 3);
	pair_scale(&pair_new, 0, 2);
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "three rounds have no interval");
	pair_end();
}

/* Ten pairs give no p below 1 / 512, whatever they say: too much beside fifty other metrics. */
static void test_chance(void)
{
	char text[PAIR_WORDS];

	pair_begin(54, 10);
	fake_run_session(&pair_base, &pair_new, 10, 10, 1, 0);
	pair_scale(&pair_new, 0, 1.05);
	pair_is(COMPARE_SUSPECT, COMPARE_CHANCE, "+5 % in ten pairs, one of 54 metrics");
	is_near(pair_comparison.rows[0].p, 1 / 512.0, 1e-15, "p is the least that ten pairs can have");
	is_near(pair_comparison.rows[0].q, 54 / 512.0, 1e-12, "q is not small enough");
	is_near(pair_comparison.rows[0].more_rounds, 4, 0, "14 pairs can have a p that is");
	pair_explain(&pair_comparison.rows[0], false, text);
	ok(strstr(text, "10 pairs of rounds: the 95 % interval") && strstr(text, "lies wholly beyond -1.0 ... +1.0 %") &&
			strstr(text, "q=0.11 over 54 metrics, could be chance: about 4 more rounds would decide"),
		"which is what is said: %s", text);
	is_int((long long)compare_doubtful(&pair_comparison), 1, "a gate does not pass");
	pair_end();

	pair_begin(54, 14);
	fake_run_session(&pair_base, &pair_new, 14, 14, 1, 0);
	pair_scale(&pair_new, 0, 1.05);
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "fourteen pairs tell");
	pair_end();

	pair_begin(54, 14);
	fake_run_session(&pair_base, &pair_new, 14, 48, 1, 0);
	pair_scale(&pair_new, 0, 1.05);
	pair_is(COMPARE_SUSPECT, COMPARE_CHANCE, "but not at the first of six looks");
	is_int((long long)pair_comparison.limits.looks, 6, "of which there are so many");
	pair_end();

	pair_begin(54, 10);
	pair_same_seed();
	pair_scale(&pair_new, 0, 1.05);
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "ten rounds of instructions need no test");
	pair_new.values[0] = pair_base.values[0] * 1.001;
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "but do where one of them disagrees");
	ok(pair_comparison.rows[0].tested && pair_comparison.tested == 1, "and that alone is the family");
	pair_end();

	pair_begin(1, 10);
	pair_scale(&pair_new, 0, 1.05);
	for (size_t i = 0; i < 4; i++)
		pair_new.values[2 * i] = pair_base.values[2 * i] * 0.999;
	pair_judge();
	ok(pair_comparison.rows[0].p > COMPARE_P, "a single p that is too large");
	pair_end();
}

/* p for itself has a limit of its own, of a metric that is alone. */
static void test_single(void)
{
	static const double before[] = {100, 101, 102, 103, 104, 105, 106, 107, 108, 109};
	static const double after[] = {104.2, 105.3, 107.1, 108.3, 109.4, 110.6, 111.7, 112.2, 113.5, 114.8};

	pair_begin(1, 10);
	pair_set(&pair_base, 10, before);
	pair_set(&pair_new, 10, after);
	pair_is(COMPARE_SUSPECT, COMPARE_DRIFT, "a change of 5 % where either run drifts by as much");
	ok(pair_comparison.rows[0].p <= COMPARE_P && isinf(pair_comparison.rows[0].more_rounds), "more rounds would not tell");
	pair_end();

	pair_begin(1, 6);
	pair_set(&pair_base, 6, (const double[]){100, 101, 99, 100.5, 99.5, 100.2});
	pair_set(&pair_new, 6, (const double[]){110, 111, 112, 109, 108, 107});
	pair_is(COMPARE_SUSPECT, COMPARE_FEW, "six rounds wholly apart");
	is_near(pair_comparison.rows[0].more_rounds, 4, 0, "need four more");
	pair_end();
}

/* ---- from 0 ---------------------------------------------------------------------------------------------- */

static void test_from_zero(void)
{
	static const double zeros[12], some[12] = {5.5, 5, 6, 5.4, 5.1, 6.2, 5.3, 5.9, 5.7, 5.2, 5.6, 5.8};
	static const double half[12] = {5, 0, 5, 0, 5, 0, 5, 0, 0, 0, 0, 0}, below[12] = {-5, 0, -5, 0, -5, 0, -5, 0, -5, 0, -5, 0};
	char text[PAIR_WORDS];

	pair_begin(1, 12);
	pair_set(&pair_base, 12, zeros);
	pair_set(&pair_new, 12, some);
	pair_is(COMPARE_SLOWER, COMPARE_FROM_ZERO, "from 0 to 5.5");
	ok(!pair_comparison.rows[0].has_change && pair_comparison.rows[0].tested, "without a percentage, but tested");
	pair_explain(&pair_comparison.rows[0], true, text);
	ok(strstr(text, "the base is 0.00 ns") && strstr(text, "lies on one side of it"), "says why: %s", text);
	pair_base.summary.rows[0].better = pair_new.summary.rows[0].better = FS_HIGHER;
	pair_is(COMPARE_FASTER, COMPARE_FROM_ZERO, "where higher is better");
	pair_base.summary.rows[0].better = pair_new.summary.rows[0].better = FS_EXACT;
	pair_is(COMPARE_CHANGED, COMPARE_FROM_ZERO, "or none");
	pair_base.summary.rows[0].better = pair_new.summary.rows[0].better = FS_LOWER;
	pair_set(&pair_new, 12, half);
	pair_is(COMPARE_UNDECIDED, COMPARE_NO_SCALE, "from 0 to 5 in every third round");
	fake_run_rounds(&pair_base, 9);
	pair_set(&pair_new, 9, some);
	pair_is(COMPARE_SUSPECT, COMPARE_FEW, "from 0 to 5.5 in nine rounds");
	pair_set(&pair_base, 12, zeros);
	pair_set(&pair_new, 12, zeros);
	pair_is(COMPARE_SAME, COMPARE_INSIDE, "0 and 0");
	pair_set(&pair_new, 12, some);
	fake_run_session(&pair_base, &pair_new, 12, 12, 1, 0);
	pair_is(COMPARE_SLOWER, COMPARE_FROM_ZERO, "in pairs, from 0 to 5.5");
	pair_set(&pair_new, 12, half);
	pair_is(COMPARE_UNDECIDED, COMPARE_NO_SCALE, "and in every third round");
	pair_set(&pair_new, 12, below);
	pair_is(COMPARE_UNDECIDED, COMPARE_NO_SCALE, "an interval that ends at 0 does not lie below it");
	pair_set(&pair_new, 12, zeros);
	pair_is(COMPARE_SAME, COMPARE_INSIDE, "and 0 and 0");
	pair_end();
}

/* ---- a busy machine -------------------------------------------------------------------------------------- */

static void test_disturbed(void)
{
	char text[PAIR_WORDS];

	pair_begin(1, 12);
	pair_scale(&pair_new, 0, 1.1);
	pair_new.summary.disturbed_pct = 50;
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "half of the time busy is not too busy");
	pair_new.summary.disturbed_pct = 50.1;
	pair_is(COMPARE_DISTURBED, COMPARE_BUSY, "+10 % of a time, on a machine that was busier");
	ok(pair_comparison.too_disturbed && compare_doubtful(&pair_comparison) == 1, "does not pass, and does not fail, a gate");
	pair_advice(&pair_comparison.rows[0], text);
	is_str(text, "the machine was too busy", "says so");
	pair_explain(&pair_comparison.rows[0], false, text);
	ok(strstr(text, "the 95 % interval [") && strstr(text, ": the machine was too busy"), "with what was measured: %s", text);
	pair_new.summary.disturbed_pct = 0;
	pair_base.summary.disturbed_pct = 90;
	pair_is(COMPARE_DISTURBED, COMPARE_BUSY, "where the base was");
	pair_scale(&pair_new, 0, 1 / 1.1 / 1.1);
	pair_is(COMPARE_DISTURBED, COMPARE_BUSY, "-10 % likewise");
	pair_scale(&pair_new, 0, 1.1 * 1.01);
	pair_is(COMPARE_DISTURBED, COMPARE_BUSY, "an interval across the margin likewise");
	is_near(pair_comparison.rows[0].more_rounds, 0, 0, "more rounds are not the remedy");
	pair_scale(&pair_new, 0, 1 / 1.01);
	pair_is(COMPARE_SAME, COMPARE_INSIDE, "what is the same in spite of it is the same");
	pair_scale(&pair_new, 0, 1.1);
	fake_run_rounds(&pair_base, 9);
	fake_run_rounds(&pair_new, 9);
	pair_is(COMPARE_DISTURBED, COMPARE_BUSY, "nine rounds beyond the margin are no suspicion there");
	fake_run_rounds(&pair_new, 3);
	fake_run_rounds(&pair_base, 3);
	pair_is(COMPARE_UNDECIDED, COMPARE_FEW, "three are too few to say anything");
	fake_run_rounds(&pair_base, 12);
	fake_run_rounds(&pair_new, 12);
	pair_base.summary.rows[0].unit = pair_new.summary.rows[0].unit = "faults";
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "faults do not come of waiting");
	pair_base.summary.rows[0].unit = pair_new.summary.rows[0].unit = "x";
	pair_base.summary.rows[0].better = pair_new.summary.rows[0].better = FS_EXACT;
	pair_is(COMPARE_CHANGED, COMPARE_BEYOND, "nor what is to be exact");
	pair_base.summary.rows[0].better = pair_new.summary.rows[0].better = FS_LOWER;
	pair_is(COMPARE_DISTURBED, COMPARE_BUSY, "any other unit may");
	fake_run_session(&pair_base, &pair_new, 12, 12, 1, 0);
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "rounds in turns are busy alike");
	json_decref(pair_base.run.header);
	pair_base.run.header = NULL;
	pair_base.run.clock = pair_new.run.clock = "instructions";
	pair_is(COMPARE_SLOWER, COMPARE_BEYOND, "and instructions do not wait");
	pair_end();
}

/* The margin belongs to what is the same: a change of just as much is none, one more is. */
static void test_edge(void)
{
	const double base[3] = {200, 200, 200};
	const struct {
		double value;
		enum compare_verdict verdict;
	} cases[] = {{300, COMPARE_SAME}, {301, COMPARE_SLOWER}, {100, COMPARE_SAME}, {99, COMPARE_FASTER}};

	for (size_t i = 0; i < FS_ARRAY_SIZE(cases); i++) {
		const double new[3] = {cases[i].value, cases[i].value, cases[i].value};

		pair_begin(1, 3);
		pair_same_seed();
		pair_set(&pair_base, 3, base);
		pair_set(&pair_new, 3, new);
		compare_make(&pair_base.summary, &pair_new.summary, 50.0, &pair_comparison);
		is_int(pair_comparison.rows[0].verdict, cases[i].verdict, "%g of 200 at a margin of 50 %%", cases[i].value);
		pair_end();
	}
}

int main(void)
{
	test_looks();
	test_edge();
	test_facts();
	test_no_facts();
	test_same_seed_p();
	test_few();
	test_chance();
	test_single();
	test_from_zero();
	test_disturbed();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_words.c - which verdict is the worst, why a verdict is what it is, and what would decide, in words.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "analysis/compare/compare_show.h"
#include "tests/fake/pair.h"
#include "tests/tap.h"

static void test_order(void)
{
	static const enum compare_verdict order[] = {
		COMPARE_SLOWER, COMPARE_CHANGED, COMPARE_DISTURBED, COMPARE_SUSPECT, COMPARE_UNDECIDED, COMPARE_FASTER, COMPARE_SAME};
	struct comparison all = {0};

	for (size_t i = FS_ARRAY_SIZE(order); i-- > 0;) {
		all.verdicts[order[i]] = 1;
		is_int(compare_verdict_of(&all), order[i], "%s is worse than all after it", compare_verdict_names[order[i]]);
	}
	memset(&all, 0, sizeof(all));
	ok(!compare_is_decided(&all), "nothing is not decided");
	all.n = 1;
	ok(compare_is_decided(&all), "something is");
	all.verdicts[COMPARE_UNDECIDED] = 1;
	ok(!compare_is_decided(&all), "not while a verdict is UNDECIDED");
	all.verdicts[COMPARE_UNDECIDED] = 0;
	all.n = 0;
	all.verdicts[COMPARE_SUSPECT] = 1;
	all.n = 1;
	ok(!compare_is_decided(&all), "or SUSPECT");
}

static void test_words(void)
{
	struct compare_row row = {.verdict = COMPARE_UNDECIDED, .cause = COMPARE_ACROSS, .more_rounds = 12};
	char text[PAIR_WORDS], *opinion;
	double lo, hi;

	pair_advice(&row, text);
	is_str(text, "about 12 more rounds would decide", "rounds are advised");
	row.more_rounds = 1;
	pair_advice(&row, text);
	is_str(text, "about 1 more round would decide", "or one");
	row.cause = COMPARE_FEW;
	pair_advice(&row, text);
	is_str(text, "at least 1 more round would decide", "at least");
	row.more_rounds = INFINITY;
	pair_advice(&row, text);
	is_str(text, "more than 1000 more rounds would be needed", "or more than is sensible");
	row.cause = COMPARE_NO_SCALE;
	pair_advice(&row, text);
	is_str(text, "the base is 0: there is no percentage", "a base of 0 is told");
	row.verdict = COMPARE_SUSPECT;
	row.cause = COMPARE_DRIFT;
	row.drift_pct = 30;
	pair_advice(&row, text);
	is_str(text, "a run itself drifts by 30 %: measure in turns (fivestep ab), or on a quieter machine", "a drift, too");
	row.verdict = COMPARE_SLOWER;
	pair_advice(&row, text);
	is_str(text, "", "a verdict needs no advice");

	pair_begin(1, 12);
	pair_same_seed();
	pair_scale(&pair_new, 0, 1.004);
	pair_judge();
	pair_explain(&pair_comparison.rows[0], false, text);
	is_str(text, "instructions, 12 pairs of rounds: every change, +0.40 ... +0.40 %, lies wholly beyond -0.2 ... +0.2 %",
		"a fact is explained as one");
	pair_scale(&pair_new, 0, 1 / 1.004);
	for (size_t i = 0; i < 12; i++)
		pair_new.values[i] = pair_base.values[i];
	pair_judge();
	pair_explain(&pair_comparison.rows[0], false, text);
	is_str(text, "instructions, 12 pairs of rounds: the same count in both runs", "and so is equality");
	pair_end();

	pair_begin(1, 12);
	pair_judge();
	pair_explain(&pair_comparison.rows[0], false, text);
	ok(strstr(text, "lies within -1.0 ... +1.0 %") && !strstr(text, "bootstrap"), "an interval within the margin: %s", text);
	pair_explain(&pair_comparison.rows[0], true, text);
	ok(strstr(text, "bootstrap") && strstr(text, "permutation"), "with a second opinion where it is wanted");
	opinion = strstr(text, "bootstrap [");
	ok(opinion != NULL && sscanf(opinion, "bootstrap [%lf, %lf]", &lo, &hi) == 2 && lo <= 0 && hi >= 0 && hi - lo < 2,
		"which is that equal runs are equal: %s", opinion);
	pair_scale(&pair_new, 0, 1.01);
	pair_judge();
	pair_explain(&pair_comparison.rows[0], false, text);
	ok(strstr(text, "crosses a limit of") && strstr(text, "more round"), "one across its end: %s", text);
	pair_end();
}

/*
 * An interval of half width h about a change at distance d from the margin needs (h / d)^2 times the rounds; a change right at the margin is
 * given half of it as room.
 */
static void test_advice(void)
{
	const struct compare_row *row;
	double half, room;

	pair_begin(1, 12);
	for (size_t i = 0; i < 12; i++) {
		pair_base.values[i] += 5 * (pair_base.values[i] - 100);
		pair_new.values[i] = pair_base.values[i] * 1.007;
	}
	fake_run_rounds(&pair_base, 12);
	fake_run_rounds(&pair_new, 12);
	row = pair_judge();
	half = (row->hi_pct - row->lo_pct) / 2;
	room = fmax(fabs(fabs(row->change_pct) - 1.0), 0.5);
	ok(row->cause == COMPARE_ACROSS && half > room, "an interval across the margin");
	is_near(row->more_rounds, fmax(1, ceil(12 * (half * half / room / room - 1))), 0, "as many rounds more as make it fit");
	pair_scale(&pair_new, 0, 0.993 / 1.007);
	row = pair_judge();
	ok(row->cause == COMPARE_ACROSS && row->more_rounds > 12, "on the other side as well: %g", row->more_rounds);
	pair_end();
}

/* The deviate of p grows with the root of the rounds, to that of the p that is asked for. */
static void test_advice_chance(void)
{
	static const double before[] = {100, 101, 102, 103, 104, 105, 106, 107, 108, 109},
			    after[] = {104, 107, 109, 110, 111, 112, 113, 114, 115, 116};
	const struct compare_row *row;
	double wanted, now;

	pair_begin(30, 10);
	for (size_t i = 0; i < 10; i++) {
		pair_base.values[i] = before[(i * 3) % 10];
		pair_new.values[i] = after[(i * 7) % 10];
	}
	fake_run_rounds(&pair_base, 10);
	fake_run_rounds(&pair_new, 10);
	row = pair_judge();
	ok(row->verdict == COMPARE_SUSPECT && row->cause == COMPARE_CHANCE && row->p < COMPARE_P && row->q > COMPARE_Q,
		"ten rounds against ten that could be chance among 30 metrics: p=%g, q=%g", row->p, row->q);
	now = gsl_cdf_ugaussian_Qinv(row->p / 2);
	wanted = gsl_cdf_ugaussian_Qinv(row->p / row->q * COMPARE_Q / 2);
	is_near(row->more_rounds, ceil(10 * (wanted * wanted / now / now - 1)), 0, "as many more as make it sure");
	pair_end();
}

static char *printed(int (*show)(const struct compare_report *report, FILE *out), const struct compare_report *report)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	is_int(show(report, out), 0, "the comparison is printed");
	fclose(out);
	return text;
}

/* What belongs to one run alone is told in each format, and of which run. */
static void test_alone(void)
{
	struct unlike unlike = {0};
	struct compare_report report = {.base = &pair_base.run, .new = &pair_new.run, .unlike = &unlike, .comparison = &pair_comparison};
	char *text;

	pair_begin(2, 12);
	pair_new.summary.rows[1].metric = (char *)"fresh";
	pair_scale(&pair_new, 0, 1.1);
	pair_judge();
	is_int((long long)pair_comparison.n_alone, 2, "a metric of another name is alone, on both sides");
	text = printed(compare_show_table, &report);
	ok(strstr(text, "only in base") != NULL && strstr(text, "only in new ") != NULL, "the table says which are only in one run");
	ok(strstr(text, "SLOWER") != NULL && strstr(text, "fresh") != NULL, "beside the verdict of the others");
	free(text);
	text = printed(compare_show_markdown, &report);
	ok(strstr(text, "fresh") != NULL && strstr(text, "SLOWER") != NULL, "so does Markdown");
	free(text);
	text = printed(compare_show_json, &report);
	ok(strstr(text, "\"alone\"") != NULL && strstr(text, "\"fresh\"") != NULL && strstr(text, "\"SLOWER\"") != NULL, "and JSON");
	free(text);
	pair_end();
}

int main(void)
{
	test_alone();
	test_order();
	test_words();
	test_advice();
	test_advice_chance();
	done_testing();
	return exit_status();
}

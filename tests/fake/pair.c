/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_pair.c - a base and a new run, and their comparison; see fake_pair.h.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fake/pair.h"
#include "tests/tap.h"

/* Around 100, within 1 %. */
static double steady(size_t i)
{
	static const double values[] = {100.1, 99.4, 100.6, 99.9, 100.3, 99.7, 100.0, 100.8, 99.2, 100.2, 99.8, 100.4};

	return values[i % FS_ARRAY_SIZE(values)];
}

static void give_up(const char *why)
{
	diag("%s", why);
	exit(99);
}

struct fake_run pair_base, pair_new;
struct comparison pair_comparison;

void pair_begin(size_t cells, size_t rounds)
{
	bool made = fake_run_make(&pair_base, cells, PAIR_ROUNDS), made_too = fake_run_make(&pair_new, cells, PAIR_ROUNDS);

	if (!made || !made_too)
		give_up("out of memory");
	for (size_t i = 0; i < cells * PAIR_ROUNDS; i++)
		pair_base.values[i] = pair_new.values[i] = steady(i % PAIR_ROUNDS);
	fake_run_rounds(&pair_base, rounds);
	fake_run_rounds(&pair_new, rounds);
}

void pair_set(struct fake_run *run, size_t n, const double *values)
{
	memcpy(run->values, values, n * sizeof(*values));
	fake_run_rounds(run, n);
}

void pair_scale(struct fake_run *run, size_t cell, double factor)
{
	for (size_t i = 0; i < PAIR_ROUNDS; i++)
		run->values[cell * PAIR_ROUNDS + i] *= factor;
	fake_run_rounds(run, run->summary.rows[0].n_values);
}

void pair_same_seed(void)
{
	pair_base.run.clock = pair_new.run.clock = "instructions";
	pair_base.run.seed = pair_new.run.seed = "1";
}

const struct compare_row *pair_judge(void)
{
	compare_free(&pair_comparison);
	if (compare_make(&pair_base.summary, &pair_new.summary, 0.0, &pair_comparison) || !pair_comparison.n)
		give_up("nothing was compared");
	return &pair_comparison.rows[0];
}

void pair_end(void)
{
	compare_free(&pair_comparison);
	fake_run_free(&pair_base);
	fake_run_free(&pair_new);
}

void pair_is(enum compare_verdict verdict, enum compare_cause cause, const char *name)
{
	const struct compare_row *row = pair_judge();

	if (!ok(row->verdict == verdict && row->cause == cause, "%s: %s, %s", name, compare_verdict_names[verdict], compare_cause_names[cause]))
		diag("%s, %s; %+.3f %% [%+.3f, %+.3f], p %g, q %g", compare_verdict_names[row->verdict], compare_cause_names[row->cause],
			row->change_pct, row->lo_pct, row->hi_pct, row->p, row->q);
}

static void keep_words(struct text *words, char text[PAIR_WORDS])
{
	snprintf(text, PAIR_WORDS, "%s", text_string(words));
	text_clear(words);
}

void pair_advice(const struct compare_row *row, char text[PAIR_WORDS])
{
	struct text words = {0};

	compare_advice(row, &words);
	keep_words(&words, text);
}

void pair_explain(const struct compare_row *row, bool opinion, char text[PAIR_WORDS])
{
	struct text words = {0};

	compare_explain(&pair_comparison, row, opinion, &words);
	keep_words(&words, text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_pair.h - a base and a new run whose values a test sets, and their comparison: what tests of verdicts have in common.
 */
#ifndef FIVESTEP_TESTS_FAKE_PAIR_H
#define FIVESTEP_TESTS_FAKE_PAIR_H

#include "tests/fake/runs.h"

#define PAIR_ROUNDS 40 /* that there is room for */

extern struct fake_run pair_base, pair_new;
extern struct comparison pair_comparison;

/* Two runs of so many cells and rounds, around 100 within 1 %, equal in both. Every pair_begin() has its pair_end(). */
void pair_begin(size_t cells, size_t rounds);
void pair_end(void);
/* One after the other the values of the first cell; the run then has n rounds. */
void pair_set(struct fake_run *run, size_t n, const double *values);
/* Every value of a cell times factor. */
void pair_scale(struct fake_run *run, size_t cell, double factor);
/* The rounds of both do the same: instructions from one seed. */
void pair_same_seed(void);
/* Compares; the first row. */
const struct compare_row *pair_judge(void);
/* Compares, and checks the first row's verdict and cause. */
void pair_is(enum compare_verdict verdict, enum compare_cause cause, const char *name);

/* What compare_advice() and compare_explain() say of a row. */
#define PAIR_WORDS 512
void pair_advice(const struct compare_row *row, char text[PAIR_WORDS]);
void pair_explain(const struct compare_row *row, bool opinion, char text[PAIR_WORDS]);

#endif

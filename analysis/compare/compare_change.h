/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_change.h - the change and the verdict of one metric of one cell. compare.c computes all of them.
 */
#ifndef FIVESTEP_COMPARE_CHANGE_H
#define FIVESTEP_COMPARE_CHANGE_H

#include "analysis/compare/compare.h"

/* Fills in all but q from base, new and margin_pct; the verdict stays UNDECIDED if the row is tested. Returns 0 or -ENOMEM. */
int compare_measure(struct compare_row *row, const struct compare_limits *limits);
/* The same for paired rows: pairs, change, interval, p and drift. */
int compare_measure_pairs(struct compare_row *row, const struct compare_limits *limits);
/* Sets the verdict of a deterministic row whose rounds agree, without a test. False if they do not agree. */
bool compare_judge_facts(struct compare_row *row);
/* Withdraws a verdict on a time if the machine was too busy for it. Counts, SAME, and rows with too few rounds are left unchanged. */
void compare_judge_disturbed(struct compare_row *row);
/* The number of observations behind a verdict: pairs, or the rounds of the run with fewer. */
size_t compare_rounds_of(const struct compare_row *row);
/* Whether every value has a logarithm. */
bool compare_all_positive(const struct summary_row *row);
/* Sets the verdict: of a tested row by its q, of any other by the few rounds that it has. */
void compare_judge(struct compare_row *row, const struct compare_limits *limits);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_change.h - one metric of one cell: how much it changed, and the verdict. compare.c asks for all of them.
 */
#ifndef FIVESTEP_COMPARE_CHANGE_H
#define FIVESTEP_COMPARE_CHANGE_H

#include "analysis/compare/compare.h"

/* Fills in all but q from base, new and margin_pct; the verdict stays UNDECIDED where tested. 0 or -ENOMEM. */
int compare_measure(struct compare_row *row, const struct compare_limits *limits);
/* Its part for rows that are paired: pairs, change, interval, p and drift. */
int compare_measure_pairs(struct compare_row *row, const struct compare_limits *limits);
/* Of a deterministic row whose rounds agree: the verdict, without any test. False where they do not. */
bool compare_judge_facts(struct compare_row *row);
/* Takes a verdict on a time back, of a machine that was too busy for one: a count it leaves, and what is the same, or has too few rounds. */
void compare_judge_disturbed(struct compare_row *row);
/* What a verdict rests on: pairs, or the rounds of the run that has fewer. */
size_t compare_rounds_of(const struct compare_row *row);
/* Every value has a logarithm. */
bool compare_all_positive(const struct summary_row *row);
/* The verdict: of a tested row with its q, of any other by what few rounds it has. */
void compare_judge(struct compare_row *row, const struct compare_limits *limits);

#endif

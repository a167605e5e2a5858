/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_change.h - one metric of one cell: how much it changed, and the verdict. compare.c asks for all of them.
 */
#ifndef FIVESTEP_COMPARE_CHANGE_H
#define FIVESTEP_COMPARE_CHANGE_H

#include "analysis/compare.h"

/* Fills in all but q from base, new and margin_pct; the verdict stays UNDECIDED where tested. 0 or -ENOMEM. */
int compare_measure(struct compare_row *row, const struct compare_limits *limits);
/* Its part for rows that are paired: pairs, change, interval, p and drift. */
int compare_measure_pairs(struct compare_row *row, const struct compare_limits *limits);
/* The verdict, of a tested row with its q. */
void compare_judge(struct compare_row *row, const struct compare_limits *limits);

#endif

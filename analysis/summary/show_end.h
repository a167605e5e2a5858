/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show_end.h - what stands at the end of a table: what was measured and dropped, and what was not reached, with the command that would reach it.
 */
#ifndef FIVESTEP_SHOW_END_H
#define FIVESTEP_SHOW_END_H

#include <stdio.h>

#include "analysis/summary/summary.h"

/* One line for each cell and metric of which samples were dropped: how many, in how many rounds, and why. */
void show_dropped(const struct summary *summaries, size_t n, FILE *out);
/* For each run, the cells whose interval is wider than was asked for, and what it would take. Nothing where all are within, or no more rounds were
 * allowed than at least asked for. */
void show_unreached(const struct summary *summaries, size_t n, FILE *out);

#endif

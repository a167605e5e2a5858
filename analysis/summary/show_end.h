/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show_end.h - prints what follows a table: samples that were dropped, and cells that did not reach the precision, with the command that resumes
 * them.
 */
#ifndef FIVESTEP_SHOW_END_H
#define FIVESTEP_SHOW_END_H

#include <stdio.h>

#include "analysis/summary/summary.h"

/* One line for each cell and metric with dropped samples, at most so many: how many, in how many rounds, and why. Of the others, their number. */
void show_dropped(const struct summary *summaries, size_t n, size_t most, FILE *out);
/* For each run, the cells whose interval is wider than requested, and what would be needed. Prints nothing if all are within, or if the number of
 * rounds was fixed. */
void show_unreached(const struct summary *summaries, size_t n, FILE *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * brief.h - a run in one screen: each program and benchmark in one row with its ways of sharing as columns, what was bad, what was skipped, what is
 * not precise, and where the rest is.
 */
#ifndef FIVESTEP_BRIEF_H
#define FIVESTEP_BRIEF_H

#include <stdio.h>

#include "analysis/summary/summary.h"

/*
 * At most 40 lines of at most `columns` columns, unless there are more than 14 programs. The best way of a row is marked by * and has its value;
 * another has the ratio to it, with = where their intervals overlap. path: the run's file, for
 * the commands that show the rest; NULL: none are named. Returns 0 or negative errno.
 */
int brief_show(const struct summary *summary, const char *path, unsigned columns, FILE *out);

#endif

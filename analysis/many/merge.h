/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge.h - merges runs of one machine and build into one run: every round as it was recorded, with its origin.
 */
#ifndef FIVESTEP_MERGE_H
#define FIVESTEP_MERGE_H

#include <stdio.h>

#include "results/runfile.h"

/*
 * Checks whether two runs can be merged. Returns 0, or -EXDEV with the reason if the clock, the machine's identity or a factor differs. All
 * recorded factors count: those that do not affect a run (time of day, files) are not recorded as factors.
 */
int merge_check(const struct runfile *runs, size_t n, struct fs_reason *why);

/*
 * Writes the merged run: the record of the first with all cells and a list of the origins ("merged"), then each usable round with "origin", its
 * index in that list, and an end. Rounds are renumbered within each cell. Returns 0 or negative errno with the reason.
 */
int merge_write(const struct runfile *runs, size_t n, FILE *out, struct fs_reason *why);

#endif

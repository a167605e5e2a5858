/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge.h - runs of one machine and build made into one run: every round as it was recorded, each with its origin.
 */
#ifndef FIVESTEP_MERGE_H
#define FIVESTEP_MERGE_H

#include <stdio.h>

#include "results/runfile.h"

/*
 * Why two runs cannot be one: -EXDEV with the reason where the clock, the machine's identity or a factor differs; 0 where they can. Other
 * factors than those that make a run what it is (time of day, files) are not recorded as such, so that all are looked at.
 */
int merge_check(const struct runfile *runs, size_t n, struct fs_reason *why);

/*
 * Writes the run: the record of the first with all cells and a list of the origins ("merged"), then each usable round with "origin", its
 * place in that list, and an end. Rounds are numbered anew, cell by cell. 0 or negative errno with the reason.
 */
int merge_write(const struct runfile *runs, size_t n, FILE *out, struct fs_reason *why);

#endif

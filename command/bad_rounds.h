/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bad_rounds.h - the rounds of a run that do not count, and why: said cell by cell on standard error.
 */
#ifndef FIVESTEP_COMMAND_BAD_ROUNDS_H
#define FIVESTEP_COMMAND_BAD_ROUNDS_H

#include "analysis/summary/summary.h"

/*
 * Says which rounds failed or are invalid, with the reason of the first worst one of each cell and its remedy, after the command's name. Returns
 * how many they are. Numbers of rounds are left out where the run has none (analysis/summary/digest.h).
 */
size_t bad_rounds_say(const char *command, const struct runfile *run, const struct summary *summary);

#endif

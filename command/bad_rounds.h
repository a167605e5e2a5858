/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bad_rounds.h - reports the failed and invalid rounds of a run on standard error, cell by cell.
 */
#ifndef FIVESTEP_COMMAND_BAD_ROUNDS_H
#define FIVESTEP_COMMAND_BAD_ROUNDS_H

#include "analysis/summary/summary.h"

/*
 * Says which rounds failed or are invalid, with the reason and remedy of the worst one of each cell (the first of several). Returns their number.
 * Round numbers are left out if the run was loaded without rounds (analysis/summary/digest.h).
 */
size_t bad_rounds_say(const char *command, const struct runfile *run, const struct summary *summary);

#endif

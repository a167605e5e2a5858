/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.h - a run's progress, one line on a terminal; silent if standard error is not a terminal.
 */
#ifndef FIVESTEP_PROGRESS_H
#define FIVESTEP_PROGRESS_H

#include "harness/run/schedule.h"

struct progress {
	bool on_terminal;
	unsigned ncells; /* cells that are not skipped */
	unsigned columns;
};

void progress_init(struct progress *progress, const struct plan *plan, bool quiet);
/* The cell about to be measured. limit_s: seconds until the time limit, negative if there is none. */
void progress_show(const struct progress *progress, const struct schedule *schedule, const struct cell *cell, double limit_s);
void progress_clear(const struct progress *progress);

#endif

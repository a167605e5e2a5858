/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.h - one line on a terminal that says where a run stands; silent anywhere else.
 */
#ifndef FIVESTEP_PROGRESS_H
#define FIVESTEP_PROGRESS_H

#include "harness/run/schedule.h"

struct progress {
	bool on_terminal;
	unsigned ncells; /* that run here */
	unsigned columns;
};

void progress_init(struct progress *progress, const struct plan *plan, bool quiet);
/* The cell about to be visited. limit_s: seconds until the time limit, or a negative number for none. */
void progress_show(const struct progress *progress, const struct schedule *schedule, const struct cell *cell, double limit_s);
void progress_clear(const struct progress *progress);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runner.h - executes a plan: probe, rounds, records.
 */
#ifndef FIVESTEP_RUNNER_H
#define FIVESTEP_RUNNER_H

#include <signal.h>

#include "harness/run/progress.h"
#include "harness/run/record.h"
#include "results/runfile.h"

struct runner {
	struct plan plan;
	struct fs_machine machine;
	uint64_t seed;
	struct selection selection; /* of plan.options.counters */
	struct selected_groups groups;
	struct record record;
	struct round round;
	struct schedule schedule;
	struct progress progress;
	/* From the command line when a file is resumed; NULL: those of the file. */
	const char *counters, *time_limit, *max_rounds, *cell_time;
	bool quiet;
	uint64_t began_ns;
	unsigned tally[VERDICTS]; /* rounds by verdict */
	unsigned skipped_cells;
};

/* Blocks and catches the signals that end a run; *stop becomes the signal's number. */
const volatile sig_atomic_t *runner_catch_signals(void);

/* Resolves the plan's selection of counters; call it before runner_start(). runner_resume() does it itself. -EINVAL */
int runner_select(struct runner *runner, struct fs_reason *why);
/* Runs the plan into a new file. 0, or -errno with the reason; what was measured is kept in every case. */
int runner_start(struct runner *runner, const char *path, const volatile sig_atomic_t *stop, struct fs_reason *why);
/* Resumes the file, which contains plan, seed and options. No file that it names is opened: group files must be given again. */
int runner_resume(struct runner *runner, const char *path, const volatile sig_atomic_t *stop, struct fs_reason *why);
/* Executes the rounds of a new or resumed run: before has the rounds already in the file, or is NULL. */
int runner_carry_out(struct runner *runner, const struct runfile *before, const volatile sig_atomic_t *stop, struct fs_reason *why);
void runner_free(struct runner *runner);

#endif

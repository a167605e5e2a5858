/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runs.h - the run files that a command was given: read, summarised, and what they mean for its exit status.
 */
#ifndef FIVESTEP_COMMAND_RUNS_H
#define FIVESTEP_COMMAND_RUNS_H

#include "analysis/summary/summary.h"
#include "command/command.h"

struct runs {
	struct runfile *files;
	struct summary *summaries; /* of each file */
	size_t n;
};

/* RUNS_VALUES: the summaries alone are asked for; the files' cells may have no rounds (analysis/summary/digest.h). */
enum runs_what { RUNS_WHOLE, RUNS_VALUES };

/*
 * Reads n files. What of them cannot be used is said on standard error, after the command's name. EXIT_FINE; EXIT_USAGE for a
 * file that cannot be read, EXIT_BAD_DATA for one that is no run of this fivestep. runs_free() takes *runs in any case.
 */
enum exit_status runs_load(struct runs *runs, const char *command, char *const *paths, size_t n, enum runs_what what);
void runs_free(struct runs *runs);
/* EXIT_FINE, EXIT_BAD_DATA or EXIT_ALL_SKIPPED, by the verdicts of all rounds. */
enum exit_status runs_status(const struct runs *runs);

/* The table of what came of a run, by the command that shows any. */
int runs_print_table(const char *path);

/* Of an error with a file that the user named: EXIT_USAGE where another name would do, else EXIT_OWN_ERROR. */
enum exit_status runs_status_of(int err);

#endif

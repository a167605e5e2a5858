/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runs.h - loads and summarises the run files on a command line, and derives the exit status from them.
 */
#ifndef FIVESTEP_COMMAND_RUNS_H
#define FIVESTEP_COMMAND_RUNS_H

#include "analysis/summary/summary.h"
#include "command/command.h"

struct runs {
	struct runfile *files;
	struct summary *summaries; /* one for each file */
	size_t n;
};

/* RUNS_VALUES: only the summaries are needed; the files' cells may have no rounds (analysis/summary/digest.h). */
enum runs_what { RUNS_WHOLE, RUNS_VALUES };

/*
 * Reads n files and reports on standard error what cannot be used of them. Returns EXIT_FINE, EXIT_USAGE if a file cannot be read, or
 * EXIT_BAD_DATA if one is not a run file that this version can read. Call runs_free() in every case.
 */
enum exit_status runs_load(struct runs *runs, const char *command, char *const *paths, size_t n, enum runs_what what);
void runs_free(struct runs *runs);
/* EXIT_FINE, EXIT_BAD_DATA or EXIT_ALL_SKIPPED, from the verdicts of all rounds. */
enum exit_status runs_status(const struct runs *runs);

/* Runs `fivestep show`. */
int runs_print_table(const char *path);

/* Exit status for an error with a file that the user named: EXIT_USAGE if another name could help, else EXIT_OWN_ERROR. */
enum exit_status runs_status_of(int err);

#endif

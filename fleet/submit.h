/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * submit.h - a Slurm job for each node of a fleet.
 *
 * Each is an array of one task. A single array for all nodes would be one command, but Slurm takes the tasks of an array to be alike: as long as the
 * node of one is busy or drained, it does not start those after it, whose nodes are free (tests/fleet/slurm_ways.sh shows this of Slurm). The jobs
 * are submitted on hold and released when all of them are in the manifest. Slurm does all the rest. No shell is involved, and what is executed comes
 * from the caller, never from a file.
 */
#ifndef FIVESTEP_FLEET_SUBMIT_H
#define FIVESTEP_FLEET_SUBMIT_H

#include "fleet/manifest.h"

#define SUBMIT_LIST 500 /* jobs that one command releases or cancels */

struct submit_options {
	const char *program, *bundle; /* absolute; bundle may be NULL */
	unsigned at_once;	      /* tasks that may run at the same time; 0: all */
	bool together;		      /* a task waits until all of them have started */
	bool dry_run;		      /* print the commands, as a shell reads them, and do nothing */
};

struct submit_task {
	size_t node;	     /* of the manifest */
	const char *earlier; /* the run in runs/ to continue; NULL: a new one */
};

/* Submits the tasks: all of them or, with the reason, none. */
int submit_tasks(struct manifest *manifest, const struct submit_options *options, const struct submit_task *tasks, size_t n, struct fs_reason *why);

#endif

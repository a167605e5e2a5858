/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * submit.h - one Slurm job array for the nodes of a fleet, a task for each.
 *
 * The array is submitted on hold, each task is given its node, and then it is released: so each node runs exactly its own task, whatever becomes free
 * first. Slurm does all the rest. No shell is involved, and what is executed comes from the caller, never from a file.
 */
#ifndef FIVESTEP_FLEET_SUBMIT_H
#define FIVESTEP_FLEET_SUBMIT_H

#include "fleet/manifest.h"

#define SUBMIT_ARRAY 1000 /* tasks of an array: Slurm's MaxArraySize is 1001 unless a site sets it */

struct submit_options {
	const char *program, *bundle; /* absolute; bundle may be NULL */
	unsigned at_once;	      /* tasks that may run at the same time; 0: all */
	unsigned array;		      /* tasks of an array at most */
	bool together;		      /* a task of an array waits until all of them have started */
	bool dry_run;		      /* print the commands, as a shell reads them, and do nothing */
};

struct submit_task {
	size_t node;	     /* of the manifest */
	const char *earlier; /* the run in runs/ to continue; NULL: a new one */
};

/* Submits the tasks, as several arrays if they are too many for one. Each array is in the manifest before it is released. */
int submit_tasks(struct manifest *manifest, const struct submit_options *options, const struct submit_task *tasks, size_t n, struct fs_reason *why);

#endif

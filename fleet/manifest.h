/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * manifest.h - what was submitted for a fleet: FOLDER/fleet.jsonl, to which lines are only appended.
 *
 *   {"type":"fleet","schema":1,"id":"...","plan":"plan/quick.plan","limit_min":30,"pass":{"partition":"gpu"},"nodes":["n1","n2"]}
 *   {"type":"submit","job":"17","tasks":["n1"]}           task 0 of job 17 is for n1
 *
 * The first line has "together":true, "at_once":N and "bundle":"FILE" besides if they were given. The bundle is there to be asked for again: nothing
 * that a file names is ever executed.
 *
 * The folder has plan/NAME.plan, a copy of the plan; task-N.sh, what the tasks of the N-th submission run; together-N, where they note that they have
 * begun if they are to start together; runs/JOB-TASK.jsonl, the run of a task, with the name of its node in runs/JOB-TASK.node; and log/JOB-TASK.txt,
 * what the task printed. Job and task numbers are Slurm's: names cannot collide.
 */
#ifndef FIVESTEP_FLEET_MANIFEST_H
#define FIVESTEP_FLEET_MANIFEST_H

#include <stdio.h>

#include "fleet/nodes.h"

#define MANIFEST_SCHEMA	       1
#define MANIFEST_FILE	       "fleet.jsonl"
#define MANIFEST_MAX	       10000000u /* submissions; tasks at once */
#define MANIFEST_JOB	       24	 /* bytes of a job's number */
#define MANIFEST_LIMIT_MAX_MIN 1000000

/* Options that are passed on to sbatch as they are. */
enum manifest_pass { PASS_PARTITION, PASS_CONSTRAINT, PASS_RESERVATION, PASS_ACCOUNT, PASS_QOS, PASS_GRES, MANIFEST_PASSES };
extern const char *const manifest_pass_names[MANIFEST_PASSES];

struct manifest_submission {
	char job[MANIFEST_JOB]; /* a number */
	size_t *nodes;		/* the node of each task */
	size_t n;
};

struct manifest {
	char *dir; /* absolute */
	char id[17];
	char *plan; /* below dir */
	unsigned limit_min;
	char *pass[MANIFEST_PASSES]; /* NULL: not given */
	char *bundle;		     /* likewise */
	bool together;
	unsigned at_once; /* 0: not given */
	struct nodes nodes;
	struct manifest_submission *submissions;
	size_t n_submissions;
	size_t bad_lines; /* that could not be read */
	int fd;		  /* locked while something is submitted; -1 */
};

/* FOLDER/name; the caller frees it. NULL without memory. */
char *manifest_path(const struct manifest *manifest, const char *name);
/* Creates the folder's files from what is set so far: dir (which exists), id, plan, limit, pass, nodes. The manifest is then locked. */
int manifest_create(struct manifest *manifest, struct fs_reason *why);
/* Reads it. lock: to submit more; -EBUSY if somebody else does. Call manifest_free() in any case. */
int manifest_load(struct manifest *manifest, const char *dir, bool lock, struct fs_reason *why);
/* The same from an open file, into a manifest that is empty but for dir. */
int manifest_read(struct manifest *manifest, FILE *file, struct fs_reason *why);
/* Appends n submissions of a node each, and adds them. */
int manifest_append(struct manifest *manifest, const char (*jobs)[MANIFEST_JOB], const size_t *nodes, size_t n, struct fs_reason *why);
void manifest_free(struct manifest *manifest);

#endif

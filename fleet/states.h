/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * states.h - how far each node of a fleet is: from the ends of its run files, and from Slurm. Nothing else remembers it.
 */
#ifndef FIVESTEP_FLEET_STATES_H
#define FIVESTEP_FLEET_STATES_H

#include "fleet/manifest.h"
#include "fleet/queue.h"

enum states_state {
	STATES_COMPLETE, /* a run with an end */
	STATES_RUNNING,	 /* a task of Slurm's is under way */
	STATES_WAITING,	 /* a task waits */
	STATES_TORN,	 /* a run without an end, or one that was interrupted; no task */
	STATES_MISSING,	 /* no run and no task */
	STATES_N,
};
extern const char *const states_names[STATES_N];

struct states_node {
	enum states_state state;
	const char *job; /* of the task that says most; NULL: none was submitted */
	size_t task;
	char *file;    /* its best run, below runs/; NULL: none */
	bool usable;   /* the run has its run record, so it can be continued or read */
	char why[120]; /* of a node that is not complete */
};

struct states {
	const struct manifest *manifest;
	struct states_node *nodes; /* in the order of the manifest's */
	size_t count[STATES_N];
};

/* queue may be empty if Slurm cannot be asked: then no task counts as active. 0 or -ENOMEM; call states_free() in any case. */
int states_find(struct states *states, const struct manifest *manifest, const struct queue *queue);
void states_free(struct states *states);

/* The file's end: STATES_COMPLETE, _TORN or _MISSING, and its size and why. usable: it has a whole line at least. */
struct states_file {
	enum states_state state;
	long long bytes;
	bool usable;
	const char *why;
};
struct states_file states_of_file(const char *path);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * queue.h - what Slurm knows of the tasks of a fleet: those that wait and run, and for some minutes those that ended.
 */
#ifndef FIVESTEP_FLEET_QUEUE_H
#define FIVESTEP_FLEET_QUEUE_H

#include <stdbool.h>

#include "fleet/manifest.h"

struct queue_task {
	char job[24];
	size_t task;
	char state[24], reason[64]; /* in Slurm's words: PENDING, Resources */
};

struct queue {
	struct queue_task *tasks; /* sorted */
	size_t n;
};

/* 0; -ENOENT if Slurm's commands are not installed here, or -EIO if it does not answer. Call queue_free() in any case. */
int queue_read(struct queue *queue, const struct manifest *manifest, struct fs_reason *why);
/* NULL if Slurm does not know it (any more). */
const struct queue_task *queue_find(const struct queue *queue, const char *job, size_t task);
/* Whether the task waits or runs: it may still write. */
bool queue_is_active(const struct queue_task *task);
bool queue_is_waiting(const struct queue_task *task);
void queue_free(struct queue *queue);

#endif

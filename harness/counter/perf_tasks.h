/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_tasks.h - the tasks that events @device count.
 */
#ifndef FIVESTEP_PERF_TASKS_H
#define FIVESTEP_PERF_TASKS_H

#include <sys/types.h>

#include "harness/fivestep.h"

#define PERF_TASKS_MAX	     512 /* of a device */
#define PERF_DESCRIPTORS_MAX 768 /* of a round: below the usual limit of 1024 for a process */

/* All of them, which the caller always frees. 0; -E2BIG if there are more than PERF_TASKS_MAX; -ENOMEM */
int perf_tasks(pid_t **tasks, unsigned *n, struct fs_reason *why);

#endif

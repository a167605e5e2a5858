/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_tasks.h - whom events @device are counted of.
 */
#ifndef FIVESTEP_PERF_TASKS_H
#define FIVESTEP_PERF_TASKS_H

#include <sys/types.h>

/* Fills at most room; how many. */
unsigned perf_tasks(pid_t *tasks, unsigned room);

#endif

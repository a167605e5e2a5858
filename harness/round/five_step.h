/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * five_step.h - the five-step program, which runs a kernel.
 */
#ifndef FIVESTEP_FIVE_STEP_H
#define FIVESTEP_FIVE_STEP_H

#include "harness/round/job.h"

/* The metrics of every kernel; the last entry is zero. The first, total, is the sum of the steps. */
extern const struct fs_metric five_step_metrics[];
extern const struct fs_plot five_step_plots[];

/* Runs the kernel in the job's setup and device; 0, or -errno with the verdict set. */
int five_step(struct fs_job *job, const struct fs_kernel *kernel);

#endif

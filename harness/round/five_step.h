/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * five_step.h - the program of the proposal, with a kernel in it.
 */
#ifndef FIVESTEP_FIVE_STEP_H
#define FIVESTEP_FIVE_STEP_H

#include "harness/round/job.h"

/* What every kernel is measured by; ends with a zero entry. The first, total, is the sum of the steps. */
extern const struct fs_metric five_step_metrics[];
extern const struct fs_plot five_step_plots[];

/* Runs the kernel in the job's setup and device; 0, or -errno with the verdict set. */
int five_step(struct fs_job *job, const struct fs_kernel *kernel);

#endif

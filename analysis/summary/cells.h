/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cells.h - cells for pictures and pages: short labels, medians of steps and of counters over the rounds.
 */
#ifndef FIVESTEP_CELLS_H
#define FIVESTEP_CELLS_H

#include "base/text.h"
#include "results/runfile.h"

/* The median over a cell's ok rounds of a step's time, or of a counter in one step; summed over the steps if step is NULL. NaN if there is none. */
double cells_step_median(const struct runfile_cell *cell, const char *step);
double cells_count_median(const struct runfile_cell *cell, const char *step, const char *counter);
/*
 * The sum of the medians of a device's counts in a unit ("faults", "pages", "bytes") of what went to that side, or to either if it is FS_SIDES; in
 * one step, or over all if step is NULL. NaN if it counts nothing of that kind.
 */
double cells_went(const struct runfile_cell *cell, const char *step, const char *unit, enum fs_side to);
/*
 * Faults of the device and of the CPU from step `first` to step `last`, first touches included. A fault that waits for its page is a minor or a major
 * one, depending on the kernel's version. NaN if those of the CPU were not counted.
 */
double cells_faults(const struct runfile_cell *cell, enum fs_step first, enum fs_step last);
/* The sum of the medians of the explicit calls: in one step, or over all if step is NULL. NaN if they were not counted, as in older runs. */
double cells_calls(const struct runfile_cell *cell, const char *step);
/* The median over a cell's ok rounds of a metric's value, itself the median of the round's samples. NaN if there is none. */
double cells_metric_median(const struct runfile_cell *cell, const char *metric);
/* The median of a metric that a group derives: in one step, or over the whole round if step is NULL. */
double cells_derived_median(const struct runfile_cell *cell, const char *step, const char *metric);
/* Whether a counter is one of the cell's own device: its name starts with the device's name and a dot. */
bool cells_is_device_count(const struct runfile_cell *cell, const struct runfile_count *count);
/* NULL if there is none. */
const struct runfile_round *cells_first_ok(const struct runfile_cell *cell);
/* Whether two cells are the same benchmark with the same parameters, whatever the setup and device and their parameters. */
bool cells_same_work(const struct runfile_cell *a, const struct runfile_cell *b);

/* What distinguishes a cell from the others of its benchmark: setup, device if there are several, and parameters that differ, except for two of them.
 */
void cells_label(const struct runfile *run, const struct runfile_cell *cell, const char *without, const char *without_too, struct text *text);
/* The same as a text that lives as long as the run. */
const char *cells_name(const struct runfile *run, const struct runfile_cell *cell, const char *without, const char *without_too);

#endif

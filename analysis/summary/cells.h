/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cells.h - what pictures and pages say of cells: short labels, medians of steps and of counters over the rounds.
 */
#ifndef FIVESTEP_CELLS_H
#define FIVESTEP_CELLS_H

#include "results/runfile.h"

/* The median over a cell's ok rounds of a step's time, or of a counter in one step; summed over the steps where step is NULL. NaN without. */
double cells_step_median(const struct runfile_cell *cell, const char *step);
double cells_count_median(const struct runfile_cell *cell, const char *step, const char *counter);
/* Of what groups of counters derive: in one step, or over the whole round where step is NULL. */
double cells_derived_median(const struct runfile_cell *cell, const char *step, const char *metric);
/* A counter that the cell's own device keeps: its name begins with the device's and a point. */
bool cells_is_device_count(const struct runfile_cell *cell, const struct runfile_count *count);
/* NULL without one. */
const struct runfile_round *cells_first_ok(const struct runfile_cell *cell);
/* The same benchmark with the same parameters, whatever the setup, its parameters aside, and the device. */
bool cells_same_work(const struct runfile_cell *a, const struct runfile_cell *b);

/* What tells a cell from the others of its benchmark: setup, device where there are several, parameters that differ but for two of them. */
void cells_label(const struct runfile *run, const struct runfile_cell *cell, const char *without, const char *without_too, char *text, size_t bytes);

#endif

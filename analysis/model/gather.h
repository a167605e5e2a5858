/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gather.h - what the model takes from the records: rows of benchmarks, and keys of cells.
 */
#ifndef FIVESTEP_MODEL_GATHER_H
#define FIVESTEP_MODEL_GATHER_H

#include "analysis/model/model.h"

/* "emu/mirror", with parameters of setup and device that are not at their initial value; allocated, NULL without memory. */
char *gather_group_name(const struct runfile *run, const struct runfile_cell *cell);
/* "gemm edge=64": the kernel with its own parameters that are not at their initial value, but for the size; likewise. */
char *gather_work_name(const struct runfile *run, const struct runfile_cell *cell);

/* The groups with their rows. 0 or -ENOMEM. */
int gather_groups(const struct runfile *run, struct model *model);
/* The group of that name; NULL if there is none. */
struct model_group *gather_find(const struct model *model, const char *name);
/* The time of a step in each ok round of the cell that says its events; returns how many, room as cell->n_rounds. */
size_t gather_step(const struct runfile_cell *cell, enum fs_step step, double *values);
/* What was measured of a metric, of which each ok round has one value; n is 0 without any, or without memory. */
void gather_metric(const struct runfile_cell *cell, const char *metric, struct statistics_interval *interval);

#endif

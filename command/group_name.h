/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group_name.h - a cell as the cost model names it (analysis/model/gather.h), for cells that are in no record.
 */
#ifndef FIVESTEP_COMMAND_GROUP_NAME_H
#define FIVESTEP_COMMAND_GROUP_NAME_H

#include "harness/plan/cell.h"

/* "emu/mirror granule=64K": device, kind of memory, and their parameters that are not at their initial value; own: the program's parameters, which do
 * not belong to it, or NULL. To be freed; NULL without memory. */
char *group_name(const struct cell *cell, const struct fs_param *own);
/* "cg degree=16": the program with its own, but for the size; likewise. */
char *group_work_name(const struct cell *cell);

#endif

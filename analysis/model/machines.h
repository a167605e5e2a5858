/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machines.h - named machines from public figures (machines.txt), for what-if questions.
 */
#ifndef FIVESTEP_MODEL_MACHINES_H
#define FIVESTEP_MODEL_MACHINES_H

#include "analysis/model/model.h"

/*
 * Sets the unit costs that a machine has figures of, and notes each with its source in what_if->figures. 0, -EINVAL for a name that is not there
 * (with those that are), or -errno; with the reason.
 */
int machines_use(struct what_if *what_if, const char *name, struct fs_reason *why);
/* The same from a text of the file's form, for tests. path: for errors. */
int machines_read(struct what_if *what_if, char *text, const char *path, const char *name, struct fs_reason *why);

#endif

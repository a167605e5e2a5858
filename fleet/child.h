/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.h - starts one of Slurm's commands and waits for it. No shell is involved: each word reaches it as it is.
 */
#ifndef FIVESTEP_FLEET_CHILD_H
#define FIVESTEP_FLEET_CHILD_H

#include "base/text.h"

/*
 * Runs words[0], found in PATH, and adds what it prints to out. 0; -ENOENT if it is not installed; -EIO with its first message if it ends with
 * another status than 0.
 */
int child_run(const char *const words[], struct text *out, struct fs_reason *why);

#endif

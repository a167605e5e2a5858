/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache_dir.h - the user's folder for what can be made anew: guest kernels, digests of runs. Never in the source tree.
 */
#ifndef FIVESTEP_CACHE_DIR_H
#define FIVESTEP_CACHE_DIR_H

#include "harness/fivestep.h"

/* $FIVESTEP_CACHE, else $XDG_CACHE_HOME/fivestep, else ~/.cache/fivestep; it need not exist yet. 0 or -errno. */
int cache_dir(char *path, size_t bytes, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache_dir.h - the user's cache folder, for what can be rebuilt: guest kernels, digests of runs. Never in the source tree.
 */
#ifndef FIVESTEP_CACHE_DIR_H
#define FIVESTEP_CACHE_DIR_H

#include <stddef.h>

#include "base/reason.h"

/* $FIVESTEP_CACHE, else $XDG_CACHE_HOME/fivestep, else ~/.cache/fivestep; it need not exist yet. 0 or -errno. */
int cache_dir(char *path, size_t bytes, struct fs_reason *why);

/*
 * Checks that no other user can write to the folder or replace it: its content is executed and trusted. 0, -ENOENT if it does not exist, or -EPERM
 * with the reason.
 */
int cache_check(const char *path, struct fs_reason *why);
/* Creates the folder and its parents if needed, and checks it. */
int cache_make(const char *path, struct fs_reason *why);
/* Opens a file of the cache for reading, unless it is a link or another user's. A descriptor; -ENOENT; or -EPERM with the reason. */
int cache_open(const char *path, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache_dir.h - the user's folder for what can be made anew: guest kernels, digests of runs. Never in the source tree.
 */
#ifndef FIVESTEP_CACHE_DIR_H
#define FIVESTEP_CACHE_DIR_H

#include <stddef.h>

#include "base/reason.h"

/* $FIVESTEP_CACHE, else $XDG_CACHE_HOME/fivestep, else ~/.cache/fivestep; it need not exist yet. 0 or -errno. */
int cache_dir(char *path, size_t bytes, struct fs_reason *why);

/*
 * Whether nobody else can put something into the folder, or another folder in its place: what is in it is executed and believed. 0, -ENOENT where
 * it is not there, or -EPERM with the reason.
 */
int cache_check(const char *path, struct fs_reason *why);
/* Makes the folder with what is above it, where it is not there yet, and checks it. */
int cache_make(const char *path, struct fs_reason *why);
/* Opens a file of the cache for reading: no link, and nobody else's. A descriptor; -ENOENT; or -EPERM with the reason. */
int cache_open(const char *path, struct fs_reason *why);

#endif

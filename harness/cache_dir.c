/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache_dir.c - the user's folder for what can be made anew; see cache_dir.h.
 */
#include "config.h"

#include "harness/cache_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int cache_dir(char *path, size_t bytes, struct fs_reason *why)
{
	const char *own = getenv("FIVESTEP_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int len;

	if (own != NULL && *own != '\0')
		len = snprintf(path, bytes, "%s", own);
	else if (xdg != NULL && *xdg != '\0')
		len = snprintf(path, bytes, "%s/fivestep", xdg);
	else if (home != NULL && *home != '\0')
		len = snprintf(path, bytes, "%s/.cache/fivestep", home);
	else
		return fs_because(why, -ENOENT, "set FIVESTEP_CACHE to a folder", "no folder for a cache: HOME is not set");
	return len >= 0 && (size_t)len < bytes
		       ? 0
		       : fs_because(why, -ENAMETOOLONG, "set FIVESTEP_CACHE to a shorter one", "the cache folder's name is too long");
}

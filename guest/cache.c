/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache.c - where guest kernels are kept: never in the source tree.
 */
#include "config.h"

#include "guest/cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
		return fs_because(why, -ENOENT, "set FIVESTEP_CACHE to a folder", "no folder to keep kernels in: HOME is not set");
	return len >= 0 && (size_t)len < bytes
		       ? 0
		       : fs_because(why, -ENAMETOOLONG, "set FIVESTEP_CACHE to a shorter one", "the cache folder's name is too long");
}

int cache_kernel(char *path, size_t bytes, struct fs_reason *why)
{
	char dir[400];
	int err = cache_dir(dir, sizeof(dir), why);

	if (err < 0)
		return err;
	snprintf(path, bytes, "%s/guest/bzImage", dir);
	if (access(path, R_OK) != 0)
		return fs_because(why, -ENOENT, "fivestep guest build, or --kernel BZIMAGE", "no guest kernel has been built yet");
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache.c - which guest kernel was built last; see cache.h.
 */
#include "config.h"

#include "guest/cache.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "harness/cache_dir.h"

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

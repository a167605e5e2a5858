/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache.c - which guest kernel was built last; see cache.h.
 */
#include "config.h"

#include "guest/cache.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cache_dir.h"

int cache_kernel(const struct guest_arch *arch, char *path, size_t bytes, struct fs_reason *why)
{
	char dir[400];
	int err = cache_dir(dir, sizeof(dir), why);

	if (err < 0)
		return err;
	snprintf(path, bytes, "%s/guest", dir);
	err = cache_check(path, why);
	if (err == 0) {
		snprintf(path, bytes, "%s/guest/%s", dir, arch->image);
		err = cache_open(path, why);
	}
	if (err >= 0)
		close(err);
	if (err == -ENOENT)
		return fs_because(why, err, "fivestep guest build, or --kernel IMAGE", "no guest kernel has been built yet");
	return err < 0 ? err : 0;
}

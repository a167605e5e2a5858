/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * datafile.c - finds a file that fivestep reads at run time; see datafile.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analysis/datafile.h"

static int try_place(const char *base, const char *dir, const char *name, char *path, size_t bytes)
{
	int len = snprintf(path, bytes, *name ? "%s/%s/%s" : "%s/%s", base, dir, name);

	if (len < 0 || (size_t)len >= bytes)
		return -ENAMETOOLONG;
	return access(path, R_OK) ? -ENOENT : 0;
}

int datafile_path(const char *tree_dir, const char *installed_dir, const char *name, char *path, size_t bytes)
{
	const char *base = getenv("FIVESTEP_DATADIR");
	int err;

	if (!base || !*base)
		return try_place(PKGDATADIR, installed_dir, name, path, bytes);
	err = try_place(base, installed_dir, name, path, bytes);
	return err == -ENOENT ? try_place(base, tree_dir, name, path, bytes) : err;
}

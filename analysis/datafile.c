/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * datafile.c - finds a file that fivestep reads at run time; see datafile.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/datafile.h"

static int try_place(const char *base, const char *dir, const char *name, char *path, size_t bytes)
{
	int len = snprintf(path, bytes, *name ? "%s/%s/%s" : "%s/%s", base, dir, name);

	if (len < 0 || (size_t)len >= bytes)
		return -ENAMETOOLONG;
	return access(path, R_OK) ? -ENOENT : 0;
}

/* The folder of the running program: the source tree, when it was built there and is not installed. */
static int program_folder(char *folder, size_t bytes)
{
	ssize_t len = readlink("/proc/self/exe", folder, bytes);
	char *slash;

	if (len <= 0 || (size_t)len >= bytes)
		return -ENOENT;
	folder[len] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	return 0;
}

int datafile_path(const char *tree_dir, const char *installed_dir, const char *name, char *path, size_t bytes)
{
	const char *base = getenv("FIVESTEP_DATADIR");
	char folder[4096];
	int err;

	if (!base || !*base) {
		if (!program_folder(folder, sizeof(folder)) && !try_place(folder, tree_dir, name, path, bytes))
			return 0;
		return try_place(PKGDATADIR, installed_dir, name, path, bytes);
	}
	err = try_place(base, installed_dir, name, path, bytes);
	return err == -ENOENT ? try_place(base, tree_dir, name, path, bytes) : err;
}

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
#include "harness/fivestep.h"

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

int datafile_check(const char *tree_dir, const char *installed_dir, const char *what, struct fs_reason *why)
{
	char path[4096];

	if (!datafile_path(tree_dir, installed_dir, "", path, sizeof(path)))
		return 0;
	return fs_because(why, -ENXIO, "set FIVESTEP_DATADIR to fivestep's source tree or to PREFIX/share/fivestep, or run make install",
		"fivestep does not find its %s: there is no %.120s", what, path);
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

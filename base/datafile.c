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

#include "base/datafile.h"
#include "base/program.h"
#include "base/text.h"
#include "base/reason.h"

/* From the folder of an installed program to its data, relative so that both may be moved together. */
#define BESIDE "/../share/fivestep"

static int try_place(const char *base, const char *dir, const char *name, char *path, size_t bytes)
{
	int len = snprintf(path, bytes, *name ? "%s/%s/%s" : "%s/%s", base, dir, name);

	if (len < 0 || (size_t)len >= bytes)
		return -ENAMETOOLONG;
	return access(path, R_OK) ? -ENOENT : 0;
}

/* The folder of the running program: the source tree where it was built there, bin/ where it was installed or is a bundle's. */
static int program_folder(char *folder, size_t bytes)
{
	char *slash;

	if ((size_t)snprintf(folder, bytes, "%s", program_path()) >= bytes)
		return -ENOENT;
	slash = strrchr(folder, '/');
	if (slash == NULL)
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
		"fivestep cannot find its %s: %s does not exist", what, path);
}

int datafile_path(const char *tree_dir, const char *installed_dir, const char *name, char *path, size_t bytes)
{
	const char *base = getenv("FIVESTEP_DATADIR");
	char folder[4096];
	int err;

	if (base == NULL || !*base) {
		if (!program_folder(folder, sizeof(folder))) {
			char share[sizeof(folder) + sizeof(BESIDE)];

			if (!try_place(folder, tree_dir, name, path, bytes))
				return 0;
			snprintf(share, sizeof(share), "%s" BESIDE, folder);
			if (!try_place(share, installed_dir, name, path, bytes))
				return 0;
		}
		return try_place(PKGDATADIR, installed_dir, name, path, bytes);
	}
	err = try_place(base, installed_dir, name, path, bytes);
	return err == -ENOENT ? try_place(base, tree_dir, name, path, bytes) : err;
}

/* ---- files written by people */

static int refuse_byte(const char *path, const char *text, size_t at, struct fs_reason *why)
{
	unsigned line = 1;
	size_t begin = 0;

	for (size_t i = 0; i < at; i++)
		if (text[i] == '\n') {
			line++;
			begin = i + 1;
		}
	return fs_because(why, -EINVAL, "save it as UTF-8", "%s:%u: byte %zu of the line, 0x%02x, is not UTF-8", path, line, at - begin + 1,
		(unsigned char)text[at]);
}

int datafile_text(const char *path, char **text, struct fs_reason *why)
{
	FILE *file = fopen(path, "re");
	size_t got = 0;
	int err = 0;

	*text = NULL;
	if (file == NULL)
		return fs_because(why, -errno, "", "cannot read %s: %s", path, strerror(errno));
	*text = malloc(DATAFILE_BYTES + 2);
	if (*text != NULL)
		got = fread(*text, 1, DATAFILE_BYTES + 1, file);
	if (*text == NULL)
		err = fs_no_memory(why);
	else if (ferror(file))
		err = fs_because(why, errno ? -errno : -EIO, "", "cannot read %s: %s", path, strerror(errno ? errno : EIO));
	else if (got > DATAFILE_BYTES)
		err = fs_because(why, -EINVAL, "is this the right file?", "%s is longer than %u bytes", path, DATAFILE_BYTES);
	fclose(file);
	if (err == 0) {
		long bad;

		(*text)[got] = '\0';
		bad = text_bad_byte(*text);
		if (bad < 0 && strlen(*text) < got)
			bad = (long)strlen(*text);
		if (bad >= 0)
			err = refuse_byte(path, *text, (size_t)bad, why);
	}
	if (err != 0) {
		free(*text);
		*text = NULL;
	}
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache_dir.c - the user's cache folder; see cache_dir.h.
 */
#include "config.h"

#include "base/text.h"
#include "base/cache_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
		return fs_because(why, -ENOENT, "set FIVESTEP_CACHE to a folder", "no folder for a cache: HOME is not set");
	return len >= 0 && (size_t)len < bytes
		       ? 0
		       : fs_because(why, -ENAMETOOLONG, "set FIVESTEP_CACHE to a shorter one", "the cache folder's name is too long");
}

/* ---- ownership */

/* A user's private group, as most distributions have it, is not another user. */
static bool others_may_write(const struct stat *st)
{
	return (st->st_mode & S_IWOTH) != 0 || ((st->st_mode & S_IWGRP) != 0 && st->st_gid != getegid());
}

static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() || st->st_uid == 0;
}

static int refuse(const char *path, const struct stat *st, struct fs_reason *why)
{
	char *remedy;
	int err;

	if (!is_ours(st)) {
		return fs_because(why, -EPERM, "remove it, or set FIVESTEP_CACHE to a folder of your own", "%s belongs to another user (%u)", path,
			(unsigned)st->st_uid);
	}
	remedy = text_format("inspect its content, then chmod go-w %s, or set FIVESTEP_CACHE to another folder", path);
	err = fs_because(why, -EPERM, remedy != NULL ? remedy : "", "others may write to %s, whose content is executed and trusted", path);
	free(remedy);
	return err;
}

/* A parent folder: whoever may write to it can replace the folders below, unless the sticky bit forbids it. */
static int check_above(const char *path, struct fs_reason *why)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return -errno;
	if (is_ours(&st) && (!others_may_write(&st) || (st.st_mode & S_ISVTX) != 0))
		return 0;
	return refuse(path, &st, why);
}

int cache_check(const char *path, struct fs_reason *why)
{
	char *real = realpath(path, NULL);
	struct stat st;
	int err = 0;

	if (real == NULL)
		return fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
	for (char *slash = strchr(real + 1, '/'); slash != NULL && err == 0; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		err = check_above(real, why);
		*slash = '/';
	}
	if (err == 0 && lstat(real, &st) != 0)
		err = fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
	if (err == 0 && (!is_ours(&st) || others_may_write(&st)))
		err = refuse(real, &st, why);
	free(real);
	return err;
}

int cache_make(const char *path, struct fs_reason *why)
{
	char part[PATH_MAX];

	if (strlen(path) >= sizeof(part))
		return fs_because(why, -ENAMETOOLONG, "set FIVESTEP_CACHE to a shorter one", "the cache folder's name is too long");
	for (const char *slash = path; slash != NULL;) {
		slash = strchr(slash + 1, '/');
		snprintf(part, sizeof(part), "%.*s", slash != NULL ? (int)(slash - path) : (int)strlen(path), path);
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return fs_because(why, -errno, "set FIVESTEP_CACHE to a writable folder", "cannot create %s: %s", part, strerror(errno));
	}
	return cache_check(path, why);
}

int cache_open(const char *path, struct fs_reason *why)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK), err = fd < 0 ? -errno : 0;
	struct stat st;

	if (err == -ENOENT)
		return err;
	if (err == -ELOOP)
		return fs_because(why, -EPERM, "remove it", "%s is a symbolic link, which fivestep never creates there", path);
	if (err == 0 && fstat(fd, &st) != 0)
		err = -errno;
	if (err == 0 && !S_ISREG(st.st_mode))
		err = fs_because(why, -EPERM, "remove it", "%s is not a file", path);
	else if (err == 0 && (!is_ours(&st) || others_may_write(&st)))
		err = refuse(path, &st, why);
	else if (err < 0)
		fs_because(why, err, "", "cannot read %s: %s", path, strerror(-err));
	if (err == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return err;
}

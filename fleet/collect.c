/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * collect.c - copies the complete runs of a fleet to a folder; see collect.h.
 */
#include "config.h"

#include "fleet/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "results/runfile.h"

static int copy_bytes(int from, int to)
{
	char bytes[65536];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0) {
		errno = ENOSPC;
		if (write(to, bytes, (size_t)n) != n)
			return -errno;
	}
	return n < 0 || fchmod(to, 0644) != 0 ? -errno : 0;
}

/* -EEXIST if the name is taken. */
static int copy_file(const char *path, const char *name)
{
	char *part = text_format("%s.XXXXXX", name);
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), to = -1, err = 0;
	struct stat status;

	if (part == NULL)
		err = -ENOMEM;
	else if (from < 0 || fstat(from, &status) != 0)
		err = -errno;
	else if (!S_ISREG(status.st_mode))
		err = -EINVAL;
	else if ((to = mkostemp(part, O_CLOEXEC)) < 0)
		err = -errno;
	if (to >= 0) {
		err = copy_bytes(from, to);
		/* link() fails if the name exists. */
		if (err == 0 && link(part, name) != 0)
			err = -errno;
		unlink(part);
		close(to);
	}
	if (from >= 0)
		close(from);
	free(part);
	return err;
}

/*
 * The digest of a run that is there, unless it has one. Whether it is that of the run is for its reader to say, and without it everything works: so
 * only a full disk is an error.
 */
static int collect_digest(const char *path, const char *name)
{
	char *from = text_format("%s" RUNFILE_DIGEST, path), *to = text_format("%s" RUNFILE_DIGEST, name);
	int err = from != NULL && to != NULL ? -EEXIST : -ENOMEM;

	if (err == -EEXIST && access(to, F_OK) != 0)
		err = copy_file(from, to);
	free(from);
	free(to);
	return err == -ENOMEM || err == -ENOSPC || err == -EDQUOT ? err : 0;
}

static int collect_node(const struct states *states, size_t place, const char *folder, size_t *copied, size_t *kept, struct fs_reason *why)
{
	char *path = text_format("%s/runs/%s", states->manifest->dir, states->nodes[place].file);
	char *name = text_format("%s/%s.jsonl", folder, states->manifest->nodes.names[place]);
	int err = -ENOMEM;

	if (path != NULL && name != NULL)
		err = access(name, F_OK) == 0 ? -EEXIST : copy_file(path, name);
	*copied += err == 0;
	*kept += err == -EEXIST;
	if (err == -EEXIST)
		err = 0;
	if (err == 0)
		err = collect_digest(path, name);
	if (err != 0)
		fs_because(why, err, err == -ENOSPC ? "is the disk full?" : "", "%s: %s", name != NULL ? name : folder, strerror(-err));
	free(path);
	free(name);
	return err;
}

/* All of the folder's file system at once: ten thousand calls of fsync() take a minute. */
static int sync_folder(const char *folder, struct fs_reason *why)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;

	if (fd < 0 || syncfs(fd) != 0)
		err = fs_because(why, -errno, "is the disk full?", "%s: %s", folder, strerror(errno));
	if (fd >= 0)
		close(fd);
	return err;
}

int collect_runs(const struct states *states, const char *folder, size_t *copied, size_t *kept, struct fs_reason *why)
{
	int err = 0;

	*copied = *kept = 0;
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return fs_because(why, -errno, "", "%s: %s", folder, strerror(errno));
	for (size_t i = 0; i < states->manifest->nodes.n && err == 0; i++)
		if (states->nodes[i].state == STATES_COMPLETE)
			err = collect_node(states, i, folder, copied, kept, why);
	return err == 0 && *copied != 0 ? sync_folder(folder, why) : err;
}

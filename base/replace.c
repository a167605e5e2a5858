/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replace.c - a file written under another name and renamed; see replace.h.
 */
#include "config.h"

#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* mkostemp() creates files that only their owner may read; sets the mode that open() would have given. */
static void set_usual_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)fchmod(fd, 0666 & ~mask);
}

static int write_part(int fd, int (*write)(FILE *file, const void *what), const void *what)
{
	FILE *file = fdopen(fd, "w");
	int err;

	if (file == NULL) {
		err = -errno;
		close(fd);
		return err;
	}
	err = write(file, what);
	if (err == 0 && ferror(file))
		err = -EIO;
	if (fclose(file) && err == 0)
		err = -errno;
	return err;
}

int replace_file(const char *path, int (*write)(FILE *file, const void *what), const void *what)
{
	char *part = NULL;
	int fd, err;

	if (asprintf(&part, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(part, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		goto out;
	}
	set_usual_mode(fd);
	err = write_part(fd, write, what);
	if (err == 0 && rename(part, path))
		err = -errno;
	if (err != 0)
		unlink(part);
out:
	free(part);
	return err;
}

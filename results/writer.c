/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer.c - writes lines of run files; see writer.h. A line is built completely in memory, written and fsynced; if the disk is full, the partial
 * line is truncated, so that every line in the file is complete.
 */
#include "config.h"

#include "results/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/jsontext.h"
#include "results/runfile.h"

static int file_open(struct writer *writer, const char *path, int flags, struct fs_reason *why)
{
	const char *copy = getenv("FIVESTEP_RECORD_COPY"), *clock = getenv("FIVESTEP_CLOCK");

	memset(writer, 0, sizeof(*writer));
	/* The guest's launcher sets both: each line is also sent to the host, before the next round starts. */
	writer->copy_fd = copy != NULL ? open(copy, O_WRONLY | O_NOCTTY | O_CLOEXEC) : -1;
	writer->clock = clock != NULL && clock_counts_instructions(clock) ? CLOCK_INSTRUCTIONS : CLOCK_NANOSECONDS;
	writer->fd = -1;
	writer->path = strdup(path);
	if (writer->path == NULL)
		return -ENOMEM;
	if (copy != NULL && writer->copy_fd < 0)
		return fs_because(why, -ECOMM, "", "cannot open %s (FIVESTEP_RECORD_COPY): %s", copy, strerror(errno));
	writer->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | flags, 0644);
	if (writer->fd < 0)
		return -errno;
	/* Without file locks (a small kernel, some network file systems) there is nothing to wait for. */
	if (flock(writer->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		close(writer->fd);
		writer->fd = -1;
		return fs_because(why, -EBUSY, "wait for it, or name another file with -o", "%s is being written by another fivestep", path);
	}
	return 0;
}

int writer_create(struct writer *writer, const char *path, struct fs_reason *why)
{
	int err = file_open(writer, path, O_CREAT | O_EXCL, why);

	if (err == -EEXIST)
		return fs_because(
			why, err, "name another file with -o, or resume this one: --resume", "%s exists, and results are never overwritten", path);
	if (err != 0 && err != -EBUSY && err != -ECOMM)
		return fs_because(why, err, "name a writable file with -o", "cannot write %s: %s", path, strerror(-err));
	writer->created = err == 0;
	return err;
}

static int find_torn_line(struct writer *writer)
{
	off_t size = lseek(writer->fd, 0, SEEK_END);
	char last = '\n';

	if (size > 0 && pread(writer->fd, &last, 1, size - 1) != 1)
		return -errno;
	writer->torn = last != '\n';
	return 0;
}

int writer_append(struct writer *writer, const char *path, struct fs_reason *why)
{
	int err = file_open(writer, path, 0, why);

	if (err == -EBUSY || err == -ECOMM)
		return err;
	if (err == 0)
		err = find_torn_line(writer);
	if (err != 0)
		return fs_because(why, err, "", "cannot resume %s: %s", path, strerror(-err));
	return 0;
}

static bool is_empty(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

void writer_close(struct writer *writer)
{
	if (writer->fd > 0) {
		if (writer->created && is_empty(writer->fd))
			unlink(writer->path);
		close(writer->fd);
	}
	writer->fd = -1;
	free(writer->path);
	writer->path = NULL;
	if (writer->copy_fd > 0)
		close(writer->copy_fd);
	writer->copy_fd = -1;
}

void writer_discard(struct writer *writer)
{
	if (writer->fd > 0 && writer->created)
		unlink(writer->path);
	writer->created = false;
	writer_close(writer);
}

const char *writer_clock(const struct writer *writer)
{
	return clock_names[writer->clock];
}

static int write_whole(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ENOSPC;
		text += n;
		len -= (size_t)n;
	}
	/* A pipe or a terminal cannot be synced, and need not be. */
	return fsync(fd) == 0 || errno == EINVAL || errno == EROFS ? 0 : -errno;
}

int writer_text(struct writer *writer, const char *line, size_t len, struct fs_reason *why)
{
	const char *where = writer->path;
	off_t before = lseek(writer->fd, 0, SEEK_END);
	int err = writer->torn ? write_whole(writer->fd, "\n", 1) : 0;

	if (err == 0)
		err = write_whole(writer->fd, line, len);
	if (err == 0)
		writer->torn = false;
	if (err == 0 && writer->copy_fd >= 0) {
		err = write_whole(writer->copy_fd, line, len);
		where = err != 0 ? getenv("FIVESTEP_RECORD_COPY") : where;
	}
	if (err != 0 && before >= 0 && ftruncate(writer->fd, before) != 0)
		err = -errno;
	if (err != 0)
		fs_because(why, err, "free some space, then resume with --resume", "cannot write %s: %s; what was measured before is kept",
			where != NULL ? where : writer->path, strerror(-err));
	return err;
}

int writer_line(struct writer *writer, json_t *line, struct fs_reason *why)
{
	char *text = line != NULL ? jsontext_make(line, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
	int err;

	if (text != NULL) {
		size_t len = strlen(text);

		if (len + 1 > RUNFILE_LINE_BYTES) {
			err = fs_because(why, -E2BIG, "split the plan", "a record of %zu bytes exceeds the maximum that can be read, %u", len + 1,
				RUNFILE_LINE_BYTES);
			goto out;
		}
		text[len] = '\n'; /* replaces the terminating zero: the length is passed separately */
		err = writer_text(writer, text, len + 1, why);
	} else {
		err = fs_because(why, -ENOMEM, "", "out of memory, or a text that is not UTF-8; what was measured before is kept");
	}
out:
	free(text);
	json_decref(line);
	return err;
}

bool writer_draw_id(char text[WRITER_ID_TEXT])
{
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		return false;
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	snprintf(text, WRITER_ID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
		b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	return true;
}

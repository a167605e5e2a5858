/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.c - reads files of counts.
 */
#include "config.h"

#include "harness/counter/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int text_open(struct text_file *text, const struct fs_machine *machine, const char *path)
{
	int err;

	text->fd = machine_open(machine, path);
	if (text->fd < 0) {
		err = text->fd;
		text->fd = -1;
		return err;
	}
	err = text_read(text);
	if (err != 0)
		text_close(text);
	return err;
}

int text_read(struct text_file *text)
{
	ssize_t got, len = 0;

	if (lseek(text->fd, 0, SEEK_SET) < 0)
		return -errno;
	while ((got = read(text->fd, text->text + len, TEXT_BYTES - 1 - (size_t)len)) > 0)
		len += got;
	text->text[len] = '\0';
	return got < 0 ? -errno : 0;
}

void text_close(struct text_file *text)
{
	if (text->fd > 0)
		close(text->fd);
	text->fd = -1;
}

bool text_value(const char *text, const char *name, uint64_t *value)
{
	size_t len = strlen(name);

	for (const char *line = text, *end; line != NULL && *line != '\0'; line = end != NULL ? end + 1 : NULL) {
		const char *number = line + len;

		end = strchr(line, '\n');
		if (strncmp(line, name, len) != 0 || *number != ' ')
			continue;
		number += strspn(number, " ");
		if (!isdigit((unsigned char)*number))
			continue;
		*value = strtoull(number, NULL, 10);
		return true;
	}
	return false;
}

int text_folder(const struct fs_machine *machine, const char *path, const char *prefix, void (*found)(void *context, const char *name), void *context)
{
	int fd = machine_open(machine, path), n = 0;
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (folder == NULL) {
		int err = fd >= 0 ? -errno : fd;

		if (fd >= 0)
			close(fd);
		return err;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.' || strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		found(context, entry->d_name);
		n++;
	}
	closedir(folder);
	return n;
}

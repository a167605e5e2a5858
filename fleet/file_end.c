/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * file_end.c - whether a run file is complete: by its last line alone, since there may be ten thousand files.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "fleet/states.h"
#include "results/runfile.h"

/* The file's last bytes, with the whole last line and the newline before it if there is one. NULL: cannot be read. The caller frees it. */
static char *read_tail(int fd, long long size, size_t *len)
{
	size_t room = 65536;
	char *tail = NULL;

	for (;; room *= 4) {
		size_t bytes = (long long)room < size ? room : (size_t)size;
		char *more = realloc(tail, bytes + 1);

		if (more == NULL || pread(fd, more, bytes, (off_t)(size - (long long)bytes)) != (ssize_t)bytes) {
			free(more != NULL ? more : tail);
			return NULL;
		}
		tail = more;
		tail[bytes] = '\0';
		*len = bytes;
		if ((long long)bytes == size || room >= RUNFILE_LINE_BYTES || (bytes > 1 && memrchr(tail, '\n', bytes - 1) != NULL))
			return tail;
	}
}

/* The last line says whether the run came to its end. */
static void judge(struct states_file *file, const char *tail, size_t len)
{
	const char *before = len > 1 ? memrchr(tail, '\n', len - 1) : NULL, *line = before != NULL ? before + 1 : tail, *stop;
	json_t *end;

	file->usable = tail[len - 1] == '\n' || before != NULL;
	file->why = tail[len - 1] == '\n' ? "the run has no end" : "the last line is torn";
	if (tail[len - 1] != '\n')
		return;
	end = json_loadb(line, len - (size_t)(line - tail), 0, NULL);
	stop = json_string_value(json_object_get(end, "stop"));
	if (end != NULL && strcmp(json_is_string(json_object_get(end, "type")) ? json_string_value(json_object_get(end, "type")) : "", "end") == 0) {
		if (stop != NULL && strcmp(stop, "interrupted") == 0)
			file->why = "the run was interrupted";
		else
			file->state = STATES_COMPLETE;
	}
	json_decref(end);
}

struct states_file states_of_file(const char *path)
{
	struct states_file file = {.state = STATES_MISSING, .why = "no run"};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	char *tail = NULL;
	size_t len = 0;

	if (fd < 0) {
		if (errno != ENOENT)
			file.why = "the run cannot be read";
		return file;
	}
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
		file.bytes = status.st_size;
		file.state = STATES_TORN;
		file.why = "the run cannot be read";
		tail = read_tail(fd, file.bytes, &len);
		if (tail != NULL)
			judge(&file, tail, len);
	} else {
		file.why = "the run is empty";
	}
	free(tail);
	close(fd);
	return file;
}

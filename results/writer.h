/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer.h - writes a run file: JSON Lines, append-only, one fsync per line (results/SCHEMA.md). It does not know the content of lines.
 */
#ifndef FIVESTEP_WRITER_H
#define FIVESTEP_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/reason.h"
#include "results/words.h"

#define WRITER_ID_TEXT 37 /* a run's UUID, with the terminating zero */

struct writer {
	int fd;
	int copy_fd; /* each line is also written there; -1: nowhere */
	char *path;
	bool created; /* by writer_create() */
	bool torn;    /* its last line is incomplete: a newline is written before the next */
	enum clock_kind clock;
};

/* Creates a file, which must not exist, and locks it against a second writer. */
int writer_create(struct writer *writer, const char *path, struct fs_reason *why);
/* Opens an existing file for appending. An incomplete last line is terminated by a newline before the first new one: readers report it. */
int writer_append(struct writer *writer, const char *path, struct fs_reason *why);
/* Closes the file. A created file without any line is removed: it would say nothing, and block its name. */
void writer_close(struct writer *writer);
/* Closes the file, and removes it if writer_create() created it; a file that existed before stays. */
void writer_discard(struct writer *writer);
/* A new id, version 4; false if the system provides no random numbers. */
bool writer_draw_id(char text[WRITER_ID_TEXT]);
/* The name of the clock, as in a run record. */
const char *writer_clock(const struct writer *writer);

/*
 * Both write one line, or nothing: a partial write is undone. line: LEN bytes, the last of them a newline; or JSON, whose reference is
 * taken over.
 */
int writer_text(struct writer *writer, const char *line, size_t len, struct fs_reason *why);
int writer_line(struct writer *writer, json_t *line, struct fs_reason *why);

#endif

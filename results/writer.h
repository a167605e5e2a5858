/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer.h - a run file as it is written: JSON Lines, append-only, one fsync a line (results/SCHEMA.md). What lines say is not known here.
 */
#ifndef FIVESTEP_WRITER_H
#define FIVESTEP_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/reason.h"
#include "results/words.h"

#define WRITER_ID_TEXT 37 /* of a run, a UUID, with its end */

struct writer {
	int fd;
	int copy_fd; /* where each line goes as well; -1: nowhere */
	char *path;
	bool created; /* by writer_create() */
	bool torn;    /* its last line is not whole: a newline goes before the next */
	enum clock_kind clock;
};

/* A new file that must not exist yet, locked against a second writer. */
int writer_create(struct writer *writer, const char *path, struct fs_reason *why);
/* An existing file to add to. With the first line a torn last one is closed with a newline: it stays, as a line that readers name. */
int writer_append(struct writer *writer, const char *path, struct fs_reason *why);
/* A file that was created and has no line is removed: it would say nothing, and its name would be taken. */
void writer_close(struct writer *writer);
/* Closes it and removes it where writer_create() made it; a file that was there before stays. */
void writer_discard(struct writer *writer);
/* A new id, version 4; false where the system has no random numbers. */
bool writer_draw_id(char text[WRITER_ID_TEXT]);
/* The name of its clock, as a run record has it. */
const char *writer_clock(const struct writer *writer);

/*
 * Both write one line, or nothing: a write that fails half-way is taken back. line: LEN bytes, the last of them a newline; or JSON, whose reference
 * goes over.
 */
int writer_text(struct writer *writer, const char *line, size_t len, struct fs_reason *why);
int writer_line(struct writer *writer, json_t *line, struct fs_reason *why);

#endif

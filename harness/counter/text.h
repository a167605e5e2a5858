/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.h - counts that the kernel provides as text in /proc and /sys: a file is kept open and read again each time; for counter sources.
 */
#ifndef FIVESTEP_COUNTER_TEXT_H
#define FIVESTEP_COUNTER_TEXT_H

#include "harness/machine/topology.h"

#define TEXT_BYTES 16384

struct text_file {
	int fd; /* -1: not open */
	char text[TEXT_BYTES];
};

/* Opens a file below the machine's root and reads it once; -errno. */
int text_open(struct text_file *text, const struct fs_machine *machine, const char *path);
/* Reads it again from the start; -errno. Anything beyond TEXT_BYTES is not read. */
int text_read(struct text_file *text);
void text_close(struct text_file *text); /* also one that was never opened */

/* The number after "NAME " at the start of a line; false if there is none. Pure. */
bool text_value(const char *text, const char *name, uint64_t *value);

/* Calls found() for each entry of a folder below the root whose name starts with prefix; returns how many, or -errno. */
int text_folder(
	const struct fs_machine *machine, const char *path, const char *prefix, void (*found)(void *context, const char *name), void *context);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lines.h - the lines of a file, each up to a limit: of a longer line only the length is known.
 */
#ifndef FIVESTEP_LINES_H
#define FIVESTEP_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct lines {
	FILE *file;
	size_t limit; /* bytes of a line, with its newline */
	char *text;   /* the line with its newline and a zero byte; empty if it is too long */
	size_t len;   /* of the line, even if it is too long */
	bool whole;   /* it ends with a newline */
	/* internal */
	size_t room, at, n;
	char chunk[65536];
};

/* The caller zeroes it and sets file and limit. 1: a line; 0: the end, or an error of the file (ferror); -ENOMEM */
int lines_next(struct lines *lines);
void lines_free(struct lines *lines);

#endif

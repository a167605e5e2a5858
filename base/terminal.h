/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal.h - how wide what people read may be.
 */
#ifndef FIVESTEP_TERMINAL_H
#define FIVESTEP_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_COLUMNS_MIN 40

/* Of the terminal that a stream goes to, else of COLUMNS, else 80; at least TERMINAL_COLUMNS_MIN. */
unsigned terminal_columns(FILE *stream);

/* Whether a line that was written to it can be erased and written anew: it is a terminal, and not a dumb one. */
bool terminal_erases(FILE *stream);

/* How many columns a text takes: each character of UTF-8 is one. */
unsigned terminal_width(const char *text);
/*
 * Prints a text in so many columns, filled up with blanks: behind it, or before it (right). One that is longer ends in ".."; to the right, or with a
 * width of less than 3, it stays whole. No character is cut.
 */
void terminal_put(FILE *out, const char *text, unsigned width, bool right);

/* Prints a text in lines of at most so many columns, broken at blanks; the second and further lines are indented. A longer word stays whole. */
void terminal_wrap(FILE *out, const char *text, unsigned columns, unsigned indent);
/* The same; the further lines are indented as the line is itself, or as far as what follows its first words and two blanks. */
void terminal_wrap_line(FILE *out, const char *line, unsigned columns);

/* Lines that are wrapped where a stream is a terminal, and as they are where it is not. */
struct terminal_fold {
	FILE *out, *memory;
	char *text;
	size_t bytes;
};
/* What to write to, up to the end. It is the stream itself where nothing is to be wrapped, or without memory. */
FILE *terminal_fold_begin(struct terminal_fold *fold, FILE *out);
/* Writes them by terminal_wrap_line(). 0 or -ENOMEM. */
int terminal_fold_end(struct terminal_fold *fold);

#endif

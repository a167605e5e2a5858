/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal.h - how wide what people read may be.
 */
#ifndef FIVESTEP_TERMINAL_H
#define FIVESTEP_TERMINAL_H

#include <stdio.h>

#define TERMINAL_COLUMNS_MIN 40

/* Of the terminal that a stream goes to, else of COLUMNS, else 80; at least TERMINAL_COLUMNS_MIN. */
unsigned terminal_columns(FILE *stream);

/* Prints a text in lines of at most so many columns, broken at blanks; the second and further lines are indented. A longer word stays whole. */
void terminal_wrap(FILE *out, const char *text, unsigned columns, unsigned indent);

#endif

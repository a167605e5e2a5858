/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.h - texts that others wrote: UTF-8 character by character, what cannot be shown made visible, and how each output format writes a text.
 *
 * Characters that are obeyed or hidden instead of shown are written as \x1b or \u{202e}: control characters, those that turn the direction of
 * writing, line separators other than the newline, noncharacters, and bytes that are no UTF-8. A character that a buffer was too short for, at a
 * text's end, is left out: no text ends within one.
 */
#ifndef FIVESTEP_TEXT_H
#define FIVESTEP_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The first byte that is not UTF-8, counted from 0; -1 where all is. */
long text_bad_byte(const char *text);
/* Whether all of it can be shown as it is; newline and tab too where it is of several lines. */
bool text_is_plain(const char *text, bool lines);
/* All of it, made visible, in new memory; NULL without memory. */
char *text_visible(const char *text, bool lines);
/* The same in place, cut where there is too little room. */
void text_make_visible(char *text, size_t bytes);
/* Makes all texts and keys visible. Members called text, about and log are of several lines. How many were changed, or -ENOMEM. */
long text_clean_json(json_t *json);

/* How a format writes a text; each makes visible what it cannot hold, and escapes its own marks. */
enum text_format {
	TEXT_HTML,     /* also the values of attributes in double quotes; and XML, SVG: newlines and tabs as references */
	TEXT_MARKDOWN, /* one line of CommonMark, in a table's cell as well */
	TEXT_CSV,      /* a field, as RFC 4180 quotes it; one that a spreadsheet would compute gets a ' in front */
	TEXT_METRICS,  /* the value of a label of OpenMetrics, between its quotes */
	TEXT_GNUPLOT,  /* in single quotes, with them: nothing in it is a command, a macro or an escape */
	TEXT_DATA,     /* a field of gnuplot's data in double quotes, with them: quotes become typographic ones, a backslash a slash */
	TEXT_TAP,      /* a description: # begins no directive */
	TEXT_FORMATS,
};
void text_put(FILE *out, enum text_format format, const char *text);

#endif

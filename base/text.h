/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.h - untrusted texts: UTF-8 character by character, unprintable characters made visible, and escaping for each output format.
 *
 * Characters that a terminal obeys or hides are written as \x1b or \u{202e}: control characters, bidirectional overrides, line separators other
 * than the newline, noncharacters, and bytes that are not UTF-8. A character cut by the end of a buffer is left out: no text ends within one.
 */
#ifndef FIVESTEP_TEXT_H
#define FIVESTEP_TEXT_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/reason.h"

/* Index of the first byte that is not UTF-8; -1 if all are. */
long text_bad_byte(const char *text);
/* Whether all of it can be shown unchanged; lines: newlines and tabs are allowed. */
bool text_is_plain(const char *text, bool lines);
/* A copy with everything made visible; NULL without memory. */
char *text_visible(const char *text, bool lines);
/* The same in place, truncated if it does not fit. */
void text_make_visible(char *text, size_t bytes);
/* Formats into a buffer; a text that is too long ends with "...". Returns whether it fits. */
bool text_fit(char *to, size_t bytes, const char *fmt, ...) FS_PRINTF(3, 4);
bool text_fit_va(char *to, size_t bytes, const char *fmt, va_list args) FS_PRINTF(3, 0);
/* Shortens a text to at most `bytes` with its end: the longest words lose their middle first, which becomes "...", so that the sentence remains. */
void text_shorten(char *text, size_t bytes);

/*
 * A text that grows as it is written, however long. It starts as {0}. Without memory it is lost: what is written then has no effect, and it reads
 * "out of memory".
 */
struct text {
	char *text; /* NULL: empty, or lost */
	size_t len, room;
	bool lost;
};
void text_add(struct text *text, const char *fmt, ...) FS_PRINTF(2, 3);
void text_add_va(struct text *text, const char *fmt, va_list args) FS_PRINTF(2, 0);
const char *text_string(const struct text *text); /* never NULL; valid until the next text_ function */
char *text_take(struct text *text);		  /* what was written, which the caller frees; NULL if it was lost. The text is empty afterwards. */
void text_clear(struct text *text);		  /* frees it; it is empty afterwards */
/* The same at once. The caller frees it; NULL without memory. */
char *text_format(const char *fmt, ...) FS_PRINTF(1, 2);

/* The end of a plural: "%zu run%s". */
#define TEXT_S(n) ((n) == 1 ? "" : "s")

/* Makes all texts and keys visible. Members called text, about and log may have several lines. Returns how many were changed, or -ENOMEM. */
long text_clean_json(json_t *json);

/* Escaping for an output format; each makes visible what it cannot represent. */
enum text_format {
	TEXT_HTML,     /* also the values of attributes in double quotes; and XML, SVG: newlines and tabs as references */
	TEXT_MARKDOWN, /* one line of CommonMark, in a table's cell as well */
	TEXT_CSV,      /* a field, quoted as in RFC 4180; one that a spreadsheet would evaluate gets a ' in front */
	TEXT_METRICS,  /* the value of an OpenMetrics label, between its quotes */
	TEXT_GNUPLOT,  /* in single quotes, including them: nothing in it is a command, a macro or an escape */
	TEXT_DATA,     /* a field of gnuplot data in double quotes, including them: quotes become typographic, a backslash a slash */
	TEXT_TAP,      /* a description: # must not start a directive */
	TEXT_YAML,     /* a scalar in single quotes, including them */
	TEXT_FORMATS,
};
void text_put(FILE *out, enum text_format format, const char *text);

#endif

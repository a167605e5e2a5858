/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_char.h - one character of a text, for text.c and text_put.c.
 */
#ifndef FIVESTEP_TEXT_CHAR_H
#define FIVESTEP_TEXT_CHAR_H

#include <stdbool.h>
#include <stdint.h>

#define TEXT_BAD   UINT32_MAX	    /* a byte that is not UTF-8 */
#define TEXT_CUT   (UINT32_MAX - 1) /* an incomplete character at the text's end */
#define TEXT_SHOWN 16		    /* the longest is \u{10ffff} */

/* The first character of a non-empty text; returns its number of bytes. */
unsigned text_char(const char *text, uint32_t *code);
/* Whether it is shown unchanged. */
bool text_is_shown(uint32_t code);
/* Makes the first character visible; returns its number of bytes in the text. */
unsigned text_show(const char *text, bool lines, char shown[TEXT_SHOWN]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_char.h - one character of a text: for text.c and text_put.c.
 */
#ifndef FIVESTEP_TEXT_CHAR_H
#define FIVESTEP_TEXT_CHAR_H

#include <stdbool.h>
#include <stdint.h>

#define TEXT_BAD   UINT32_MAX	    /* a byte that is no UTF-8 */
#define TEXT_CUT   (UINT32_MAX - 1) /* the beginning of a character at the text's end */
#define TEXT_SHOWN 16		    /* the longest is \u{10ffff} */

/* The character that a text which is not empty begins with, and of how many bytes it is. */
unsigned text_char(const char *text, uint32_t *code);
/* Whether it is shown as it is. */
bool text_is_shown(uint32_t code);
/* The first character made visible; how many bytes of the text that is. */
unsigned text_show(const char *text, bool lines, char shown[TEXT_SHOWN]);

#endif

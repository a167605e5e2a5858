/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_grow.c - texts that grow as they are written, and those that must fit somewhere; see text.h.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

#define LIMIT	  (1u << 30) /* bytes */
#define WORD_KEPT 48	     /* bytes that remain of a shortened word at least, without its mark */
#define MARK	  "..."
#define MARK_LEN  (sizeof(MARK) - 1)

/* ---- texts that grow */

static void lose(struct text *text)
{
	text_clear(text);
	text->lost = true;
}

void text_add_va(struct text *text, const char *fmt, va_list args)
{
	va_list again;
	size_t room;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (text->lost)
		return;
	room = len < 0 ? 0 : (size_t)len + 1;
	if (room == 0 || array_grow(&text->text, text->room, text->len + room > text->room ? text->len + room - text->room : 0, 1, LIMIT, "bytes",
				 NULL) != 0) {
		lose(text);
		return;
	}
	if (text->len + room > text->room)
		text->room = text->len + room;
	vsnprintf(text->text + text->len, room, fmt, args);
	text->len += room - 1;
}

void text_add(struct text *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_add_va(text, fmt, args);
	va_end(args);
}

const char *text_string(const struct text *text)
{
	if (text->lost)
		return "out of memory";
	return text->text != NULL ? text->text : "";
}

void text_clear(struct text *text)
{
	free(text->text);
	*text = (struct text){0};
}

char *text_take(struct text *text)
{
	char *taken = text->lost ? NULL : text->text != NULL ? text->text : strdup("");

	if (taken != text->text)
		text_clear(text);
	*text = (struct text){0};
	return taken;
}

char *text_format(const char *fmt, ...)
{
	struct text text = {0};
	va_list args;

	va_start(args, fmt);
	text_add_va(&text, fmt, args);
	va_end(args);
	return text_take(&text);
}

/* ---- texts that fit */

/* The longest word and its length. */
static char *longest_word(char *text, size_t *len)
{
	char *longest = text;

	*len = 0;
	for (char *c = text + strspn(text, " "); *c != '\0'; c += strspn(c, " ")) {
		size_t bytes = strcspn(c, " ");

		if (bytes > *len) {
			longest = c;
			*len = bytes;
		}
		c += bytes;
	}
	return longest;
}

/* Puts the mark in place of the bytes from `from` to `to`, or of a few more: no text ends within a character. */
static void replace_by_mark(char *text, size_t from, size_t to)
{
	while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80)
		from--;
	while (((unsigned char)text[to] & 0xc0) == 0x80)
		to++;
	memmove(text + from + MARK_LEN, text + to, strlen(text + to) + 1);
	memcpy(text + from, MARK, MARK_LEN);
}

void text_shorten(char *text, size_t bytes)
{
	size_t len = strlen(text), word_len;

	for (; len >= bytes && bytes > MARK_LEN; len = strlen(text)) {
		size_t excess = len + 1 - bytes + MARK_LEN;
		char *word = longest_word(text, &word_len);
		size_t kept = word_len > excess + WORD_KEPT ? word_len - excess : WORD_KEPT;

		if (word_len <= WORD_KEPT + MARK_LEN)
			replace_by_mark(text, bytes - 1 - MARK_LEN, len);
		else
			replace_by_mark(text, (size_t)(word - text) + kept / 2, (size_t)(word - text) + word_len - (kept - kept / 2));
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quote.c - a word as a shell reads it back; see quote.h.
 */
#include "config.h"

#include <string.h>

#include "fleet/quote.h"

void quote_word(struct text *text, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		text_add(text, "%s", word);
		return;
	}
	text_add(text, "'");
	while (*word != '\0') {
		size_t len = strcspn(word, "'");

		text_add(text, "%.*s", (int)len, word);
		word += len;
		if (*word == '\'') {
			text_add(text, "'\\''");
			word++;
		}
	}
	text_add(text, "'");
}

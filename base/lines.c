/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lines.c - lines of a bounded length; see lines.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/lines.h"

/* Adds bytes of the chunk to the line unless it is already too long. */
static int take(struct lines *lines, size_t bytes)
{
	int err = 0;

	if (lines->len + bytes <= lines->limit) {
		err = array_grow(
			&lines->text, lines->len ? lines->len + 1 : 0, lines->len ? bytes : bytes + 1, 1, lines->limit + 1, "bytes in a line", NULL);
		if (err == 0)
			memcpy(lines->text + lines->len, lines->chunk + lines->at, bytes);
	}
	lines->len += bytes;
	lines->at += bytes;
	return err;
}

int lines_next(struct lines *lines)
{
	int err = 0;

	lines->len = 0;
	lines->whole = false;
	free(lines->text);
	lines->text = NULL;
	while (err == 0 && !lines->whole) {
		const char *end;

		if (lines->at == lines->n) {
			lines->at = 0;
			lines->n = fread(lines->chunk, 1, sizeof(lines->chunk), lines->file);
			if (!lines->n)
				break;
		}
		end = memchr(lines->chunk + lines->at, '\n', lines->n - lines->at);
		lines->whole = end;
		err = take(lines, end != NULL ? (size_t)(end - lines->chunk) + 1 - lines->at : lines->n - lines->at);
	}
	if (err != 0 || !lines->len)
		return err;
	if (lines->len > lines->limit) {
		free(lines->text);
		lines->text = strdup("");
	} else {
		lines->text[lines->len] = '\0';
	}
	return lines->text != NULL ? 1 : -ENOMEM;
}

void lines_free(struct lines *lines)
{
	free(lines->text);
	lines->text = NULL;
}

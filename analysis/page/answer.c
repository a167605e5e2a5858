/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * answer.c - the lines beneath a picture's title that answer it; see picture_answer().
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/page/picture.h"
#include "base/text.h"

#define ANSWER_BYTES 108 /* of a line: what fits beneath the title */
#define ANSWER_LINES 9

static void put_line(FILE *file, const char *before, const char *text, size_t len)
{
	char *line = strndup(text, len);

	fputs(before, file);
	text_put(file, TEXT_GNUPLOT, line != NULL ? line : "");
	free(line);
}

/* Lines are broken at blanks. */
void picture_answer(struct picture *picture, const char *answer)
{
	unsigned lines = 0;

	fprintf(picture->texts, "array answer[%d] = [", ANSWER_LINES);
	while (*answer != '\0' && lines < ANSWER_LINES) {
		size_t len = strlen(answer);

		if (len > ANSWER_BYTES && lines < ANSWER_LINES - 1) {
			len = ANSWER_BYTES;
			while (len > 1 && answer[len] != ' ')
				len--;
			len = len > 1 ? len : strcspn(answer, " ");
		}
		put_line(picture->texts, lines++ > 0 ? ", " : "", answer, len);
		answer += len + strspn(answer + len, " ");
	}
	fputs("]\n", picture->texts);
	picture_number(picture, "answer_lines", lines);
}

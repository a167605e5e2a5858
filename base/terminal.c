/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal.c - how wide what people read may be; see terminal.h.
 */
#include "config.h"

#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define COLUMNS_USUAL 80

unsigned terminal_columns(FILE *stream)
{
	const char *wanted = getenv("COLUMNS");
	struct winsize size = {0};
	char *end = NULL;
	long columns = 0;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	if (columns == 0 && wanted != NULL) {
		columns = strtol(wanted, &end, 10);
		columns = *end == '\0' && columns < 10000 ? columns : 0;
	}
	if (columns <= 0)
		columns = COLUMNS_USUAL;
	return columns > TERMINAL_COLUMNS_MIN ? (unsigned)columns : TERMINAL_COLUMNS_MIN;
}

/* Characters of UTF-8 up to its end: each is a column. */
static unsigned width_of(const char *text, size_t len)
{
	unsigned width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

void terminal_wrap(FILE *out, const char *text, unsigned columns, unsigned indent)
{
	unsigned at = 0;

	while (*text != '\0') {
		size_t blanks = strspn(text, " "), len = strcspn(text + blanks, " ");
		unsigned wide = width_of(text + blanks, len);

		if (len > 0 && at > indent && at + blanks + wide > columns) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
			blanks = 0;
			text += strspn(text, " ");
		}
		fwrite(text, 1, blanks + len, out);
		at += (unsigned)blanks + wide;
		text += blanks + len;
	}
	fputc('\n', out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal.c - how wide what people read may be; see terminal.h.
 */
#include "config.h"

#include "base/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

bool terminal_erases(FILE *stream)
{
	const char *term = getenv("TERM");

	return isatty(fileno(stream)) == 1 && term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
}

/* Characters of UTF-8 up to its end: each is a column. */
static unsigned width_of(const char *text, size_t len)
{
	unsigned width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

unsigned terminal_width(const char *text)
{
	return width_of(text, strlen(text));
}

/* The bytes of so many characters, or of all. */
static size_t bytes_of(const char *text, unsigned width)
{
	size_t len = 0;

	while (text[len] != '\0' && (((unsigned char)text[len] & 0xc0) == 0x80 || width-- > 0))
		len++;
	return len;
}

void terminal_put(FILE *out, const char *text, unsigned width, bool right)
{
	unsigned has = terminal_width(text);
	int blanks = width > has ? (int)(width - has) : 0;

	if (right)
		fprintf(out, "%*s%s", blanks, "", text);
	else if (width > 0 && has > width && width > 2)
		fprintf(out, "%.*s..", (int)bytes_of(text, width - 2), text);
	else
		fprintf(out, "%s%*s", text, blanks, "");
}

void terminal_wrap(FILE *out, const char *text, unsigned columns, unsigned indent)
{
	unsigned at = 0;
	bool begun = false; /* whether the line has a word */

	while (*text != '\0') {
		size_t blanks = strspn(text, " "), len = strcspn(text + blanks, " ");
		unsigned wide = width_of(text + blanks, len);

		if (len > 0 && begun && at + blanks + wide > columns) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
			blanks = 0;
			text += strspn(text, " ");
		}
		fwrite(text, 1, blanks + len, out);
		begun = len > 0;
		at += (unsigned)blanks + wide;
		text += blanks + len;
	}
	fputc('\n', out);
}

/* "not reached  102 of 104": 13, "    cpu another": 4 */
static unsigned indent_of(const char *line)
{
	const char *gap = strstr(line, "  ");
	size_t blanks = strspn(line, " ");

	if (blanks == 0 && gap != NULL)
		blanks = (size_t)(gap - line) + strspn(gap, " ");
	return blanks > 0 && blanks < TERMINAL_COLUMNS_MIN / 2 ? (unsigned)blanks : 4;
}

void terminal_wrap_line(FILE *out, const char *line, unsigned columns)
{
	terminal_wrap(out, line, columns, indent_of(line));
}

FILE *terminal_fold_begin(struct terminal_fold *fold, FILE *out)
{
	*fold = (struct terminal_fold){.out = out};
	if (isatty(fileno(out)) == 1)
		fold->memory = open_memstream(&fold->text, &fold->bytes);
	return fold->memory != NULL ? fold->memory : out;
}

int terminal_fold_end(struct terminal_fold *fold)
{
	char *line = NULL, *next;
	int err = 0;

	if (fold->memory == NULL)
		return 0;
	if (fclose(fold->memory) != 0)
		err = -ENOMEM;
	for (line = fold->text; err == 0 && *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n' ? (*next = '\0', 1) : 0;
		terminal_wrap_line(fold->out, line, terminal_columns(fold->out));
	}
	free(fold->text);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_put.c - escapes untrusted texts for each output format; see text.h.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "base/text_char.h"

/* For each format: the replacement of a special character, or NULL if the character is not special. */
typedef const char *(*mark_fn)(char c);

static const char *mark_html(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\n':
		return "&#10;";
	case '\t':
		return "&#9;";
	default:
		return NULL;
	}
}

static const char *mark_markdown(char c)
{
	static char escaped[3] = "\\";

	if (c == '\n' || c == '\t')
		return " ";
	if (strchr("\\`*_[]<>|#~&!$@", c) == NULL)
		return NULL;
	escaped[1] = c;
	return escaped;
}

/* If a mark at the start would make the line a list or a heading: the number of characters before it; else SIZE_MAX. */
static size_t list_mark(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (*text && strchr("+-=", *text) != NULL)
		return 0;
	return digits > 0 && (text[digits] == '.' || text[digits] == ')') ? digits : SIZE_MAX;
}

static const char *mark_csv(char c)
{
	return c == '"' ? "\"\"" : NULL;
}

static const char *mark_metrics(char c)
{
	return c == '\\' ? "\\\\" : c == '"' ? "\\\"" : c == '\n' ? "\\n" : NULL;
}

/* Of a text in single quotes. */
static const char *mark_quoted(char c)
{
	return c == '\'' ? "''" : c == '\n' || c == '\t' ? " " : NULL;
}

/* gnuplot data has no escape for its quote and interprets backslashes, and point labels are put in single quotes in its SVG. */
static const char *mark_data(char c)
{
	return c == '"' || c == '\'' ? "\xe2\x80\x99" : c == '\\' ? "/" : c == '\n' || c == '\t' ? " " : NULL;
}

static const char *mark_tap(char c)
{
	return c == '#' ? "\\#" : c == '\n' || c == '\t' ? " " : NULL;
}

/* A spreadsheet evaluates fields that start like this; a lone minus is one of our names. */
static bool is_formula(const char *text)
{
	return strchr("=+-@", *text) != NULL && *text && strcmp(text, "-") != 0;
}

void text_put(FILE *out, enum text_format format, const char *text)
{
	static const mark_fn marks[TEXT_FORMATS] = {mark_html, mark_markdown, mark_csv, mark_metrics, mark_quoted, mark_data, mark_tap, mark_quoted};
	const char *around = format == TEXT_GNUPLOT || format == TEXT_YAML ? "'" : format == TEXT_DATA ? "\"" : "", *mark;
	size_t list = format == TEXT_MARKDOWN ? list_mark(text) : SIZE_MAX;
	const char *begin = text;
	char shown[TEXT_SHOWN];

	if (format == TEXT_CSV && (is_formula(text) || strpbrk(text, ",\"\r\n") != NULL))
		around = "\"";
	fputs(around, out);
	if (format == TEXT_CSV && is_formula(text))
		fputc('\'', out);
	while (*text) {
		/* newlines and tabs have a special meaning in the format */
		/* nor an address */
		if ((size_t)(text - begin) == list || (format == TEXT_MARKDOWN && strncmp(text, "://", 3) == 0))
			fputc('\\', out);
		text += text_show(text, true, shown);
		for (const char *c = shown; *c; c++) {
			mark = marks[format](*c);
			if (mark != NULL)
				fputs(mark, out);
			else
				fputc(*c, out);
		}
	}
	fputs(around, out);
}

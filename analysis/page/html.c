/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * html.c - prints markup with escaped texts; see html.h.
 */
#include "config.h"

#include "analysis/page/html.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SPEC_MAX   16
#define NUMBER_MAX 400 /* letters of the longest double */

/* A conversion of the format, with its end: "%.1f". */
struct spec {
	char text[SPEC_MAX];
	char kind;
	bool size;     /* of a size_t */
	bool is_asked; /* "%.*s": the precision is an argument */
	int precision; /* -1: none */
};

static const char *read_spec(const char *at, struct spec *spec)
{
	size_t len = strcspn(at + 1, "scdufge%") + 2;
	const char *dot = memchr(at, '.', len);

	/* the format is in our own source */
	if (len >= SPEC_MAX || at[len - 1] == '\0')
		abort();
	memcpy(spec->text, at, len);
	spec->text[len] = '\0';
	spec->kind = at[len - 1];
	spec->size = at[len - 2] == 'z';
	spec->is_asked = dot != NULL && dot[1] == '*';
	if (spec->is_asked && spec->kind != 's')
		abort();
	spec->precision = dot != NULL ? atoi(dot + 1) : -1;
	return at + len;
}

static void print_text(FILE *out, const char *text, int precision)
{
	char *part = precision >= 0 ? strndup(text, (size_t)precision) : NULL;

	text_put(out, TEXT_HTML, part != NULL ? part : text);
	free(part);
}

void html_print(FILE *out, const char *fmt, ...)
{
	char number[NUMBER_MAX];
	struct spec spec;
	va_list args;

	va_start(args, fmt);
	while (*fmt != '\0') {
		size_t plain = strcspn(fmt, "%");

		fwrite(fmt, 1, plain, out);
		fmt += plain;
		if (*fmt == '\0')
			break;
		fmt = read_spec(fmt, &spec);
		*number = '\0';
		if (spec.is_asked)
			spec.precision = va_arg(args, int);
		if (spec.kind == 's')
			print_text(out, va_arg(args, const char *), spec.precision);
		else if (spec.kind == '%')
			fputc('%', out);
		else if (spec.size)
			snprintf(number, sizeof(number), spec.text, va_arg(args, size_t));
		else if (strchr("cdu", spec.kind) != NULL)
			snprintf(number, sizeof(number), spec.text, va_arg(args, int));
		else
			snprintf(number, sizeof(number), spec.text, va_arg(args, double));
		/* %c may be any letter */
		print_text(out, number, -1);
	}
	va_end(args);
}

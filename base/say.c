/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * say.c - messages on standard error; see say.h.
 */
#define _GNU_SOURCE
#include "config.h"

#include "base/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* One write for each line: processes may share standard error. */
static void put_line(const char *prefix, const char *command, const char *text)
{
	char *visible = text_visible(text, false);

	fprintf(stderr, "%s%s%s%s\n", prefix, command, *command != '\0' ? ": " : "", visible != NULL ? visible : "out of memory");
	free(visible);
}

static void put(const char *prefix, const char *command, const char *fmt, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	put_line(prefix, command, text != NULL ? text : "out of memory");
	free(text);
}

void say(const char *command, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put("fivestep: ", command, fmt, ap);
	va_end(ap);
}

void say_with_remedy(const char *command, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put("fivestep: ", command, fmt, ap);
	va_end(ap);
	if (remedy[0] != '\0')
		put_line(SAY_REMEDY, "", remedy);
}

void say_remedy(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(SAY_REMEDY, "", fmt, ap);
	va_end(ap);
}

void say_error(const char *command, const struct fs_reason *why)
{
	say_with_remedy(command, why->remedy, "%s", why->what);
}

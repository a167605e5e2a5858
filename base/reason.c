/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reason.c - why something cannot be done, and what the user can do about it.
 */
#include "config.h"

#include "base/reason.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Reasons go to terminals and into records: what they quote of files and of the machine may be anything. One that is too long ends with "...". */
static void fill(char *to, size_t room, const char *fmt, va_list ap)
{
	char text[1024];
	size_t len, kept = room - sizeof("...");
	bool cut = vsnprintf(text, sizeof(text), fmt, ap) >= (int)sizeof(text);

	text_make_visible(text, sizeof(text));
	len = strlen(text);
	if (!cut && len < room) {
		memcpy(to, text, len + 1);
		return;
	}
	/* No text ends within a character. */
	while (kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80)
		kept--;
	memcpy(to, text, kept);
	memcpy(to + kept, "...", sizeof("..."));
}

static void fill_remedy(struct fs_reason *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(reason->remedy, sizeof(reason->remedy), fmt, ap);
	va_end(ap);
}

int fs_because_va(struct fs_reason *why, int err, const char *remedy, const char *fmt, va_list ap)
{
	struct fs_reason reason; /* the arguments may point into *why */

	fill(reason.what, sizeof(reason.what), fmt, ap);
	fill_remedy(&reason, "%s", remedy);
	if (why != NULL)
		*why = reason;
	return err;
}

int fs_because(struct fs_reason *why, int err, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fs_because_va(why, err, remedy, fmt, ap);
	va_end(ap);
	return err;
}

int fs_no_memory(struct fs_reason *why)
{
	return fs_because(why, -ENOMEM, "close other programs, or measure less at once", "out of memory");
}

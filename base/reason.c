/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reason.c - why something cannot be done, and what the user can do about it.
 */
#include "config.h"

#include "base/reason.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * Reasons go to terminals and into records: what they quote of files and of the machine may be anything, and of any length. Nothing is allocated for
 * a text of usual length: the reason may be that there is no memory.
 */
static void fill(char to[FS_REASON_BYTES], const char *fmt, va_list ap)
{
	char usual[1024], *text = usual, *visible;
	va_list again;

	va_copy(again, ap);
	if (!text_fit_va(usual, sizeof(usual), fmt, ap) && vasprintf(&text, fmt, again) < 0)
		text = usual;
	va_end(again);
	visible = text_is_plain(text, false) ? text : text_visible(text, false);
	if (visible == NULL) {
		text_make_visible(text, strlen(text) + 1);
		visible = text;
	}
	text_shorten(visible, FS_REASON_BYTES);
	memcpy(to, visible, strlen(visible) + 1);
	if (visible != text)
		free(visible);
	if (text != usual)
		free(text);
}

static void fill_remedy(struct fs_reason *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(reason->remedy, fmt, ap);
	va_end(ap);
}

int fs_because_va(struct fs_reason *why, int err, const char *remedy, const char *fmt, va_list ap)
{
	struct fs_reason reason; /* the arguments may point into *why */

	fill(reason.what, fmt, ap);
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

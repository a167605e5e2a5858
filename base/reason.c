/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reason.c - why something cannot be done, and what the user can do about it.
 */
#include "config.h"

#include "base/reason.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

int fs_because(struct fs_reason *why, int err, const char *remedy, const char *fmt, ...)
{
	struct fs_reason reason; /* the arguments may point into *why */
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason.what, sizeof(reason.what), fmt, ap);
	va_end(ap);
	snprintf(reason.remedy, sizeof(reason.remedy), "%s", remedy);
	/* They go to terminals and into records: what they quote of files and of the machine may be anything. */
	text_make_visible(reason.what, sizeof(reason.what));
	text_make_visible(reason.remedy, sizeof(reason.remedy));
	if (why != NULL)
		*why = reason;
	return err;
}

int fs_no_memory(struct fs_reason *why)
{
	return fs_because(why, -ENOMEM, "close other programs, or measure less at once", "out of memory");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stamp.c - the time of day as text; see stamp.h.
 */
#include "config.h"

#include "base/stamp.h"

#include <time.h>

void stamp_utc(char text[STAMP_TEXT])
{
	time_t now = time(NULL);
	struct tm tm;

	strftime(text, STAMP_TEXT, STAMP_UTC, gmtime_r(&now, &tm));
}

void stamp_name(char text[STAMP_TEXT])
{
	time_t now = time(NULL);
	struct tm tm;

	strftime(text, STAMP_TEXT, "%Y%m%d-%H%M%S", localtime_r(&now, &tm));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * duration.c - durations as people write and read them; see duration.h.
 */
#include "config.h"

#include "base/duration.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int duration_parse(const char *text, double *seconds)
{
	const char *p = text;

	*seconds = 0;
	do {
		char *end;
		double value;

		if (!isdigit((unsigned char)*p))
			return -EINVAL;
		value = strtod(p, &end);
		if (*end == 'h')
			value *= 3600;
		else if (*end == 'm')
			value *= 60;
		else if (*end != 's' && *end != '\0')
			return -EINVAL;
		*seconds += value;
		p = *end == '\0' ? end : end + 1;
	} while (*p != '\0');
	return *seconds <= DURATION_MAX_S ? 0 : -EINVAL;
}

void duration_put(double seconds, char text[DURATION_TEXT])
{
	unsigned s = seconds > 0 ? (unsigned)(fmin(seconds, DURATION_MAX_S) + 0.5) : 0;

	if (s >= 3600)
		snprintf(text, DURATION_TEXT, "%uh%02um", s / 3600, s / 60 % 60);
	else if (s >= 60)
		snprintf(text, DURATION_TEXT, "%um%02us", s / 60, s % 60);
	else
		snprintf(text, DURATION_TEXT, "%us", s);
}

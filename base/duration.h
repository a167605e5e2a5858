/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * duration.h - durations as people write and read them.
 */
#ifndef FIVESTEP_DURATION_H
#define FIVESTEP_DURATION_H

#include <stddef.h>

#define DURATION_MAX_S 8.64e7 /* 1000 days */
#define DURATION_TEXT  24

/* "90s", "8m", "1h30m", "120": seconds, up to DURATION_MAX_S. -EINVAL */
int duration_parse(const char *text, double *seconds);
/* "3m10s"; "0s" if it is negative or not a number. */
void duration_put(double seconds, char text[DURATION_TEXT]);

#endif

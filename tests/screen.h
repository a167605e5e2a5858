/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * screen.h - standard error as a terminal of a given width, and what was written there: for tests of what a person sees.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>

/* Makes a terminal of COLUMNS standard error until screen_close(). False: no pseudo-terminal is available, and standard error is what it was. */
bool screen_open(unsigned short columns);

/* All that was written since the last call, to the last byte; valid until the next. The kernel passes the bytes on when it likes, in pieces. */
const char *screen_written(void);

void screen_close(void);

#endif

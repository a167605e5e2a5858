/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * say.h - every message on standard error has this form:
 *
 *     fivestep: COMMAND: REASON
 *     what to do: REMEDY
 *
 * The second line is left out where there is no remedy. Both are one line each, made visible (text.h): they may quote files and the machine.
 */
#ifndef FIVESTEP_SAY_H
#define FIVESTEP_SAY_H

#include "base/reason.h"

#define SAY_REMEDY "what to do: "

/* A command is "run", "guest run", or "" for fivestep itself. */
void say(const char *command, const char *fmt, ...) FS_PRINTF(2, 3);
void say_error(const char *command, const struct fs_reason *why);
/* The same for reasons of any length. */
void say_with_remedy(const char *command, const char *remedy, const char *fmt, ...) FS_PRINTF(3, 4);
/* The second line alone, where a library has printed the first. */
void say_remedy(const char *fmt, ...) FS_PRINTF(1, 2);

#endif

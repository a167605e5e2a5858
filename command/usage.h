/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage.h - how commands read their options: "Usage: fivestep COMMAND ...", and errors of usage in the form of all errors (base/say.h).
 */
#ifndef FIVESTEP_COMMAND_USAGE_H
#define FIVESTEP_COMMAND_USAGE_H

#include <argp.h>

#include "base/reason.h"

/* argp_parse() for a command: "run", "guest run". A wrong option ends the process with EXIT_USAGE. */
void usage_parse(const char *command, const struct argp *argp, int argc, char **argv, void *input);
/* Replaces argp_error(): says what is wrong, names --help, and ends the process with EXIT_USAGE. */
void usage_error(const struct argp_state *state, const char *fmt, ...) FS_PRINTF(2, 3) __attribute__((noreturn));
/* The value of --margin: "5" or "5%". Anything else is an error of usage. */
double usage_margin(const struct argp_state *state, const char *text);

#endif

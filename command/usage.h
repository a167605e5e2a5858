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
/* A word after the command that says what is to be done. The last action of a list has no name. */
struct usage_action {
	const char *name, *usage, *help;
};
/* For argp's help_filter: the list of actions above the options. action(i): the i-th. */
char *usage_actions(int key, const char *text, const struct usage_action *(*action)(size_t i));
/* Its place in the list; a word that is none of them is an error of usage, which names the nearest. */
size_t usage_action_of(const char *name, const struct argp_state *state, const struct usage_action *(*action)(size_t i));
/* The value of --margin: "5" or "5%". Anything else is an error of usage. */
double usage_margin(const struct argp_state *state, const char *text);
/* --size of every command that draws: its key, its line in the list of options, and its value in mm. Anything else is an error of usage. */
#define USAGE_SIZE 0x1ff
#define USAGE_SIZE_OPTION                                                                                                                            \
	{                                                                                                                                            \
		"size", USAGE_SIZE, "WIDTH", 0,                                                                                                      \
			"width of the PDFs, for print: 84mm for a paper's column, 176mm for its page. Letters have 8 points, the title is left to "  \
			"the "                                                                                                                       \
			"caption, and the scripts and numbers to draw them differently are in DIR/data",                                             \
			0                                                                                                                            \
	}
double usage_size(const struct argp_state *state, const char *text);

#endif

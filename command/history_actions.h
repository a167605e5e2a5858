/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_actions.h - the actions of fivestep history, one entry each.
 */
#ifndef FIVESTEP_COMMAND_HISTORY_ACTIONS_H
#define FIVESTEP_COMMAND_HISTORY_ACTIONS_H

#include "analysis/history/index.h"
#include "command/command.h"
#include "command/usage.h"

struct history_action;

/* The parsed command line. */
struct history_command {
	const char *db, *since, *why, *dir, *label;
	double margin_pct, paper_mm;
	size_t n_new;
	bool json, forget, all, label_files;
	const char *given[16]; /* options that not every action takes, each once: more than there are */
	size_t n_given;
	const struct history_action *action;
	char **args;
	size_t n;
};

/* The word after "history". */
struct history_action {
	struct usage_action word;
	const char *options; /* names of the options it takes, separated by blanks */
	size_t least, most;  /* number of arguments */
	enum index_use use;  /* how the index is opened */
	bool sets;	     /* with more than the least arguments it writes to the index */
	int (*run)(struct index *index, const struct history_command *options, struct fs_reason *why);
};

extern const struct history_action history_actions[]; /* the last one has no name */

/* Prints the error and returns the exit status; EXIT_FINE for 0. */
int history_end(int err, const struct fs_reason *why);

#endif

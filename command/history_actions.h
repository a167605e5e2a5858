/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_actions.h - what fivestep history can do: one entry an action.
 */
#ifndef FIVESTEP_COMMAND_HISTORY_ACTIONS_H
#define FIVESTEP_COMMAND_HISTORY_ACTIONS_H

#include "analysis/history/index.h"
#include "command/command.h"

struct history_action;

/* The command line, read. */
struct history_command {
	const char *db, *since, *why, *dir;
	double margin_pct;
	size_t n_new;
	bool json, forget;
	const char *given[8]; /* options that are not for every action, as they were written */
	size_t n_given;
	const struct history_action *action;
	char **args;
	size_t n;
};

/* What comes after "history". */
struct history_action {
	const char *name, *usage, *help;
	const char *options; /* names of those it takes, apart by blanks */
	size_t least, most;  /* arguments */
	enum index_use use;  /* of the index */
	bool sets;	     /* with one argument more than the least it writes to the index */
	int (*run)(struct index *index, const struct history_command *options, struct fs_reason *why);
};

extern const struct history_action history_actions[]; /* ends with one without name */

/* Says what went wrong, and gives the exit status; EXIT_FINE for 0. */
int history_end(int err, const struct fs_reason *why);

#endif

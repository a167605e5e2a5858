/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_actions.h - the actions of fivestep fleet, and what their options say.
 */
#ifndef FIVESTEP_COMMAND_FLEET_ACTIONS_H
#define FIVESTEP_COMMAND_FLEET_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "command/command.h"
#include "fleet/manifest.h"

struct fleet_command;

struct fleet_action {
	const char *name, *usage, *help;
	const char *options; /* the long options that it takes, each between commas */
	size_t least, most;  /* arguments */
	enum exit_status (*run)(const struct fleet_command *command);
};
extern const struct fleet_action fleet_actions[]; /* until name is NULL */

struct fleet_command {
	const struct fleet_action *action;
	char **args;
	size_t n;
	const char *nodes, *output, *program, *bundle;
	const char *pass[MANIFEST_PASSES];
	double time_s; /* 0: from the plan's estimate */
	unsigned at_once, array;
	bool dry_run;
	const char *given[24]; /* long names of the options given */
	size_t n_given;
};

enum exit_status fleet_submit(const struct fleet_command *command);

#endif

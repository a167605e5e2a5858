/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_actions.h - the actions of fivestep fleet, and what their options say.
 */
#ifndef FIVESTEP_COMMAND_FLEET_ACTIONS_H
#define FIVESTEP_COMMAND_FLEET_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "command/command.h"
#include "command/usage.h"
#include "fleet/manifest.h"
#include "fleet/queue.h"
#include "fleet/states.h"

struct fleet_command;

struct fleet_action {
	struct usage_action word;
	const char *options; /* the long options that it takes, each between commas */
	size_t least, most;  /* arguments */
	enum exit_status (*run)(const struct fleet_command *command);
};
extern const struct fleet_action fleet_actions[]; /* until name is NULL */

struct fleet_command {
	const struct fleet_action *action;
	char **args;
	size_t n;
	const char *nodes, *output, *resume, *program, *bundle;
	const char *pass[MANIFEST_PASSES];
	double time_s; /* 0: from the plan's estimate */
	unsigned at_once;
	bool dry_run, json, all, together;
	double margin_pct;     /* 0: the default */
	const char *given[32]; /* long names of the options given, each once: more than there are */
	size_t n_given;
};

/* A fleet as it is now. */
struct fleet_states {
	struct manifest manifest;
	struct queue queue;
	struct states states;
};

/* Reads it. submits: it is locked, and Slurm must answer. 0, or -errno with the reason; call fleet_states_free() in any case. */
int fleet_states_load(struct fleet_states *fleet, const char *folder, bool submits, struct fs_reason *why);
void fleet_states_free(struct fleet_states *fleet);
/* Says what is wrong. */
enum exit_status fleet_fail(int err, const struct fs_reason *why);

enum exit_status fleet_submit(const struct fleet_command *command);
enum exit_status fleet_status(const struct fleet_command *command);
enum exit_status fleet_digest(const struct fleet_command *command);
enum exit_status fleet_collect(const struct fleet_command *command);
enum exit_status fleet_report(const struct fleet_command *command);
enum exit_status fleet_compare(const struct fleet_command *command);

#endif

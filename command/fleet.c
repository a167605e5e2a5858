/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet.c - fivestep fleet: many nodes, one run each, by Slurm. This file has the options; the actions are in command/fleet_*.c, the work is in
 * fleet/.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/names.h"
#include "command/fleet_actions.h"
#include "command/usage.h"

enum { KEY_NODES = 256, KEY_TOGETHER, KEY_MARGIN, KEY_RESUME, KEY_PROGRAM, KEY_BUNDLE, KEY_TIME, KEY_AT_ONCE, KEY_DRY_RUN, KEY_PASS };

const struct fleet_action fleet_actions[] = {
	{{"submit", "PLAN --nodes LIST -o FOLDER | --resume FOLDER",
		 "submit a Slurm job for each node, which has it for itself; FOLDER is shared by all of them"},
		",nodes,output,resume,program,bundle,time,at-once,together,dry-run,pass,", 0, 1, fleet_submit},
	{{"status", "FOLDER", "list the nodes that are not complete, and why"}, ",json,", 1, 1, fleet_status},
	{{"digest", "RUN...", "write the digest of each complete run beside it, which report and compare read instead; a task does it for its own"},
		",", 1, SIZE_MAX, fleet_digest},
	{{"collect", "FOLDER -o RUNS", "copy the complete runs with their digests to the folder RUNS, each as NODE.jsonl, and list the other nodes"},
		",output,", 1, 1, fleet_collect},
	{{"report", "FOLDER",
		 "show the complete nodes side by side, those of one identity together: which are odd, in what, and what sets them apart"},
		",output,json,all,margin,", 1, 1, fleet_report},
	{{"compare", "A B", "compare each node of fleet A with itself in fleet B, or folders of collect: which changed, the most changed first"},
		",json,all,margin,", 2, 2, fleet_compare},
	{.word = {0}},
};

static const struct usage_action *nth_action(size_t i)
{
	return &fleet_actions[i].word;
}

static void check(const struct fleet_command *command, struct argp_state *state)
{
	for (size_t i = 0; i < command->n_given; i++)
		if (names_match(command->action->options, command->given[i]) != NAMES_EXACT)
			usage_error(state, "fleet %s does not take --%s", command->action->word.name, command->given[i]);
}

static error_t parse_args(struct fleet_command *command, struct argp_state *state)
{
	char **args = state->argv + state->next;
	size_t n = (size_t)(state->argc - state->next);

	command->action = &fleet_actions[usage_action_of(args[0], state, nth_action)];
	command->args = args + 1;
	command->n = n - 1;
	if (command->n < command->action->least || command->n > command->action->most)
		usage_error(state, "usage: fleet %s %s", command->action->word.name, command->action->word.usage);
	return 0;
}

static unsigned parse_count(const char *name, const char *text, struct argp_state *state)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long n = digits > 0 && digits < 8 && text[digits] == '\0' ? strtoul(text, NULL, 10) : 0;

	if (n == 0)
		usage_error(state, "--%s is a number of tasks, not %s", name, text);
	return (unsigned)n;
}

static const char *name_of(int key, const struct argp_option *options)
{
	for (; options->name != NULL; options++)
		if (options->key == key)
			return options->name;
	return "";
}

static const struct argp_option option_list[] = {
	{"nodes", KEY_NODES, "LIST", 0, "the nodes, as Slurm lists them: 'n[1-16],gpu01'", 1},
	{"output", 'o', "FOLDER", 0,
		"the new folder for everything, on a file system that all nodes share; of collect: the folder for the runs; of report: the folder "
		"for a page",
		1},
	{"resume", KEY_RESUME, "FOLDER", 0, "submit only nodes without a complete run that Slurm has no task for; begun runs are continued", 1},
	{"dry-run", KEY_DRY_RUN, NULL, 0, "print the commands as a shell reads them; submit and write nothing", 1},
	{"program", KEY_PROGRAM, "PATH", 0, "fivestep on the nodes (default: the path of this one)", 2},
	{"bundle", KEY_BUNDLE, "FILE", 0, "what `make bundle` made, in a folder that all nodes share: each task unpacks and runs it", 2},
	{"time", KEY_TIME, "DUR", 0, "time limit of a task (default: 5 minutes more than the plan needs at most)", 2},
	{"at-once", KEY_AT_ONCE, "N", 0, "at most N nodes at the same time: each job waits for the one N places before it", 2},
	{"together", KEY_TOGETHER, NULL, 0, "each node waits until all of them have started: to see what shared power and cooling do", 2},
	{"json", 'j', NULL, 0, "print JSON", 2},
	{"all", 'a', NULL, 0, "report every metric and every outlier, not only the first of them; compare: list every node that changed", 2},
	{"margin", KEY_MARGIN, "PCT", 0,
		"a node within this of the median is not odd; compare: a smaller change is none (default: that of fivestep compare)", 2},
	{0, 0, 0, 0, "Passed on to sbatch:", 3},
	{"partition", KEY_PASS + PASS_PARTITION, "NAME", 0, "", 3},
	{"constraint", KEY_PASS + PASS_CONSTRAINT, "LIST", 0, "", 3},
	{"reservation", KEY_PASS + PASS_RESERVATION, "NAME", 0, "", 3},
	{"account", KEY_PASS + PASS_ACCOUNT, "NAME", 0, "", 3},
	{"qos", KEY_PASS + PASS_QOS, "NAME", 0, "", 3},
	{"gres", KEY_PASS + PASS_GRES, "LIST", 0, "generic resources, such as gpu:4", 3},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct fleet_command *command = state->input;

	switch (key) {
	case KEY_NODES:
		command->nodes = arg;
		return 0;
	case 'o':
		command->output = arg;
		return 0;
	case KEY_RESUME:
		command->resume = arg;
		return 0;
	case 'j':
		command->json = true;
		return 0;
	case KEY_TOGETHER:
		command->together = true;
		return 0;
	case 'a':
		command->all = true;
		return 0;
	case KEY_MARGIN:
		command->margin_pct = usage_margin(state, arg);
		return 0;
	case KEY_DRY_RUN:
		command->dry_run = true;
		return 0;
	case KEY_PROGRAM:
		command->program = arg;
		return 0;
	case KEY_BUNDLE:
		command->bundle = arg;
		return 0;
	case KEY_TIME:
		if (duration_parse(arg, &command->time_s) != 0 || command->time_s <= 0)
			usage_error(state, "--time is a duration such as 90s, 8m or 1h30m, not %s", arg);
		return 0;
	case KEY_AT_ONCE:
		command->at_once = parse_count("at-once", arg, state);
		return 0;
	default:
		if (key < KEY_PASS || key >= KEY_PASS + MANIFEST_PASSES)
			return ARGP_ERR_UNKNOWN;
		command->pass[key - KEY_PASS] = arg;
		return 0;
	}
}

/* Once. */
static void note_given(struct fleet_command *command, const char *name)
{
	bool is_new = true;

	for (size_t i = 0; i < command->n_given; i++)
		is_new = is_new && strcmp(command->given[i], name) != 0;
	if (is_new)
		command->given[command->n_given++] = name;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct fleet_command *command = state->input;
	error_t err;

	switch (key) {
	case ARGP_KEY_ARGS:
		return parse_args(command, state);
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no action named");
	case ARGP_KEY_SUCCESS:
		check(command, state);
		return 0;
	default:
		err = parse_option(key, arg, state);
		if (err == 0)
			note_given(command, key >= KEY_PASS ? "pass" : name_of(key, option_list));
		return err;
	}
}

static char *add_actions(int key, const char *text, void *input)
{
	(void)input;
	return usage_actions(key, text, nth_action);
}

static const struct argp fleet_argp = {
	.options = option_list,
	.parser = parse,
	.help_filter = add_actions,
	.args_doc = "ACTION [ARG...]",
	.doc = "Measures a plan on many nodes by Slurm, and shows which are odd."
	       "\vSlurm schedules and distributes; nothing here does. Names and paths reach its commands as they are, without a shell.\n\n"
	       "Exit status: 0 success, of status and collect: every node is complete; 4 nodes are missing or torn, 5 tasks still wait or run. "
	       "Of compare: 1 a node is slower or changed, 3 no node can be compared, 4 some nodes cannot, 5 a node is SUSPECT or DISTURBED.",
};

static int command_fleet_run(int argc, char **argv)
{
	struct fleet_command command = {0};

	usage_parse("fleet", &fleet_argp, argc, argv, &command);
	return command.action->run(&command);
}

const struct command command_fleet = {
	.name = "fleet",
	.usage = "ACTION [ARG...]",
	.summary = "measure many nodes by Slurm: which of them are odd",
	.run = command_fleet_run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.c - fivestep show RUN...: the table of one or more runs. The work is done in analysis/summary/show.c.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/show.h"
#include "base/say.h"
#include "command/runs.h"
#include "command/usage.h"

struct options {
	bool json, all;
	char **paths;
	int n;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'j':
		options->json = true;
		return 0;
	case 'a':
		options->all = true;
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "name at least one run file");
	default:
		(void)arg;
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"json", 'j', NULL, 0, "print a JSON array with every metric of every cell", 0},
	{"all", 'a', NULL, 0, "show every metric and step, not only the first ones, and every skipped cell", 0},
	{0},
};
static const struct argp show_argp = {
	.options = option_list, .parser = parse, .args_doc = "RUN...", .doc = "Shows the results of runs, one row for each cell and metric."};

static int command_show_run(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	int status, err;

	usage_parse("show", &show_argp, argc, argv, &options);
	status = runs_load(&runs, "show", options.paths, (size_t)options.n, RUNS_WHOLE);
	if (status != EXIT_FINE)
		goto out;
	status = runs_status(&runs);
	err = options.json ? show_json(runs.summaries, runs.n, stdout) : show_table(runs.summaries, runs.n, options.all, stdout);
	if (err) {
		say("show", "cannot write: %s", strerror(-err));
		status = EXIT_OWN_ERROR;
	}
out:
	runs_free(&runs);
	return status;
}

const struct command command_show = {
	.name = "show",
	.usage = "RUN... [--json] [--all]",
	.summary = "show a run as a table: cell, metric, median, 95 % interval, rounds",
	.run = command_show_run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.c - fivestep show RUN...: the table of one or more runs. All the work is analysis/summary/show.c's.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/show.h"
#include "command/runs.h"

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
	case ARGP_KEY_INIT:
		state->name = "fivestep show";
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which run? name at least one file");
		return EINVAL;
	default:
		(void)arg;
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"json", 'j', NULL, 0, "a JSON array on standard output, with every metric of every cell", 0},
	{"all", 'a', NULL, 0, "every metric and step, not only the first ones; every cell that was skipped", 0},
	{0},
};
static const struct argp show_argp = {
	.options = option_list, .parser = parse, .args_doc = "RUN...", .doc = "Shows what runs say, one row for each cell and metric."};

static int command_show_run(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	int status, err;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&show_argp, argc, argv, 0, NULL, &options))
		return EXIT_USAGE;
	status = runs_load(&runs, "show", options.paths, (size_t)options.n, RUNS_WHOLE);
	if (status != EXIT_FINE)
		goto out;
	status = runs_status(&runs);
	err = options.json ? show_json(runs.summaries, runs.n, stdout) : show_table(runs.summaries, runs.n, options.all, stdout);
	if (err) {
		fprintf(stderr, "fivestep: show: cannot write: %s\n", strerror(-err));
		status = EXIT_OWN_ERROR;
	}
out:
	runs_free(&runs);
	return status;
}

const struct command command_show = {
	.name = "show",
	.usage = "RUN... [--json] [--all]",
	.summary = "table of a run: cell, metric, median, 95 % interval, rounds",
	.run = command_show_run,
};

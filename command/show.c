/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.c - fivestep show RUN...: the table of one or more runs. The work is done in analysis/summary/show.c.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/brief/brief.h"
#include "analysis/summary/show.h"
#include "base/pager.h"
#include "base/say.h"
#include "base/terminal.h"
#include "command/runs.h"
#include "command/usage.h"

struct options {
	bool json, table, all;
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
	case 't':
		options->table = true;
		return 0;
	case 'a':
		options->all = options->table = true;
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
	{"table", 't', NULL, 0, "show one line for each cell and main metric, with its interval, rounds and notes", 0},
	{"all", 'a', NULL, 0, "the same for every metric and step, and every skipped cell", 0},
	{0},
};
static const struct argp show_argp = {.options = option_list,
	.parser = parse,
	.args_doc = "RUN...",
	.doc = "Shows the results of runs in one screen, the same work in a row and its ways of sharing in columns. --table and --all have one line "
	       "for "
	       "each cell and metric."};

static int show(const struct options *options, const struct runs *runs)
{
	int err = 0;

	if (!options->json)
		pager_start();
	if (options->json)
		err = show_json(runs->summaries, runs->n, stdout);
	else if (options->table)
		err = show_table(runs->summaries, runs->n, options->all, stdout);
	for (size_t i = 0; i < runs->n && !options->json && !options->table && err == 0; i++) {
		if (i > 0)
			putchar('\n');
		/* In the guest the file has a name that only the launcher on the host knows. */
		err = brief_show(
			&runs->summaries[i], getenv("FIVESTEP_RECORD_COPY") != NULL ? NULL : runs->files[i].path, terminal_columns(stdout), stdout);
	}
	return err;
}

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
	err = show(&options, &runs);
	if (err != 0) {
		say("show", "cannot write: %s", strerror(-err));
		status = EXIT_OWN_ERROR;
	}
out:
	runs_free(&runs);
	return status;
}

const struct command command_show = {
	.name = "show",
	.usage = "RUN... [--table] [--all] [--json]",
	.summary = "the results of runs: on one screen, as a table, as JSON",
	.run = command_show_run,
};

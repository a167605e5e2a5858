/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.c - fivestep show RUN...: the table of one or more runs. All the work is analysis/show.c's.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/show.h"
#include "harness/command.h"

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
	{"all", 'a', NULL, 0, "every metric and step, not only the first ones", 0},
	{0},
};
static const struct argp show_argp = {
	.options = option_list, .parser = parse, .args_doc = "RUN...", .doc = "Shows what runs say, one row for each cell and metric."};

/* Loads and summarises one run, saying on standard error what of it could not be used. */
static bool load(const char *path, struct runfile *run, struct summary *summary)
{
	struct fs_reason why = {0};

	if (runfile_load(path, run, &why)) {
		fprintf(stderr, "fivestep: show: %s%s%s\n", why.what, *why.remedy ? " -> " : "", why.remedy);
		return false;
	}
	for (size_t w = 0; w < run->n_warnings; w++)
		fprintf(stderr, "fivestep: show: %s\n", run->warnings[w]);
	if (summary_make(run, summary)) {
		fprintf(stderr, "fivestep: show: out of memory\n");
		return false;
	}
	return true;
}

static int command_show_run(int argc, char **argv)
{
	static const int status_of[] = {[SUMMARY_FINE] = EXIT_FINE, [SUMMARY_BAD_DATA] = EXIT_BAD_DATA, [SUMMARY_ALL_SKIPPED] = EXIT_ALL_SKIPPED};
	struct options options = {0};
	struct runfile *runs = NULL;
	struct summary *summaries = NULL;
	int status = EXIT_OWN_ERROR, err;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&show_argp, argc, argv, 0, NULL, &options))
		return EXIT_USAGE;
	runs = calloc((size_t)options.n, sizeof(*runs));
	summaries = calloc((size_t)options.n, sizeof(*summaries));
	if (!runs || !summaries)
		goto out;
	for (int i = 0; i < options.n; i++)
		if (!load(options.paths[i], &runs[i], &summaries[i]))
			goto out;
	err = options.json ? show_json(summaries, (size_t)options.n, stdout) : show_table(summaries, (size_t)options.n, options.all, stdout);
	if (err) {
		fprintf(stderr, "fivestep: show: cannot write: %s\n", strerror(-err));
		goto out;
	}
	status = status_of[summary_judge(runs, (size_t)options.n)];
out:
	for (int i = 0; i < options.n; i++) {
		if (summaries)
			summary_free(&summaries[i]);
		if (runs)
			runfile_free(&runs[i]);
	}
	free(summaries);
	free(runs);
	return status;
}

const struct command command_show = {
	.name = "show",
	.usage = "RUN... [--json] [--all]",
	.summary = "table of a run: cell, metric, median, 95 % interval, rounds",
	.run = command_show_run,
};

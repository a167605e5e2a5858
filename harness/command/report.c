/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - fivestep report RUN... -o DIR: a page, the same in Markdown, and pictures. All the work is analysis/report.c's.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report.h"
#include "harness/command/runs.h"

struct options {
	const char *dir;
	char **paths;
	int n;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'o':
		options->dir = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->name = "fivestep report";
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which run? name at least one file");
		return EINVAL;
	case ARGP_KEY_SUCCESS:
		if (!options->dir)
			argp_error(state, "where to? -o DIR names the folder to write");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"output", 'o', "DIR", 0, "folder of the report: index.html, report.md, pictures; made if it is not there", 0},
	{0},
};
static const struct argp report_argp = {.options = option_list,
	.parser = parse,
	.args_doc = "RUN... -o DIR",
	.doc = "Writes what runs say as a self-contained page, in Markdown and in pictures."};

static int command_report_run(int argc, char **argv)
{
	struct fs_reason pictures = {0}, why = {0};
	struct report_input *inputs = NULL;
	struct options options = {0};
	struct runs runs = {0};
	int status, err;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&report_argp, argc, argv, 0, NULL, &options))
		return EXIT_USAGE;
	status = runs_load(&runs, "report", options.paths, (size_t)options.n);
	if (status != EXIT_FINE)
		goto out;
	status = EXIT_OWN_ERROR;
	inputs = calloc(runs.n, sizeof(*inputs));
	if (!inputs)
		goto out;
	for (size_t i = 0; i < runs.n; i++)
		inputs[i] = (struct report_input){&runs.files[i], &runs.summaries[i]};
	err = report_write(inputs, runs.n, options.dir, &pictures, &why);
	if (err) {
		fprintf(stderr, "fivestep: report: %s%s%s\n", why.what, *why.remedy ? " -> " : "", why.remedy);
		status = runs_status_of(err);
		goto out;
	}
	if (*pictures.what)
		fprintf(stderr, "fivestep: report: no pictures: %s -> %s\n", pictures.what, pictures.remedy);
	status = runs_status(&runs);
out:
	free(inputs);
	runs_free(&runs);
	return status;
}

const struct command command_report = {
	.name = "report",
	.usage = "RUN... -o DIR",
	.summary = "a run as a self-contained page, in Markdown and in pictures",
	.run = command_report_run,
};

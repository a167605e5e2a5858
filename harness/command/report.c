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
#include "harness/command.h"

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

static bool load(const char *path, struct runfile *run, struct summary *summary, struct report_input *input)
{
	struct fs_reason why = {0};

	if (runfile_load(path, run, &why)) {
		fprintf(stderr, "fivestep: report: %s%s%s\n", why.what, *why.remedy ? " -> " : "", why.remedy);
		return false;
	}
	for (size_t w = 0; w < run->n_warnings; w++)
		fprintf(stderr, "fivestep: report: %s\n", run->warnings[w]);
	if (summary_make(run, summary)) {
		fprintf(stderr, "fivestep: report: out of memory\n");
		return false;
	}
	*input = (struct report_input){run, summary};
	return true;
}

static int command_report_run(int argc, char **argv)
{
	static const int status_of[] = {[SUMMARY_FINE] = EXIT_FINE, [SUMMARY_BAD_DATA] = EXIT_BAD_DATA, [SUMMARY_ALL_SKIPPED] = EXIT_ALL_SKIPPED};
	struct fs_reason pictures = {0}, why = {0};
	struct options options = {0};
	struct runfile *runs = NULL;
	struct summary *summaries = NULL;
	struct report_input *inputs = NULL;
	int status = EXIT_OWN_ERROR;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&report_argp, argc, argv, 0, NULL, &options))
		return EXIT_USAGE;
	runs = calloc((size_t)options.n, sizeof(*runs));
	summaries = calloc((size_t)options.n, sizeof(*summaries));
	inputs = calloc((size_t)options.n, sizeof(*inputs));
	if (!runs || !summaries || !inputs)
		goto out;
	for (int i = 0; i < options.n; i++)
		if (!load(options.paths[i], &runs[i], &summaries[i], &inputs[i]))
			goto out;
	if (report_write(inputs, (size_t)options.n, options.dir, &pictures, &why)) {
		fprintf(stderr, "fivestep: report: %s%s%s\n", why.what, *why.remedy ? " -> " : "", why.remedy);
		goto out;
	}
	if (*pictures.what)
		fprintf(stderr, "fivestep: report: no pictures: %s -> %s\n", pictures.what, pictures.remedy);
	status = status_of[summary_judge(runs, (size_t)options.n)];
out:
	for (int i = 0; i < options.n; i++) {
		if (summaries)
			summary_free(&summaries[i]);
		if (runs)
			runfile_free(&runs[i]);
	}
	free(inputs);
	free(summaries);
	free(runs);
	return status;
}

const struct command command_report = {
	.name = "report",
	.usage = "RUN... -o DIR",
	.summary = "a run as a self-contained page, in Markdown and in pictures",
	.run = command_report_run,
};

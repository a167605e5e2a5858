/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - fivestep report RUN... -o DIR: a page, the same in Markdown, and pictures. All the work is analysis/report.c's.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/report.h"
#include "analysis/compare/unlike.h"
#include "command/runs.h"

enum { OPTION_BASE = 0x100 };

struct options {
	const char *dir, *base;
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
	case OPTION_BASE:
		options->base = arg;
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
		if (options->base && options->n != 1)
			argp_error(state, "--base is what one run is compared with");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"output", 'o', "DIR", 0, "folder of the report: index.html, report.md, pictures; made if it is not there", 0},
	{"base", OPTION_BASE, "RUN", 0, "draw the changes against this run of the same machine, too, as fivestep compare finds them", 0},
	{0},
};
static const struct argp report_argp = {.options = option_list,
	.parser = parse,
	.args_doc = "RUN... -o DIR",
	.doc = "Writes what runs say as a self-contained page, in Markdown and in pictures (SVG, PNG, PDF, each with its numbers).\v"
	       "First comes what was found and what it says of the claims about HMM and coherent memory, then each run: pictures, every number, what "
	       "was "
	       "skipped or does not count and why, the machine. Several runs, of a host and of its reference guest for instance, are set side by "
	       "side where they did the same work."};

/* The base's file is the last of runs. */
static int compare_with_base(const struct runs *runs, struct comparison *comparison)
{
	const struct runfile *base = &runs->files[1], *new = &runs->files[0];
	struct unlike unlike = {0};
	int status = EXIT_OWN_ERROR;

	if (strcmp(base->clock, new->clock) != 0) {
		fprintf(stderr, "fivestep: report: %s counts %s, %s %s: no comparison\n", base->path, base->clock, new->path, new->clock);
		return EXIT_NOT_COMPARABLE;
	}
	if (unlike_find(base, new, &unlike))
		goto out;
	status = EXIT_NOT_COMPARABLE;
	for (size_t i = 0; i < unlike.n; i++)
		if (unlike.fields[i].kind == UNLIKE_IDENTITY)
			fprintf(stderr, "fivestep: report: not the same machine: %s is %s in %s and %s in %s\n", unlike.fields[i].name,
				unlike.fields[i].base, base->path, unlike.fields[i].new, new->path);
	if (unlike_count(&unlike, UNLIKE_IDENTITY))
		goto out;
	status = compare_make(&runs->summaries[1], &runs->summaries[0], 0, comparison) ? EXIT_OWN_ERROR : EXIT_FINE;
out:
	unlike_free(&unlike);
	return status;
}

static int load(const struct options *options, struct runs *runs, struct comparison *comparison)
{
	char *paths[2] = {options->paths[0], (char *)options->base};
	int status;

	if (!options->base)
		return runs_load(runs, "report", options->paths, (size_t)options->n, RUNS_WHOLE);
	status = runs_load(runs, "report", paths, 2, RUNS_WHOLE);
	return status == EXIT_FINE ? compare_with_base(runs, comparison) : status;
}

static int write_report(const struct options *options, const struct runs *runs, const struct comparison *comparison)
{
	struct report_input *inputs = calloc((size_t)options->n, sizeof(*inputs));
	struct fs_reason pictures = {0}, why = {0};
	int status = EXIT_OWN_ERROR, err;

	if (!inputs)
		return status;
	for (int i = 0; i < options->n; i++)
		inputs[i] = (struct report_input){.run = &runs->files[i],
			.summary = &runs->summaries[i],
			.base = options->base ? &runs->files[1] : NULL,
			.comparison = options->base ? comparison : NULL};
	err = report_write(inputs, (size_t)options->n, options->dir, &pictures, &why);
	if (err) {
		fprintf(stderr, "fivestep: report: %s%s%s\n", why.what, *why.remedy ? " -> " : "", why.remedy);
		status = runs_status_of(err);
		goto out;
	}
	if (*pictures.what)
		fprintf(stderr, "fivestep: report: no pictures: %s -> %s\n", pictures.what, pictures.remedy);
	status = runs_status(runs);
out:
	free(inputs);
	return status;
}

static int command_report_run(int argc, char **argv)
{
	struct comparison comparison = {0};
	struct options options = {0};
	struct runs runs = {0};
	int status;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&report_argp, argc, argv, 0, NULL, &options))
		return EXIT_USAGE;
	status = load(&options, &runs, &comparison);
	if (status == EXIT_FINE)
		status = write_report(&options, &runs, &comparison);
	compare_free(&comparison);
	runs_free(&runs);
	return status;
}

const struct command command_report = {
	.name = "report",
	.usage = "RUN... -o DIR [--base RUN]",
	.summary = "a run as a self-contained page, in Markdown and in pictures",
	.run = command_report_run,
};

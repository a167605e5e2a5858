/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - fivestep report RUN... -o DIR: an HTML page, the same in Markdown, and pictures. The work is done in analysis/report/.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/report.h"
#include "analysis/compare/unlike.h"
#include "base/say.h"
#include "command/report_models.h"
#include "command/runs.h"
#include "command/usage.h"

enum { OPTION_BASE = 0x100, OPTION_MODEL, OPTION_PROGRAM };

struct options {
	const char *dir, *base, *model, *program;
	double paper_mm;
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
	case OPTION_MODEL:
		options->model = arg;
		return 0;
	case OPTION_PROGRAM:
		options->program = arg;
		return 0;
	case USAGE_SIZE:
		options->paper_mm = usage_size(state, arg);
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "name at least one run file");
	case ARGP_KEY_SUCCESS:
		if (options->dir == NULL)
			usage_error(state, "-o DIR, the folder to write to, is missing");
		if (options->base != NULL && options->n != 1)
			usage_error(state, "--base takes exactly one run to compare with it");
		if (options->program != NULL && options->model == NULL)
			usage_error(state, "--program is described for a model: with --model=RUN");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"output", 'o', "DIR", 0, "folder for the report: index.html, report.md, pictures; created if needed", 0},
	{"base", OPTION_BASE, "RUN", 0, "also draw the changes against this run of the same machine, as fivestep compare finds them", 0},
	{"model", OPTION_MODEL, "RUN", 0, "also predict the programs by what events cost in this calibration, as fivestep predict does", 0},
	{"program", OPTION_PROGRAM, "PROFILE", 0, "with --model: also a map of which way is best for this program, as fivestep advise draws it", 0},
	USAGE_SIZE_OPTION,
	{0},
};
static const struct argp report_argp = {.options = option_list,
	.parser = parse,
	.args_doc = "RUN... -o DIR",
	.doc = "Writes a report on runs as a self-contained HTML page, in Markdown, and as pictures (SVG, PNG, PDF, each with its data).\v"
	       "First the findings, and what they say about the claims on HMM and coherent memory; then each run: pictures, all numbers, what was "
	       "skipped or is invalid and why, and the machine. Several runs (such as a host and its reference guest) are shown side by side where "
	       "they did the same work."};

/* The base is the last file of runs. */
static int compare_with_base(const struct runs *runs, struct comparison *comparison)
{
	const struct runfile *base = &runs->files[1], *new = &runs->files[0];
	struct unlike unlike = {0};
	int status = EXIT_OWN_ERROR;

	if (strcmp(base->clock, new->clock) != 0) {
		say("report", "not comparable: the clock of %s is %s, of %s it is %s", base->path, base->clock, new->path, new->clock);
		return EXIT_NOT_COMPARABLE;
	}
	if (unlike_find(base, new, &unlike))
		goto out;
	status = EXIT_NOT_COMPARABLE;
	for (size_t i = 0; i < unlike.n; i++)
		if (unlike.fields[i].kind == UNLIKE_IDENTITY)
			say("report", "not the same machine: %s is %s in %s and %s in %s", unlike.fields[i].name, unlike.fields[i].base, base->path,
				unlike.fields[i].new, new->path);
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

	if (options->base == NULL)
		return runs_load(runs, "report", options->paths, (size_t)options->n, RUNS_WHOLE);
	status = runs_load(runs, "report", paths, 2, RUNS_WHOLE);
	return status == EXIT_FINE ? compare_with_base(runs, comparison) : status;
}

static int write_report(
	const struct options *options, const struct runs *runs, const struct comparison *comparison, const struct report_models *models)
{
	struct report_input *inputs = calloc((size_t)options->n, sizeof(*inputs));
	struct fs_reason pictures = {0}, why = {0};
	int status = EXIT_OWN_ERROR, err;

	if (inputs == NULL)
		return status;
	for (int i = 0; i < options->n; i++) {
		inputs[i] = (struct report_input){.run = &runs->files[i],
			.summary = &runs->summaries[i],
			.base = options->base != NULL ? &runs->files[1] : NULL,
			.comparison = options->base != NULL ? comparison : NULL};
		report_models_fill(models, (size_t)i, &inputs[i]);
	}
	err = report_write(
		inputs, (size_t)options->n, options->model != NULL ? &models->model : NULL, options->dir, options->paper_mm, &pictures, &why);
	if (err != 0) {
		say_error("report", &why);
		status = runs_status_of(err);
		goto out;
	}
	if (*pictures.what)
		say_with_remedy("report", pictures.remedy, "no pictures: %s", pictures.what);
	status = runs_status(runs);
out:
	free(inputs);
	return status;
}

static int command_report_run(int argc, char **argv)
{
	struct report_models models = {.n = 0};
	struct comparison comparison = {0};
	struct options options = {0};
	struct runs runs = {0};
	int status;

	usage_parse("report", &report_argp, argc, argv, &options);
	status = load(&options, &runs, &comparison);
	if (status == EXIT_FINE && options.model != NULL)
		status = report_models_make(&models, options.model, options.program, runs.files, (size_t)options.n);
	if (status == EXIT_FINE)
		status = write_report(&options, &runs, &comparison, &models);
	report_models_free(&models);
	compare_free(&comparison);
	runs_free(&runs);
	return status;
}

const struct command command_report = {
	.name = "report",
	.usage = "RUN... -o DIR [--base RUN] [--model RUN] [--size WIDTH]",
	.summary = "report on runs: a self-contained HTML page, Markdown, pictures",
	.run = command_report_run,
};

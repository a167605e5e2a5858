/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * export.c - fivestep export --format FORMAT RUN...: writes runs in the formats of other programs. Each format is a file in analysis/export/.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/export/export.h"
#include "base/say.h"
#include "command/runs.h"
#include "command/usage.h"
#include "base/names.h"
#include "harness/plan/registry.h"

struct options {
	const struct export_format *format;
	char **paths;
	int n;
};

static const struct export_format *find_format(const char *name)
{
	for (size_t i = 0; registry_exports[i] != NULL; i++)
		if (strcmp(registry_exports[i]->name, name) == 0)
			return registry_exports[i];
	return NULL;
}

static error_t parse_format(struct options *options, const char *name, struct argp_state *state)
{
	struct names_nearest nearest;
	char near[160];

	options->format = find_format(name);
	if (options->format != NULL)
		return 0;
	names_nearest_init(&nearest, name);
	for (size_t i = 0; registry_exports[i] != NULL; i++)
		names_nearest_offer(&nearest, registry_exports[i]->name);
	names_nearest_text(&nearest, near, sizeof(near));
	usage_error(state, "unknown format %s%s%s", name, *near ? "; " : "", near);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'f':
		return parse_format(options, arg, state);
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no run named");
	case ARGP_KEY_SUCCESS:
		if (options->format == NULL)
			usage_error(state, "--format FORMAT is missing");
		else if (options->n > 1 && !options->format->several)
			usage_error(state, "--format %s takes one run", options->format->name);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Prints the list of formats below the options. */
static char *add_formats(int key, const char *text, void *input)
{
	char *help = NULL;
	size_t bytes = 0;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC || (out = open_memstream(&help, &bytes)) == NULL)
		return (char *)text;
	fputs("Formats:\n", out);
	for (size_t i = 0; registry_exports[i] != NULL; i++)
		fprintf(out, "  %-12s %s%s\n", registry_exports[i]->name, registry_exports[i]->summary,
			registry_exports[i]->several ? " (several runs allowed)" : "");
	fprintf(out, "\n%s", text != NULL ? text : "");
	fclose(out);
	return help;
}

static const struct argp_option option_list[] = {
	{"format", 'f', "FORMAT", 0, "one of those below", 0},
	{0},
};
static const struct argp export_argp = {
	.options = option_list,
	.parser = parse,
	.help_filter = add_formats,
	.args_doc = "--format FORMAT RUN...",
	.doc = "Writes a run to standard output in a format of other programs. A missing value is left out or marked, never written as zero.\v"
	       "Exit status: 0 success, 4 failed or invalid rounds, 77 everything was skipped; the output is written in every case.",
};

static int command_export_run(int argc, char **argv)
{
	struct options options = {0};
	struct fs_reason why = {0};
	struct runs runs = {0};
	int status;

	usage_parse("export", &export_argp, argc, argv, &options);
	status = runs_load(&runs, "export", options.paths, (size_t)options.n, RUNS_WHOLE);
	if (status != EXIT_FINE)
		goto out;
	status = runs_status(&runs);
	if (options.format->write(runs.files, runs.summaries, runs.n, stdout, &why)) {
		say_error("export", &why);
		status = EXIT_OWN_ERROR;
	}
out:
	runs_free(&runs);
	return status;
}

const struct command command_export = {
	.name = "export",
	.usage = "--format FORMAT RUN...",
	.summary = "export a run: CSV, OpenMetrics, JUnit, Otava, Bencher",
	.run = command_export_run,
};

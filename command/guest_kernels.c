/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guest_kernels.c - fivestep guest kernels --draw RUN... -o DIR: the table, DIR/kernels.json and the picture DIR/kernels.svg; and --where BASE NEW:
 * the stages of the driver in which two kernels differ.
 */
#include "config.h"

#include <argp.h>
#include <stdio.h>

#include "analysis/history/kernels.h"
#include "base/say.h"
#include "base/text.h"
#include "command/command.h"
#include "command/guest_kernels.h"
#include "command/runs.h"
#include "command/usage.h"

#define NAME "guest kernels"

struct options {
	const char *dir;
	double paper_mm;
	bool where;
	char **paths;
	int n;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'd':
		return 0;
	case 'w':
		options->where = true;
		return 0;
	case 'o':
		options->dir = arg;
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
		if (options->where && options->n != 2)
			usage_error(state, "--where takes two runs");
		if (!options->where && options->dir == NULL)
			usage_error(state, "-o DIR, the folder to write to, is missing");
		if (options->where && options->paper_mm > 0)
			usage_error(state, "--size is the width of pictures: without --where");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"draw", 'd', NULL, 0, "draw runs that were measured before", 0},
	{"where", 'w', NULL, 0, "print in which stages of faults and migrations two runs differ", 0},
	{"output", 'o', "DIR", 0, "folder for kernels.json and the picture; created if needed", 0},
	USAGE_SIZE_OPTION,
	{0},
};
static const struct argp kernels_argp = {.options = option_list, .parser = parse, .args_doc = "--draw RUN... -o DIR\n--where BASE NEW"};

static int draw(const struct kernels *kernels, const char *dir, double paper_mm)
{
	struct fs_reason pictures = {0}, why = {0};
	char *path = text_format("%s/kernels.json", dir);
	int err = kernels_draw(kernels, dir, paper_mm, &pictures, &why);

	if (err == 0)
		err = path != NULL ? kernels_write_json(kernels, path, &why) : fs_no_memory(&why);
	free(path);
	if (err != 0)
		say_error(NAME, &why);
	else if (pictures.what[0] != '\0')
		say_with_remedy(NAME, pictures.remedy, "no picture: %s", pictures.what);
	return err == 0 ? EXIT_FINE : (int)runs_status_of(err);
}

static int table(const struct options *options, const struct runs *runs)
{
	struct fs_reason why = {0};
	struct kernels kernels;

	if (kernels_make(runs->files, runs->summaries, (size_t)options->n, &kernels, &why) != 0) {
		say_error(NAME, &why);
		return EXIT_USAGE;
	}
	kernels_print(&kernels, stdout);
	return draw(&kernels, options->dir, options->paper_mm);
}

int guest_kernels_show(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	int status;

	usage_parse(NAME, &kernels_argp, argc, argv, &options);
	status = runs_load(&runs, NAME, options.paths, (size_t)options.n, RUNS_WHOLE);
	if (status == EXIT_FINE && options.where)
		kernels_where(&runs.files[0], &runs.files[1], stdout);
	else if (status == EXIT_FINE)
		status = table(&options, &runs);
	if (status == EXIT_FINE)
		status = runs_status(&runs);
	runs_free(&runs);
	return status;
}

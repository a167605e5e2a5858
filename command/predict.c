/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict.c - fivestep predict --model RUN: what events cost on a machine, and what programs cost by their events. The work is done in
 * analysis/model.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/check.h"
#include "analysis/model/machines.h"
#include "analysis/model/predict_show.h"
#include "base/names.h"
#include "base/say.h"
#include "command/model_pages.h"
#include "command/predict_programs.h"
#include "command/runs.h"
#include "command/usage.h"

enum {
	KEY_MODEL = 256,
	KEY_CHECK,
	KEY_WHAT_IF,
	KEY_WITHIN,
	KEY_STEPS,
	KEY_SETUP,
	KEY_DEVICE,
	KEY_UNITS,
	KEY_JSON,
	KEY_MACHINE,
	KEY_PICTURES,
	KEY_COMPUTING
};

struct options {
	char *paths[2]; /* the model's run, and the run that it is checked against */
	struct what_if what_if;
	const char *computing; /* setups whose programs say what computing costs; NULL: all */
	const char *pictures;  /* the folder for them */
	double paper_mm;
	struct run_request request; /* the programs to predict, without a check */
	double within_pct;
	bool steps, units, json;
};

static int add_word(struct options *options, const char *word, struct argp_state *state)
{
	if (options->request.nwords == RUN_REQUEST_WORDS)
		usage_error(state, "more than %u names and parameters", RUN_REQUEST_WORDS);
	options->request.words[options->request.nwords++] = word;
	return 0;
}

static void check_options(const struct options *options, const struct argp_state *state)
{
	const struct run_request *request = &options->request;

	if (options->paths[0] == NULL)
		usage_error(state, "name the run that calibrates the model: --model=RUN");
	if (options->paths[1] != NULL && (request->nwords != 0 || request->setups != NULL || request->devices != NULL))
		usage_error(state, "--check=RUN predicts the programs of that run: name no others");
	if (options->paths[1] != NULL && options->what_if.granule != 0)
		usage_error(state, "--what-if page=: the events of --check=RUN are those of its own pages; name programs instead");
	if (options->units && (options->paths[1] != NULL || request->nwords != 0 || what_if_changes(&options->what_if)))
		usage_error(state, "--units shows what events cost, and predicts no program");
	if (options->pictures != NULL && (options->paths[1] == NULL || what_if_changes(&options->what_if)))
		usage_error(state, "--pictures shows predictions beside what was measured: with --check=RUN, and without --what-if");
	if (options->paper_mm > 0 && options->pictures == NULL)
		usage_error(state, "--size is the width of pictures: with --pictures=DIR");
	if (options->units && options->json)
		usage_error(state, "--json writes predictions: without --units");
}

static void parse_within(struct options *options, const char *arg, struct argp_state *state)
{
	char *end;

	options->within_pct = strtod(arg, &end);
	if (end == arg || *end != '\0' || !(options->within_pct >= 0 && options->within_pct <= 1000))
		usage_error(state, "--within=%s: a percentage from 0 to 1000", arg);
}

/* Where the argument of an option goes that is kept as it is; NULL for others. */
static const char **text_of(struct options *options, int key)
{
	switch (key) {
	case KEY_COMPUTING:
		return &options->computing;
	case KEY_PICTURES:
		return &options->pictures;
	case KEY_SETUP:
		return &options->request.setups;
	case KEY_DEVICE:
		return &options->request.devices;
	default:
		return NULL;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	const char **text = text_of(options, key);
	struct fs_reason why = {0};

	if (text != NULL) {
		*text = arg;
		return 0;
	}
	switch (key) {
	case KEY_MODEL:
		options->paths[0] = arg;
		return 0;
	case KEY_CHECK:
		options->paths[1] = arg;
		return 0;
	case KEY_WHAT_IF:
		if (what_if_parse(&options->what_if, arg, &why) != 0)
			usage_error(state, "--what-if: %s (%s)", why.what, why.remedy);
		return 0;
	case KEY_WITHIN:
		parse_within(options, arg, state);
		return 0;
	case KEY_STEPS:
		options->steps = true;
		return 0;
	case KEY_UNITS:
		options->units = true;
		return 0;
	case KEY_MACHINE:
		if (machines_use(&options->what_if, arg, &why) != 0)
			usage_error(state, "--machine=%s: %s (%s)", arg, why.what, why.remedy);
		return 0;
	case USAGE_SIZE:
		options->paper_mm = usage_size(state, arg);
		return 0;
	case KEY_JSON:
		options->json = true;
		return 0;
	case 'p':
		if (strchr(arg, '=') == NULL)
			usage_error(state, "-p %s: expected KEY=SWEEP", arg);
		options->request.nparams++;
		return add_word(options, arg, state);
	case ARGP_KEY_ARG:
		return add_word(options, arg, state);
	case ARGP_KEY_END:
		check_options(options, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"model", KEY_MODEL, "RUN", 0, "the calibration, as fivestep run calibrate records it", 0},
	{"check", KEY_CHECK, "RUN", 0, "predict the programs of this run, beside what was measured; exit with 1 if one misses", 0},
	{"computing", KEY_COMPUTING, "GLOBS", 0,
		"the programs' own computing is what they take under these setups, and every other cell is predicted. The run of --model may then be "
		"the run of --check, calibrated and measured in turn",
		0},
	{"within", KEY_WITHIN, "PCT", 0, "a prediction misses if the measured interval is more than this away from its own (default 10)", 0},
	{"steps", KEY_STEPS, NULL, 0, "a line for each step of a program", 0},
	{"units", KEY_UNITS, NULL, 0, "what each kind of event costs, and which are not known", 0},
	{"setup", KEY_SETUP, "GLOBS", 0, "predict programs under these setups only", 0},
	{"device", KEY_DEVICE, "GLOBS", 0, "predict programs with these devices only", 0},
	{"param", 'p', "KEY=SWEEP", 0, "a parameter of the programs, as for run: -p size=1M,16M", 0},
	{"pictures", KEY_PICTURES, "DIR", 0, "draw what --check finds: predicted against measured", 0},
	USAGE_SIZE_OPTION,
	{"json", KEY_JSON, NULL, 0, "write the predictions as JSON", 0},
	{"machine", KEY_MACHINE, "NAME", 0, "take public figures of that machine where there are any, with their sources: computed, never measured",
		0},
	{"what-if", KEY_WHAT_IF, "EVENT=FACTOR,...", 0,
		"multiply unit costs: fault_to_device=/3 is three times faster, copy_byte_to_device=x2 takes twice as long, page=2M moves mirrored "
		"memory by 2M; nothing is checked then",
		0},
	{0},
};
static const struct argp predict_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "[PROGRAM...]",
	.doc = "Finds what each kind of event costs on a machine from the benchmarks of one run, and predicts programs by the events that their way "
	       "of sharing implies: those named, at the sizes given with -p, or all whose computing the run has. They are executed once here, on "
	       "plain "
	       "memory, to find their events; nothing is measured. All of it is computed, not measured.\vExit status: 0 success, 1 a measured "
	       "interval is missed, 3 the runs are of different machines or clocks, 4 nothing to calibrate with or to predict.",
};

/* ---- predictions beside what was measured */

static int show_check(const struct options *options, const struct model *model, const struct predict_line *lines, size_t n)
{
	bool is_checked = !what_if_changes(&options->what_if);
	int err;

	if (options->json)
		return predict_show_json(model, &options->what_if, lines, n, stdout);
	predict_show_title(model, &options->what_if, is_checked, stdout);
	err = predict_show_lines(lines, n, clock_unit(model->run->clock), options->steps, is_checked, stdout);
	if (err == 0)
		what_if_sources(&options->what_if, stdout);
	if (err == 0 && is_checked) {
		putchar('\n');
		err = predict_show_programs(lines, n, stdout);
	}
	if (err == 0 && is_checked) {
		putchar('\n');
		err = predict_show_summary(lines, n, options->within_pct, stdout);
	}
	return err;
}

static int check(const struct options *options, const struct model *model, const struct runfile *run)
{
	struct predict_line *lines = calloc(run->n_cells + 1, sizeof(*lines));
	struct fs_reason why = {0};
	int err = lines == NULL ? -ENOMEM : 0, status = EXIT_FINE;
	size_t n = 0, predicted = 0;

	if (err == 0)
		err = check_predict(model, &options->what_if, run, options->within_pct, lines, &n);
	if (err == 0)
		err = show_check(options, model, lines, n);
	if (err == 0 && options->pictures != NULL && predict_picture(model, lines, n, run->path, options->pictures, options->paper_mm, &why) != 0) {
		say_error("predict", &why);
		status = EXIT_OWN_ERROR;
	}
	for (size_t i = 0; i < n; i++) {
		predicted += lines[i].is_predicted;
		if (lines[i].misses && status == EXIT_FINE)
			status = EXIT_REGRESSION;
	}
	check_free(lines, n);
	if (err != 0) {
		say("predict", "%s", strerror(-err));
		return EXIT_OWN_ERROR;
	}
	if (predicted == 0) {
		say_with_remedy("predict", "a run of programs by this version of fivestep", "%s: no program in it can be predicted", run->path);
		return EXIT_BAD_DATA;
	}
	return status;
}

/* ---- programs that were never measured under some ways of sharing */

static int show_programs(const struct options *options, const struct model *model, const struct predict_programs *programs)
{
	int err;

	if (options->json)
		return predict_show_json(model, &options->what_if, programs->lines, programs->n, stdout);
	predict_show_title(model, &options->what_if, false, stdout);
	err = predict_show_lines(programs->lines, programs->n, clock_unit(model->run->clock), options->steps, false, stdout);
	if (err == 0)
		what_if_sources(&options->what_if, stdout);
	if (err == 0 && programs->n_unknown != 0)
		printf("\n%zu ways of sharing left out: the model has no unit costs of them, or nobody says what they imply\n", programs->n_unknown);
	return err;
}

static int predict_unseen(struct options *options, const struct model *model)
{
	struct predict_programs programs;
	struct fs_reason why = {0};
	int status = model_pages_check("predict", model->run), err;
	size_t predicted = 0;

	if (status != EXIT_FINE)
		return status;
	err = predict_programs(&programs, model, &options->what_if, &options->request, &why);
	for (size_t i = 0; i < programs.n && err == 0; i++)
		predicted += programs.lines[i].is_predicted;
	if (err == 0 && programs.n != 0)
		err = show_programs(options, model, &programs);
	if (err != 0) {
		say_error("predict", why.what[0] != '\0' ? &why : &(struct fs_reason){.what = "out of memory"});
		status = err == -ENOMEM ? EXIT_OWN_ERROR : options->request.nwords != 0 ? EXIT_USAGE : EXIT_BAD_DATA;
	} else if (predicted == 0) {
		say_with_remedy(
			"predict", "calibrate with them: fivestep run calibrate", "%s: no program can be predicted with it", model->run->path);
		status = EXIT_BAD_DATA;
	}
	predict_programs_free(&programs);
	return status;
}

/* ---- the command */

static int show_units(const struct model *model)
{
	int err;

	printf("computed, not measured: what an event costs, from the benchmarks of %s\n\n", model->run->path);
	err = predict_show_units(model, stdout);
	if (err != 0)
		say("predict", "%s", strerror(-err));
	return err == 0 ? EXIT_FINE : EXIT_OWN_ERROR;
}

static int choose(struct options *options, const struct model *model, const struct runfile *run)
{
	if (options->units)
		return show_units(model);
	return run != NULL ? check(options, model, run) : predict_unseen(options, model);
}

static bool is_under(const struct model *model, const struct runfile_cell *cell, const void *setups)
{
	(void)model;
	return names_match(setups, cell->setup) != NAMES_NO;
}

static int make(const struct options *options, const struct runfile *run, struct model *model)
{
	struct fs_reason why = {0};
	int err = model_make(run, model, &why);

	if (err == 0 && options->computing != NULL && model_keep_computing(model, is_under, options->computing) == 0)
		err = fs_because(&why, -ENODATA, "name setups that it has programs under", "%s: no program in it was measured under %s", run->path,
			options->computing);
	if (err == 0)
		return EXIT_FINE;
	say_error("predict", &why);
	return err == -ENODATA ? EXIT_BAD_DATA : EXIT_OWN_ERROR;
}

static int command_predict_run(int argc, char **argv)
{
	struct options options = {.within_pct = CHECK_WITHIN_PCT};
	struct runs runs = {0};
	struct model model = {0};
	int status;

	what_if_clear(&options.what_if);
	usage_parse("predict", &predict_argp, argc, argv, &options);
	status = runs_load(&runs, "predict", options.paths, options.paths[1] != NULL ? 2 : 1, RUNS_WHOLE);
	if (status == EXIT_FINE && runs.n == 2)
		status = model_machine_check("predict", &runs.files[0], &runs.files[1], NULL);
	if (status == EXIT_FINE)
		status = model_clock_check("predict", &runs.files[0], &options.what_if);
	if (status == EXIT_FINE)
		status = make(&options, &runs.files[0], &model);
	if (status == EXIT_FINE)
		status = choose(&options, &model, runs.n == 2 ? &runs.files[1] : NULL);
	model_free(&model);
	runs_free(&runs);
	what_if_free(&options.what_if);
	return status;
}

const struct command command_predict = {
	.name = "predict",
	.usage = "--model RUN [PROGRAM...|--check RUN] [--what-if EVENT=FACTOR,...]",
	.summary = "what events cost, and what programs cost by their events: computed",
	.run = command_predict_run,
};

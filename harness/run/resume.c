/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * resume.c - resumes an interrupted run: plan, seed, options and the rounds done so far come from the file.
 */
#include "config.h"

#include "harness/run/runner.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/duration.h"
#include "harness/machine/fingerprint.h"
#include "harness/run/describe.h"
#include "harness/run/probe.h"
#include "harness/run/value.h"
#include "results/runfile.h"

/* A single plain word: a text of the file must not act as a sweep, a glob or a further word. */
static bool is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

	return text[0] != '\0' && text[strspn(text, plain)] == '\0';
}

static bool is_plain_cell(const struct runfile_cell *recorded)
{
	bool plain = is_plain(recorded->bench) && is_plain(recorded->setup) && is_plain(recorded->device);

	for (size_t i = 0; i < recorded->n_params && plain; i++)
		plain = is_plain(recorded->params[i].name) && is_plain(recorded->params[i].text);
	return plain;
}

/* The cell is the file's: the user cannot leave out what this version refuses in it. */
static int cannot_rebuild(const struct runfile *run, const struct runfile_cell *recorded, const struct fs_reason *refused, struct fs_reason *why)
{
	const json_t *build = json_object_get(run->header, "build");
	const char *version = json_string_value(json_object_get(build, "version")), *commit = json_string_value(json_object_get(build, "commit"));
	char remedy[sizeof(why->remedy)];

	text_fit(remedy, sizeof(remedy), "resume it with the version that started it (%s, commit %s), or start a new run",
		version != NULL ? version : "unknown", commit != NULL ? commit : "unknown");
	return fs_because(why, -EINVAL, remedy, "%s: this version cannot measure cell %ld: %s", run->path, recorded->id, refused->what);
}

/* Rebuilds the file's cell from a plan line, then marks its parameters as set or not as in the file. */
static int rebuild_cell(struct plan *plan, const struct runfile *run, const struct runfile_cell *recorded, struct fs_reason *why)
{
	struct fs_reason refused = {0};
	char line[CELL_TEXT];
	int len, err;
	struct cell *cell;

	if (!is_plain_cell(recorded))
		return fs_because(why, -EINVAL, "", "cell %ld was not written by fivestep: a name or a value is not a plain word", recorded->id);
	len = snprintf(line, sizeof(line), "%s", recorded->bench);
	if (strcmp(recorded->setup, "-") != 0)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " setup=%s", recorded->setup);
	if (strcmp(recorded->device, "-") != 0)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " device=%s", recorded->device);
	for (size_t i = 0; i < recorded->n_params && len < (int)sizeof(line); i++)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " %s=%s", recorded->params[i].name, recorded->params[i].text);
	if (len >= (int)sizeof(line))
		return fs_because(why, -EINVAL, "", "cell %ld is too long", recorded->id);
	err = plan_add(plan, line, &refused);
	if (err == -ENOMEM)
		return fs_no_memory(why);
	if (err != 0)
		return cannot_rebuild(run, recorded, &refused, why);
	if ((long)plan->ncells != recorded->id + 1)
		return fs_because(why, -EINVAL, "resume it with the version that started it", "this version cannot make cell %ld", recorded->id);
	cell = &plan->cells[plan->ncells - 1];
	for (size_t i = 0; i < recorded->n_params; i++) {
		struct fs_arg *arg = args_find(&cell->args, recorded->params[i].name);

		if (arg == NULL)
			return fs_because(why, -EINVAL, "", "cell %ld: %s has no parameter %s", recorded->id, cell->name, recorded->params[i].name);
		arg->set = recorded->params[i].set;
	}
	return 0;
}

/* A number of the run record, within its limits. */
static int take_number(
	const struct runfile *run, const json_t *object, const char *name, double min, double max, double *number, struct fs_reason *why)
{
	const json_t *member = json_object_get(object, name);

	*number = json_number_value(member);
	if (json_is_number(member) && *number >= min && *number <= max)
		return 0;
	return fs_because(
		why, -EINVAL, "start a new run", "%s:1: the run record's %s is not a number from %.15g to %.15g", run->path, name, min, max);
}

/*
 * Group files are read only if the command line names them: a run file does not choose what is opened. The list of the command line must be that of
 * the file, or the error names both.
 */
static int take_counters(struct runner *runner, const struct runfile *run, const char *kept, struct fs_reason *why)
{
	char *counters = runner->plan.options.counters;
	const char *given = runner->counters;

	if (given != NULL && strcmp(given, kept) != 0)
		return fs_because(
			why, -EINVAL, "omit --counters, or name the same", "counters are '%s' here, and '%s' in %s", given, kept, run->path);
	if (given == NULL && selection_names_files(kept))
		return fs_because(
			why, -EINVAL, "name them again with --counters, if these files are yours", "%s names files of counters: %s", run->path, kept);
	if (snprintf(counters, SELECTION_TEXT, "%s", kept) >= SELECTION_TEXT)
		return fs_because(why, -EINVAL, "", "%s:1: counters: longer than %d characters", run->path, SELECTION_TEXT - 1);
	return 0;
}

/* Runs of older programs, and those without such an end, do not have it. */
static int take_cell_time(const struct runfile *run, const json_t *options, double *seconds, struct fs_reason *why)
{
	if (json_object_get(options, "cell_time_s") == NULL)
		return 0;
	return take_number(run, options, "cell_time_s", 0, DURATION_MAX_S, seconds, why);
}

static int rebuild_options(struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	const json_t *options = json_object_get(run->header, "options"), *plan = json_object_get(run->header, "plan");
	const json_t *injected = json_object_get(run->header, "injected");
	const char *text = json_string_value(json_object_get(plan, "text"));
	const char *counters = json_string_value(json_object_get(options, "counters"));
	struct plan_options *to = &runner->plan.options;
	double rounds_min = 0, rounds_max = 0;
	int err = counters != NULL ? 0 : fs_because(why, -EINVAL, "", "%s:1: the run record has no options to resume with", run->path);

	if (err == 0)
		err = take_number(run, options, "rounds_min", 1, PLAN_ROUNDS_MAX, &rounds_min, why);
	if (err == 0)
		err = take_number(run, options, "rounds_max", rounds_min, PLAN_ROUNDS_MAX, &rounds_max, why);
	if (err == 0)
		err = take_number(run, options, "precision_pct", 0, 100, &to->precision_pct, why);
	if (err == 0)
		err = take_number(run, options, "time_limit_s", 0, DURATION_MAX_S, &to->time_limit_s, why);
	if (err == 0)
		err = take_cell_time(run, options, &to->cell_time_s, why);
	if (err == 0)
		err = take_number(run, options, "timeout_s", 0, DURATION_MAX_S, &to->timeout_s, why);
	if (err == 0 && injected != NULL)
		err = take_number(run, injected, "ns", 0, PLAN_INJECT_MAX_NS, &to->inject_ns, why);
	if (err == 0)
		err = take_counters(runner, run, counters, why);
	to->rounds_min = (unsigned)rounds_min;
	to->rounds_max = (unsigned)rounds_max;
	runner->seed = (uint64_t)json_integer_value(json_object_get(run->header, "seed"));
	runner->machine.anonymous = json_is_true(json_object_get(json_object_get(run->header, "machine"), "anonymous"));
	snprintf(runner->plan.name, sizeof(runner->plan.name), "%s", run->plan);
	runner->plan.text = text != NULL && text[0] != '\0' ? strdup(text) : NULL;
	return err;
}

/* Limits of the command line, which override those of the file. */
static int take_limits(struct runner *runner, struct fs_reason *why)
{
	struct plan_options *options = &runner->plan.options;
	int err = 0;

	if (runner->time_limit != NULL)
		err = plan_option(options, "time-limit", runner->time_limit, why);
	if (err == 0 && runner->max_rounds != NULL)
		err = plan_option(options, "max-rounds", runner->max_rounds, why);
	if (err == 0 && runner->cell_time != NULL)
		err = plan_option(options, "cell-time", runner->cell_time, why);
	return err;
}

static int same_machine(const struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	json_t *identity = fingerprint_identity(&runner->machine);
	char hex[FINGERPRINT_HEX];

	fingerprint_hash(identity, hex);
	json_decref(identity);
	if (strcmp(hex, run->fingerprint) == 0)
		return 0;
	if (runner->machine.nunread != 0)
		return fs_because(why, -EXDEV, "resume it where the whole machine can be read",
			"%s: this may be another machine: %s cannot be read: %s", run->path, runner->machine.unread[0].fields,
			runner->machine.unread[0].what);
	return fs_because(why, -EXDEV, "resume it on that machine, or start a new run here", "%s was measured on another machine (%s, this is %s)",
		run->path, run->fingerprint, hex);
}

static int same_clock(const struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	const char *clock = writer_clock(&runner->record.writer);

	if (strcmp(clock, run->clock) == 0)
		return 0;
	return fs_because(why, -EXDEV, "resume it under the clock that it was started with: fivestep guest run --clock",
		"%s was measured with the clock %s, here it is %s", run->path, run->clock, clock);
}

/* Inputs are found by name in folders that the run file does not choose: their content must be what it was. */
static int same_inputs(const struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	json_t *here = describe_inputs(&runner->plan), *there = json_object_get(run->header, "inputs"), *digest;
	const char *name;
	int err = 0;

	json_object_foreach(here, name, digest)
	{
		if (err == 0 && !json_equal(digest, json_object_get(there, name)))
			err = fs_because(why, -EXDEV, "resume it with the input that it was started with, or start a new run",
				"the input %s is not the one of %s: its content differs", name, run->path);
	}
	json_decref(here);
	return err;
}

/* The rounds in the file are counted as done. */
static int replay(struct runner *runner, const struct runfile *run)
{
	int err = 0;

	for (size_t c = 0; c < run->n_cells && err == 0; c++) {
		const struct runfile_cell *cell = &run->cells[c];

		for (size_t r = 0; r < cell->n_rounds && err == 0; r++) {
			const struct runfile_round *round = cell->rounds[r];
			bool is_ok = round->verdict == VERDICT_OK;

			if (runner->plan.cells[cell->id].skipped)
				continue;
			runner->tally[round->verdict]++;
			err = schedule_visited(
				&runner->schedule, (unsigned)cell->id, round->verdict, is_ok ? value_of_record(round) : NAN, round->wall_ms);
		}
	}
	return err;
}

static int rebuild(struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	int err = 0;

	if (run->header == NULL || run->n_cells == 0)
		return fs_because(why, -EINVAL, "start a new run", "%s has no run record: it cannot be resumed", run->path);
	err = same_clock(runner, run, why);
	if (err == 0)
		err = same_machine(runner, run, why);
	if (err == 0)
		err = rebuild_options(runner, run, why);
	for (size_t c = 0; c < run->n_cells && err == 0; c++)
		err = rebuild_cell(&runner->plan, run, &run->cells[c], why);
	if (err == 0)
		err = same_inputs(runner, run, why);
	return err;
}

int runner_resume(struct runner *runner, const char *path, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	struct runfile run;
	/* Locked before it is read, so that no other process appends to it in between. */
	int err = writer_append(&runner->record.writer, path, why);

	memset(&run, 0, sizeof(run));
	if (err == 0)
		err = runfile_load(path, &run, why);
	if (err == 0)
		err = rebuild(runner, &run, why);
	if (err == 0)
		err = take_limits(runner, why);
	if (err == 0)
		err = runner_select(runner, why);
	runner->record.groups = &runner->groups;
	if (err == 0) {
		probe_cells(&runner->plan, &runner->machine);
		err = schedule_init(&runner->schedule, &runner->plan, runner->seed);
	}
	if (err == 0)
		err = replay(runner, &run);
	if (err == 0)
		err = record_resume(&runner->record, &runner->plan.options, &runner->machine, why);
	if (err == 0)
		err = runner_carry_out(runner, &run, stop, why);
	runfile_free(&run);
	return err;
}

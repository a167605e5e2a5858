/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runner.c - the loop over rounds and cells, and how it ends: done, out of time, interrupted, no room.
 */
#include "config.h"

#include "harness/run/runner.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "results/runfile.h"
#include "harness/machine/fingerprint.h"
#include "harness/round/five_step.h"
#include "harness/run/probe.h"

static volatile sig_atomic_t caught;

static void note_signal(int signal_number)
{
	caught = signal_number;
}

const volatile sig_atomic_t *runner_catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t blocked;

	sigemptyset(&blocked);
	for (unsigned i = 0; i < FS_ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&blocked, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	/* A file that may not grow is an error of write(), to be said, not a death. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return &caught;
}

static double elapsed_s(const struct runner *runner)
{
	return (double)(fs_now() - runner->began_ns) / 1e9;
}

/* Seconds to the time limit; negative where there is none. */
static double limit_left_s(const struct runner *runner)
{
	double limit_s = runner->plan.options.time_limit_s;

	return limit_s > 0 ? fmax(0, limit_s - elapsed_s(runner)) : -1;
}

/* ---- the value of a round, which stopping looks at: of the first metric that has one */

static double samples_value(const double *samples, size_t n)
{
	struct statistics_interval interval;

	return n > 0 && statistics_median(samples, n, &interval) == 0 ? interval.median : NAN;
}

static double histogram_value(const struct fs_histogram *histogram)
{
	uint64_t total = 0, sum = 0, low = 0, high = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		total += histogram->count[i];
	if (total == 0)
		return NAN;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS && 2 * sum < total; i++) {
		sum += histogram->count[i];
		histogram_bounds(i, &low, &high);
	}
	return (double)(low + high) / 2;
}

static double round_value(const struct cell *cell, const struct share *share)
{
	const struct fs_metric *metrics = cell->kernel != NULL ? five_step_metrics : cell->bench->metrics;
	double value = NAN;

	/* One whose samples were all dropped has none in this round: another metric's would be another quantity. */
	for (unsigned i = 0; i < SHARE_METRICS && metrics[i].name != NULL && isnan(value) && (i == 0 || share->metric[i - 1].dropped == 0); i++) {
		if (metrics[i].kind == FS_HISTOGRAM)
			value = histogram_value(&share->histogram[i]);
		else
			value = samples_value(share->metric[i].sample, share->metric[i].nsamples);
	}
	return value;
}

static double recorded_value(const struct runfile_round *round)
{
	const struct runfile_metric *metric = round->metrics;

	if (round->n_metrics == 0)
		return NAN;
	if (metric->n_buckets != 0)
		return statistics_histogram_quantile(metric->buckets, metric->n_buckets, 0.5);
	return samples_value(metric->samples, metric->n_samples);
}

/* ---- the loop */

static int record_skips(struct runner *runner, const struct runfile *before, struct fs_reason *why)
{
	int err = 0;

	for (unsigned i = 0; i < runner->plan.ncells && err == 0; i++) {
		const struct cell *cell = &runner->plan.cells[i];
		const struct runfile_cell *seen = before != NULL ? runfile_find_cell(before, (long)i) : NULL;

		if (!cell->skipped)
			continue;
		runner->skipped_cells++;
		if (seen == NULL || seen->n_rounds == 0)
			err = record_skip(&runner->record, cell, why);
	}
	return err;
}

static int visit(struct runner *runner, unsigned id, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	const struct cell *cell = &runner->plan.cells[id];
	struct schedule *schedule = &runner->schedule;
	const struct share *share = runner->round.share;
	struct fs_noise noise;
	json_t *noise_json;
	double value;
	int err;

	progress_show(&runner->progress, schedule, cell, limit_left_s(runner));
	noise_begin(&runner->machine, &noise);
	err = round_run(&runner->round, cell, schedule_seed(schedule, id, schedule->cells[id].rounds), stop, why);
	if (err != 0 || runner->round.interrupted)
		return err;
	noise_json = noise_end(&runner->machine, &noise);
	err = record_round(&runner->record, cell, schedule->cells[id].rounds, &runner->round, noise_json, why);
	json_decref(noise_json);
	if (err != 0)
		return err;
	runner->tally[share->verdict]++;
	value = share->verdict == VERDICT_OK ? round_value(cell, share) : NAN;
	err = schedule_visited(schedule, id, share->verdict, value, runner->round.wall_ms);
	return err == 0 ? 0 : fs_because(why, err, "", "out of memory");
}

static enum stop why_stop(const struct runner *runner, const volatile sig_atomic_t *stop)
{
	if (*stop)
		return STOP_INTERRUPTED;
	return limit_left_s(runner) == 0 ? STOP_TIME : STOP_NOT;
}

static int rounds(struct runner *runner, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	enum stop reason = STOP_NOT;
	int err = 0;

	while (err == 0 && reason == STOP_NOT && schedule_next_round(&runner->schedule)) {
		for (unsigned i = 0; i < runner->schedule.norder && err == 0 && reason == STOP_NOT; i++) {
			err = visit(runner, runner->schedule.order[i], stop, why);
			reason = why_stop(runner, stop);
		}
	}
	if (reason != STOP_NOT)
		schedule_stop(&runner->schedule, reason);
	return err;
}

static int record_finish(struct runner *runner, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	const struct plan *plan = &runner->plan;
	unsigned *counts = calloc(plan->ncells, sizeof(*counts));
	const char **stops = calloc(plan->ncells, sizeof(*stops));
	const char *stop_text = *stop ? "interrupted" : limit_left_s(runner) == 0 ? "time" : "done";
	int err = -ENOMEM;

	if (counts != NULL && stops != NULL) {
		for (unsigned i = 0; i < plan->ncells; i++) {
			counts[i] = runner->schedule.cells[i].rounds;
			stops[i] = stop_names[runner->schedule.cells[i].stop];
		}
		err = record_end(&runner->record, stop_text, plan, counts, stops, why);
	}
	free(counts);
	free(stops);
	return err;
}

static int carry_out(struct runner *runner, const struct runfile *before, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	int err = round_open(&runner->round, &runner->machine, &runner->selection, why);

	runner->round.inject_ns = (uint64_t)runner->plan.options.inject_ns;
	runner->round.timeout_s = (unsigned)ceil(runner->plan.options.timeout_s);
	runner->began_ns = fs_now();
	progress_init(&runner->progress, &runner->plan, runner->quiet);
	if (err == 0)
		err = record_skips(runner, before, why);
	if (err == 0)
		err = rounds(runner, stop, why);
	progress_clear(&runner->progress);
	if (err == 0)
		err = record_finish(runner, stop, why);
	return err;
}

int runner_select(struct runner *runner, struct fs_reason *why)
{
	groups_free(&runner->groups);
	return selection_parse(runner->plan.options.counters, &runner->selection, &runner->groups, why);
}

int runner_start(struct runner *runner, const char *path, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	int err;

	probe_leave_out(&runner->plan, &runner->machine);
	probe_cells(&runner->plan, &runner->machine);
	err = schedule_init(&runner->schedule, &runner->plan, runner->seed);
	if (err != 0)
		return fs_because(why, err, "", "out of memory");
	err = writer_create(&runner->record.writer, path, why);
	runner->record.groups = &runner->groups;
	if (err == 0)
		err = record_run(&runner->record, &runner->plan, runner->seed, &runner->machine, why);
	if (err == 0)
		err = carry_out(runner, NULL, stop, why);
	return err;
}

/* ---- going on with a file */

/* One word of a line and no more: what the file says is no sweep, glob or further word. */
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

/* The file's cell as a line of a plan; then its parameters are marked as the file says. */
static int rebuild_cell(struct plan *plan, const struct runfile_cell *recorded, struct fs_reason *why)
{
	char line[CELL_TEXT];
	int len, err;
	struct cell *cell;

	if (!is_plain_cell(recorded))
		return fs_because(why, -EINVAL, "", "cell %ld is not one that fivestep records: a name or a value is no plain word", recorded->id);
	len = snprintf(line, sizeof(line), "%s", recorded->bench);
	if (strcmp(recorded->setup, "-") != 0)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " setup=%s", recorded->setup);
	if (strcmp(recorded->device, "-") != 0)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " device=%s", recorded->device);
	for (size_t i = 0; i < recorded->n_params && len < (int)sizeof(line); i++)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " %s=%s", recorded->params[i].name, recorded->params[i].text);
	if (len >= (int)sizeof(line))
		return fs_because(why, -EINVAL, "", "cell %ld is too long", recorded->id);
	err = plan_add(plan, line, why);
	if (err != 0)
		return err;
	if ((long)plan->ncells != recorded->id + 1)
		return fs_because(why, -EINVAL, "go on with the version that began it", "cell %ld is not one that this version makes", recorded->id);
	cell = &plan->cells[plan->ncells - 1];
	for (size_t i = 0; i < recorded->n_params; i++) {
		struct fs_arg *arg = args_find(&cell->args, recorded->params[i].name);

		if (arg == NULL)
			return fs_because(
				why, -EINVAL, "", "cell %ld: %s has no parameter %.60s", recorded->id, cell->name, recorded->params[i].name);
		arg->set = recorded->params[i].set;
	}
	return 0;
}

/* A number of the header within its limits. */
static int take_number(
	const struct runfile *run, const json_t *object, const char *name, double min, double max, double *number, struct fs_reason *why)
{
	const json_t *member = json_object_get(object, name);

	*number = json_number_value(member);
	if (json_is_number(member) && *number >= min && *number <= max)
		return 0;
	return fs_because(
		why, -EINVAL, "begin a new run", "%.150s:1: the run record's %s is not a number from %.15g to %.15g", run->path, name, min, max);
}

/*
 * Counters that are files are read only where the command line names them: a run file does not choose what is opened. Its list is then the same, or
 * an error names both.
 */
static int take_counters(struct runner *runner, const struct runfile *run, const char *kept, struct fs_reason *why)
{
	char *counters = runner->plan.options.counters;
	const char *given = runner->counters;

	if (given != NULL && strcmp(given, kept) != 0)
		return fs_because(why, -EINVAL, "leave --counters out, or name the same", "counters are '%.60s' here, and '%.60s' in %.60s", given,
			kept, run->path);
	if (given == NULL && selection_names_files(kept))
		return fs_because(why, -EINVAL, "name them again with --counters, if these files are yours", "%.60s names files of counters: %.100s",
			run->path, kept);
	if (snprintf(counters, SELECTION_TEXT, "%s", kept) >= SELECTION_TEXT)
		return fs_because(why, -EINVAL, "", "%.150s:1: counters: longer than %d characters", run->path, SELECTION_TEXT - 1);
	return 0;
}

static int rebuild_options(struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	const json_t *options = json_object_get(run->header, "options"), *plan = json_object_get(run->header, "plan");
	const json_t *injected = json_object_get(run->header, "injected");
	const char *text = json_string_value(json_object_get(plan, "text"));
	const char *counters = json_string_value(json_object_get(options, "counters"));
	struct plan_options *to = &runner->plan.options;
	double rounds_min = 0, rounds_max = 0;
	int err = counters != NULL ? 0 : fs_because(why, -EINVAL, "", "%.150s:1: the run record has no options to resume with", run->path);

	if (err == 0)
		err = take_number(run, options, "rounds_min", 1, PLAN_ROUNDS_MAX, &rounds_min, why);
	if (err == 0)
		err = take_number(run, options, "rounds_max", rounds_min, PLAN_ROUNDS_MAX, &rounds_max, why);
	if (err == 0)
		err = take_number(run, options, "precision_pct", 0, 100, &to->precision_pct, why);
	if (err == 0)
		err = take_number(run, options, "time_limit_s", 0, DURATION_MAX_S, &to->time_limit_s, why);
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

/* Of the command line that resumes, in place of the file's. */
static int take_limits(struct runner *runner, struct fs_reason *why)
{
	struct plan_options *options = &runner->plan.options;
	int err = 0;

	if (runner->time_limit != NULL)
		err = plan_option(options, "time-limit", runner->time_limit, why);
	if (err == 0 && runner->max_rounds != NULL)
		err = plan_option(options, "max-rounds", runner->max_rounds, why);
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
		return fs_because(why, -EXDEV, "go on where all of the machine can be read",
			"%.80s: this may be another machine: %.40s cannot be read: %.100s", run->path, runner->machine.unread[0].fields,
			runner->machine.unread[0].what);
	return fs_because(why, -EXDEV, "go on where it was begun, or begin a run of its own here",
		"%.120s was measured on another machine (%s, this is %s)", run->path, run->fingerprint, hex);
}

static int same_clock(const struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	const char *clock = writer_clock(&runner->record.writer);

	if (strcmp(clock, run->clock) == 0)
		return 0;
	return fs_because(why, -EXDEV, "go on under the clock that it was begun with: fivestep guest run --clock",
		"%.120s was measured with the clock %s, here it is %s", run->path, run->clock, clock);
}

/* What the file holds counts as visited. */
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
				&runner->schedule, (unsigned)cell->id, round->verdict, is_ok ? recorded_value(round) : NAN, round->wall_ms);
		}
	}
	return err;
}

static int rebuild(struct runner *runner, const struct runfile *run, struct fs_reason *why)
{
	int err = 0;

	if (run->header == NULL || run->n_cells == 0)
		return fs_because(why, -EINVAL, "begin a new run", "%.150s has no run record to go on with", run->path);
	err = same_clock(runner, run, why);
	if (err == 0)
		err = same_machine(runner, run, why);
	if (err == 0)
		err = rebuild_options(runner, run, why);
	for (size_t c = 0; c < run->n_cells && err == 0; c++)
		err = rebuild_cell(&runner->plan, &run->cells[c], why);
	return err;
}

int runner_resume(struct runner *runner, const char *path, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	struct runfile run;
	/* Locked before it is read, so that nobody adds to it in between. */
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
		err = carry_out(runner, &run, stop, why);
	runfile_free(&run);
	return err;
}

void runner_free(struct runner *runner)
{
	writer_close(&runner->record.writer);
	round_close(&runner->round);
	schedule_free(&runner->schedule);
	plan_free(&runner->plan);
	groups_free(&runner->groups);
}

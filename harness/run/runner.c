/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runner.c - the loop over rounds and cells, and how it ends: done, out of time, interrupted, disk full.
 */
#include "config.h"

#include "harness/run/runner.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/runfile.h"
#include "harness/machine/fingerprint.h"
#include "harness/run/probe.h"
#include "harness/run/value.h"

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
	/* A file size limit is reported as an error of write() instead of killing the process. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return &caught;
}

static double elapsed_s(const struct runner *runner)
{
	return (double)(fs_now() - runner->began_ns) / 1e9;
}

/* Seconds to the time limit; negative if there is none. */
static double limit_left_s(const struct runner *runner)
{
	double limit_s = runner->plan.options.time_limit_s;

	return limit_s > 0 ? fmax(0, limit_s - elapsed_s(runner)) : -1;
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
	value = share->verdict == VERDICT_OK ? value_of_round(cell, share) : NAN;
	err = schedule_visited(schedule, id, share->verdict, value, runner->round.wall_ms);
	return err == 0 ? 0 : fs_no_memory(why);
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

int runner_carry_out(struct runner *runner, const struct runfile *before, const volatile sig_atomic_t *stop, struct fs_reason *why)
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
		return fs_no_memory(why);
	err = writer_create(&runner->record.writer, path, why);
	runner->record.groups = &runner->groups;
	if (err == 0)
		err = record_run(&runner->record, &runner->plan, runner->seed, &runner->machine, why);
	if (err == 0)
		err = runner_carry_out(runner, NULL, stop, why);
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

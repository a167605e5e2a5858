/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * schedule.c - order and adaptive stopping.
 */
#include "config.h"

#include "harness/run/schedule.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mix.h"
#include "base/statistics.h"

/* Precision is checked only every so many rounds: checking after each would stop too early too often (docs/method.md). */
#define CHECK_EVERY 10
/* A cell that fails this often is not tried again. */
#define FAILURES_MAX 3
/* A guess for a cell without any round yet. */
#define FIRST_GUESS_MS 200.0

const char *const stop_names[STOPS] = {"going", "precision", "rounds", "cell-time", "time", "skip", "invalid", "interrupted"};

uint64_t schedule_seed(const struct schedule *schedule, unsigned cell, unsigned round)
{
	return mix64(mix64(schedule->seed ^ mix64(cell)) + round);
}

int schedule_init(struct schedule *schedule, const struct plan *plan, uint64_t seed)
{
	memset(schedule, 0, sizeof(*schedule));
	schedule->plan = plan;
	schedule->seed = seed;
	schedule->cells = calloc(plan->ncells, sizeof(*schedule->cells));
	schedule->order = calloc(plan->ncells, sizeof(*schedule->order));
	if (schedule->cells == NULL || schedule->order == NULL) {
		schedule_free(schedule);
		return -ENOMEM;
	}
	for (unsigned i = 0; i < plan->ncells; i++) {
		if (plan->cells[i].skipped)
			schedule->cells[i].stop = STOP_SKIP;
	}
	return 0;
}

void schedule_free(struct schedule *schedule)
{
	for (unsigned i = 0; schedule->cells != NULL && i < schedule->plan->ncells; i++)
		free(schedule->cells[i].values);
	free(schedule->cells);
	free(schedule->order);
	schedule->cells = NULL;
	schedule->order = NULL;
}

static bool is_precise(const struct schedule *schedule, const struct cell_state *state)
{
	return statistics_precise(state->values, state->nvalues, schedule->plan->options.precision_pct);
}

/* The least number of rounds is measured, whatever it takes. */
static bool has_had_its_time(const struct plan_options *options, const struct cell_state *state)
{
	return options->cell_time_s > 0 && state->rounds >= options->rounds_min && state->wall_ms >= 1e3 * options->cell_time_s;
}

static enum stop judge(const struct schedule *schedule, const struct cell_state *state)
{
	const struct plan_options *options = &schedule->plan->options;

	if (state->failures >= FAILURES_MAX)
		return STOP_INVALID;
	if (state->rounds >= options->rounds_min && (state->rounds - options->rounds_min) % CHECK_EVERY == 0 && is_precise(schedule, state))
		return STOP_PRECISION;
	if (state->rounds >= options->rounds_max)
		return STOP_ROUNDS;
	return has_had_its_time(options, state) ? STOP_CELL_TIME : STOP_NOT;
}

static void shuffle(unsigned *order, unsigned n, uint64_t seed)
{
	for (unsigned i = n; i > 1; i--) {
		unsigned j = (unsigned)(mix64(seed + i) % i), swap = order[i - 1];

		order[i - 1] = order[j];
		order[j] = swap;
	}
}

/* The next round is the lowest that any active cell still lacks: after a resume, cells may differ by one. */
static unsigned least_round(const struct schedule *schedule)
{
	unsigned least = UINT32_MAX;

	for (unsigned i = 0; i < schedule->plan->ncells; i++) {
		const struct cell_state *state = &schedule->cells[i];

		if (state->stop == STOP_NOT && state->rounds < least)
			least = state->rounds;
	}
	return least;
}

bool schedule_next_round(struct schedule *schedule)
{
	schedule->round = least_round(schedule);
	schedule->norder = 0;
	for (unsigned i = 0; i < schedule->plan->ncells; i++)
		schedule->order[schedule->norder++] = i;
	/* All cells are shuffled and then stopped ones removed, so that the order does not depend on which have stopped. */
	shuffle(schedule->order, schedule->norder, mix64(schedule->seed) + schedule->round);
	schedule->norder = 0;
	for (unsigned i = 0; i < schedule->plan->ncells; i++) {
		unsigned cell = schedule->order[i];
		const struct cell_state *state = &schedule->cells[cell];

		if (state->stop == STOP_NOT && state->rounds == schedule->round)
			schedule->order[schedule->norder++] = cell;
	}
	return schedule->norder > 0;
}

static int keep_value(struct cell_state *state, double value)
{
	int err = ARRAY_ADD(state->values, state->nvalues, ARRAY_MANY, "rounds", NULL);

	if (err != 0)
		return err;
	state->values[state->nvalues++] = value;
	return 0;
}

int schedule_visited(struct schedule *schedule, unsigned cell, enum verdict verdict, double value, double wall_ms)
{
	struct cell_state *state = &schedule->cells[cell];
	int err = 0;

	state->rounds++;
	state->wall_ms += wall_ms;
	if (verdict == VERDICT_SKIP) {
		state->stop = STOP_SKIP;
		return 0;
	}
	if (verdict != VERDICT_OK)
		state->failures++;
	else if (isfinite(value))
		err = keep_value(state, value);
	state->stop = judge(schedule, state);
	return err;
}

void schedule_stop(struct schedule *schedule, enum stop stop)
{
	for (unsigned i = 0; i < schedule->plan->ncells; i++) {
		if (schedule->cells[i].stop == STOP_NOT)
			schedule->cells[i].stop = stop;
	}
}

double schedule_precision_pct(const struct schedule *schedule, unsigned cell)
{
	const struct cell_state *state = &schedule->cells[cell];
	struct statistics_interval interval;

	if (statistics_median(state->values, state->nvalues, &interval) != 0 || !interval.has_interval)
		return NAN;
	return 100 * statistics_precision(&interval);
}

/* An interval shrinks with the square root of the number of rounds. */
static double rounds_likely(const struct schedule *schedule, unsigned cell)
{
	const struct plan_options *options = &schedule->plan->options;
	const struct cell_state *state = &schedule->cells[cell];
	double precision_pct = schedule_precision_pct(schedule, cell), rounds = options->rounds_min;

	if (isfinite(precision_pct) && options->precision_pct > 0)
		rounds = fmax(rounds, state->rounds * pow(precision_pct / options->precision_pct, 2));
	else if (state->rounds >= options->rounds_min)
		rounds = options->rounds_max;
	if (options->cell_time_s > 0 && state->wall_ms > 0)
		rounds = fmin(rounds, fmax(options->rounds_min, ceil(1e3 * options->cell_time_s * state->rounds / state->wall_ms)));
	return fmin(fmax(rounds, state->rounds + 1), options->rounds_max);
}

double schedule_left_s(const struct schedule *schedule)
{
	double left_ms = 0;

	for (unsigned i = 0; i < schedule->plan->ncells; i++) {
		const struct cell_state *state = &schedule->cells[i];

		if (state->stop == STOP_NOT)
			left_ms += (rounds_likely(schedule, i) - state->rounds) * (state->rounds ? state->wall_ms / state->rounds : FIRST_GUESS_MS);
	}
	return left_ms / 1e3;
}

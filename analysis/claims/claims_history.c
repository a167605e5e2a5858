/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims_history.c - judges what a driver makes of the faults that it knows: that it detects thrashing, what that costs programs that do not thrash,
 * and how well it places pages by the history of their faults, beside one who knows and beside the kernel's balancing.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/claims_judge.h"
#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"

/* ---- thrashing ----------------------------------------------------------------------------------------- */

static const char *thrash_of(const struct runfile_cell *cell)
{
	const char *thrash = runfile_param(cell, "thrash");

	return thrash != NULL ? thrash : "";
}

/* Whether two cells differ only in that parameter, and in those that only some of its values have: b may have more. */
static bool differs_in(const struct runfile_cell *a, const struct runfile_cell *b, const char *param)
{
	if (a == b || strcmp(a->bench, b->bench) != 0 || strcmp(a->setup, b->setup) != 0 || strcmp(a->device, b->device) != 0)
		return false;
	for (size_t p = 0; p < a->n_params; p++) {
		const char *other = runfile_param(b, a->params[p].name);

		if (strcmp(a->params[p].name, param) != 0 && (other == NULL || strcmp(other, a->params[p].text) != 0))
			return false;
	}
	return true;
}

/* a without detection, b with it. */
static bool differs_in_thrash(const struct runfile_cell *a, const struct runfile_cell *b)
{
	return differs_in(a, b, "thrash") && strcmp(thrash_of(a), "none") == 0 && strcmp(thrash_of(b), "none") != 0 && *thrash_of(b);
}

static int compare_thrash(
	const struct claims_run *in, const struct runfile_cell *without, const struct runfile_cell *with, size_t number, struct claims_answer *answer)
{
	static const char *const moves_metric = "migrations_a_turn", *const time_metric = "turn";
	const struct summary_row *moves[2] = {claims_metric(in->summary, without, moves_metric), claims_metric(in->summary, with, moves_metric)};
	const struct summary_row *turn[2] = {claims_metric(in->summary, without, time_metric), claims_metric(in->summary, with, time_metric)};
	char times[2][FORMAT_VALUE] = {"-", "-"};
	enum claims_side side;

	if (moves[0] == NULL || moves[1] == NULL)
		return 0;
	for (int i = 0; i < 2; i++)
		if (turn[i] != NULL)
			format_value(turn[i]->interval.median, turn[i]->unit, times[i]);
	side = !ways_apart(moves[0], moves[1]) ? CLAIMS_BESIDE : moves[1]->interval.median < moves[0]->interval.median ? CLAIMS_FOR : CLAIMS_AGAINST;
	return claims_tell(answer, side, number, "%s, %s on %s%s: %.3g migrations per turn and %s without detection; %.3g and %s with thrash=%s",
		without->bench, without->setup, without->device, claims_emulated(in->run, without), moves[0]->interval.median, times[0],
		moves[1]->interval.median, times[1], thrash_of(with));
}

/* The granules that the driver held back in a round: what its device counts in that unit. NaN: it counts nothing so. */
static double count_pinned(const struct runfile_cell *cell)
{
	const struct runfile_round *round = cells_first_ok(cell);

	for (size_t c = 0; round != NULL && round->n_steps != 0 && c < round->steps[0].n_counts; c++) {
		const struct runfile_count *count = &round->steps[0].counts[c];

		if (cells_is_device_count(cell, count) && strcmp(count->unit, "granules") == 0)
			return cells_count_median(cell, NULL, count->name);
	}
	return NAN;
}

/* Of a program: what detection costs it, or gains, and whether it held anything back. */
static int compare_programs(
	const struct claims_run *in, const struct runfile_cell *without, const struct runfile_cell *with, size_t number, struct claims_answer *answer)
{
	const struct summary_row *total[2] = {claims_metric(in->summary, without, "total"), claims_metric(in->summary, with, "total")};
	char values[2][FORMAT_VALUE];
	double pinned = count_pinned(with), ratio;
	struct text held = {0};
	bool apart;
	int err;

	if (total[0] == NULL || total[1] == NULL)
		return 0;
	for (int i = 0; i < 2; i++)
		format_value(total[i]->interval.median, total[i]->unit, values[i]);
	apart = ways_apart(total[0], total[1]);
	ratio = total[1]->interval.median / total[0]->interval.median;
	if (isfinite(pinned))
		text_add(&held, "; it pinned %.0f granule%s", pinned, pinned == 1.0 ? "" : "s");
	err = claims_tell_of(with, answer,
		!apart	      ? CLAIMS_BESIDE
		: ratio < 1.0 ? CLAIMS_FOR
			      : CLAIMS_AGAINST,
		number, ", %s on %s%s: %s without detection, %s with: %.3g times%s%s", with->setup, with->device, claims_emulated(in->run, with),
		values[0], values[1], ratio, apart ? "" : ", intervals overlap", text_string(&held));
	text_clear(&held);
	return err;
}

int claims_judge_thrash(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	int err = 0;

	for (size_t a = 0; a < in->run->n_cells && err == 0; a++) {
		const struct runfile_cell *without = &in->run->cells[a];
		bool is_first = strcmp(thrash_of(without), "none") == 0 && claims_is_way(in->run, without, WAYS_HMM);

		for (size_t b = 0; b < in->run->n_cells && is_first && err == 0; b++)
			if (differs_in_thrash(without, &in->run->cells[b]))
				err = (runfile_is_kernel(without) ? compare_programs : compare_thrash)(
					in, without, &in->run->cells[b], number, answer);
	}
	return err;
}

/* ---- placement by the history of faults -------------------------------------------------------------------- */

static const char *const right_metric = "pages_right", *const turn_metric = "turn";

/* "; by each fault 365 us, 50 %", or nothing if there is no such cell. */
static void add_other(const struct claims_run *in, const struct runfile_cell *other, const char *words, struct text *text)
{
	const struct summary_row *turn = other != NULL ? claims_metric(in->summary, other, turn_metric) : NULL;
	const struct summary_row *right = other != NULL ? claims_metric(in->summary, other, right_metric) : NULL;
	char value[FORMAT_VALUE];

	if (turn == NULL || right == NULL)
		return;
	format_value(turn->interval.median, turn->unit, value);
	text_add(text, "%s%s %s, %.3g %%", text->len != 0 ? "; " : "", words, value, right->interval.median);
}

/* The same work placed by one who knows, without a policy of the driver; or by balancing. NULL: not in the run. */
static const struct runfile_cell *find_known(const struct runfile *run, const struct runfile_cell *without)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		const char *placed = runfile_param(&run->cells[c], "placed");

		if (placed != NULL && strcmp(placed, "known") == 0 && differs_in(without, &run->cells[c], "placed"))
			return &run->cells[c];
	}
	return NULL;
}

static const struct runfile_cell *find_balanced(const struct runfile *run, const struct runfile_cell *with)
{
	for (size_t c = 0; c < run->n_cells; c++)
		if (strcmp(run->cells[c].setup, "cdm-balance") == 0 && cells_same_work(&run->cells[c], with))
			return &run->cells[c];
	return NULL;
}

static int compare_placement(
	const struct claims_run *in, const struct runfile_cell *without, const struct runfile_cell *with, size_t number, struct claims_answer *answer)
{
	const struct summary_row *turn[2] = {claims_metric(in->summary, without, turn_metric), claims_metric(in->summary, with, turn_metric)};
	struct text text = {0};
	enum claims_side side;
	int err;

	if (turn[0] == NULL || turn[1] == NULL || claims_metric(in->summary, with, right_metric) == NULL)
		return 0;
	side = !ways_apart(turn[0], turn[1]) ? CLAIMS_BESIDE : turn[1]->interval.median < turn[0]->interval.median ? CLAIMS_FOR : CLAIMS_AGAINST;
	add_other(in, with, "by the history of faults", &text);
	add_other(in, without, "by each fault", &text);
	add_other(in, find_known(in->run, without), "by one who knows", &text);
	add_other(in, find_balanced(in->run, with), "by automatic balancing", &text);
	err = claims_tell_of(with, answer, side, number, " on %s%s: a turn, and the share of pages that are on the side that alone uses them: %s",
		with->device, claims_emulated(in->run, with), text_string(&text));
	text_clear(&text);
	return err;
}

int claims_tell_placement(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	int err = 0;

	for (size_t a = 0; a < run->n_cells; a++) {
		const char *placed = runfile_param(&run->cells[a], "placed");
		bool is_first = placed != NULL && strcmp(placed, "found") == 0 && claims_faults_on_demand(run, &run->cells[a]);

		for (size_t b = 0; b < run->n_cells && is_first && err == 0; b++)
			if (differs_in_thrash(&run->cells[a], &run->cells[b]))
				err = compare_placement(in, &run->cells[a], &run->cells[b], number, answer);
	}
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims.c - the claims of 2017 against the numbers of runs; see claims.h.
 *
 * Each judge looks at one run and notes what bears on its claim. None has a number of its own that is a threshold but one: "far less" is half or
 * less. What is slower or quicker is told by intervals that are apart.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cells.h"
#include "analysis/claims.h"
#include "analysis/draw/plots.h"
#include "analysis/format.h"
#include "analysis/ways.h"

#define FAR_LESS 0.5

const char *const claims_verdict_names[CLAIMS_VERDICTS] = {"not measured", "not decided", "supported", "supported in part", "refuted"};

/* ---- notes --------------------------------------------------------------------------------------------- */

FS_PRINTF(4, 5) static int tell(struct claims_answer *answer, enum claims_side side, size_t number, const char *fmt, ...)
{
	struct claims_fact *facts = reallocarray(answer->facts, answer->n + 1, sizeof(*facts));
	va_list args;

	if (!facts)
		return -ENOMEM;
	answer->facts = facts;
	facts[answer->n].side = side;
	facts[answer->n].run = number;
	va_start(args, fmt);
	vsnprintf(facts[answer->n].text, sizeof(facts[answer->n].text), fmt, args);
	va_end(args);
	answer->n++;
	return 0;
}

static void name_work(const struct runfile_cell *cell, char text[160])
{
	char params[100];

	format_params(cell, false, params, sizeof(params));
	snprintf(text, 160, "%.40s%s%s", cell->bench, *params ? " " : "", params);
}

static const char *emulated(const struct runfile *run, const struct runfile_cell *cell)
{
	return runfile_device_emulated(run, cell->device) ? " (emulated)" : "";
}

static bool is_way(const struct runfile *run, const struct runfile_cell *cell, enum ways_family family)
{
	return ways_family(run, cell->setup) == family;
}

/* HMM as its faults make it; prefetching avoids them. */
static bool faults_on_demand(const struct runfile *run, const struct runfile_cell *cell)
{
	return is_way(run, cell, WAYS_HMM) && plots_setup_offers(run, cell->setup, "FAULTS");
}

static const struct summary_row *metric_of(const struct summary *summary, const struct runfile_cell *cell, const char *metric)
{
	for (size_t i = 0; i < summary->n; i++)
		if (summary->rows[i].cell == cell && summary->rows[i].n_values && !strcmp(summary->rows[i].metric, metric))
			return &summary->rows[i];
	return NULL;
}

static size_t count_bad(const struct runfile_cell *cell)
{
	size_t bad = 0;

	for (int v = RUN_SKIP + 1; v < RUN_VERDICTS; v++)
		bad += runfile_count_verdict(cell, v);
	return bad;
}

static void count_evidence(const struct runfile_cell *cell, size_t *held, size_t *all)
{
	*held = *all = 0;
	for (size_t r = 0; r < cell->n_rounds; r++)
		for (size_t e = 0; e < cell->rounds[r]->n_evidence; e++, ++*all)
			*held += cell->rounds[r]->evidence[e].holds;
}

/* ---- one program, both ways ---------------------------------------------------------------------------- */

/* A kernel's cells of a family: how many were right, how many rounds were not. */
static void count_family(const struct runfile *run, const char *kernel, enum ways_family family, size_t *right, size_t *bad)
{
	*right = *bad = 0;
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];

		if (strcmp(cell->bench, kernel) || !is_way(run, cell, family))
			continue;
		*right += runfile_count_verdict(cell, RUN_OK);
		*bad += count_bad(cell);
	}
}

static bool kernel_is_new(const struct runfile *run, size_t cell)
{
	for (size_t c = 0; c < cell; c++)
		if (!strcmp(run->cells[c].bench, run->cells[cell].bench))
			return false;
	return runfile_is_kernel(&run->cells[cell]);
}

static int judge_transparent(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	int err = 0;

	for (size_t c = 0; c < in->run->n_cells && !err; c++) {
		const char *kernel = in->run->cells[c].bench;
		size_t right[2], bad[2];

		if (!kernel_is_new(in->run, c))
			continue;
		count_family(in->run, kernel, WAYS_HMM, &right[0], &bad[0]);
		count_family(in->run, kernel, WAYS_CDM, &right[1], &bad[1]);
		if (bad[0] + bad[1])
			err = tell(answer, CLAIMS_AGAINST, number, "%s: %zu rounds under HMM and %zu under coherent memory gave no valid result",
				kernel, bad[0], bad[1]);
		else if (right[0] && right[1])
			err = tell(answer, CLAIMS_FOR, number,
				"%s: the same program gave the reference answer in all %zu rounds under HMM and all %zu under coherent memory",
				kernel, right[0], right[1]);
	}
	return err;
}

/* ---- faults cost time ---------------------------------------------------------------------------------- */

static int compare_faulting(const struct runfile *run, const struct ways *ways, size_t number, struct claims_answer *answer)
{
	char work[160], mine[FORMAT_VALUE], best[FORMAT_VALUE];
	const struct way *faulting = NULL, *other = NULL;
	enum claims_side side;

	for (size_t w = 0; w < ways->n; w++) {
		if (faults_on_demand(run, ways->way[w].row->cell))
			faulting = faulting ? faulting : &ways->way[w];
		else if (!other)
			other = &ways->way[w];
	}
	if (!faulting || !other)
		return 0;
	name_work(faulting->row->cell, work);
	format_value(faulting->row->interval.median, faulting->row->unit, mine);
	format_value(other->row->interval.median, other->row->unit, best);
	side = !ways_apart(faulting->row, other->row) ? CLAIMS_BESIDE : faulting->ratio > other->ratio ? CLAIMS_FOR : CLAIMS_AGAINST;
	return tell(answer, side, number, "%s on %s%s: %s takes %s, the best other way (%s) %s: %.3g times%s", work, faulting->row->cell->device,
		emulated(run, faulting->row->cell), faulting->row->cell->setup, mine, other->row->cell->setup, best, faulting->ratio / other->ratio,
		side == CLAIMS_BESIDE ? ", not told apart" : "");
}

static int judge_slow(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	struct ways_list list;
	int err = ways_find(in->run, in->summary, false, 2, &list);

	for (size_t i = 0; i < list.n && !err; i++)
		if (runfile_is_kernel(list.list[i].like))
			err = compare_faulting(in->run, &list.list[i], number, answer);
	ways_free(&list);
	return err;
}

/* ---- HMM knows its faults ------------------------------------------------------------------------------ */

/* Faults of the device and of the CPU in the steps in which the two sides share the buffer. NaN where the device counts none. */
static double faults_of(const struct runfile_cell *cell)
{
	char device[96];
	double faults = 0.0, cpu;
	bool counted = false;

	snprintf(device, sizeof(device), "%.60s.faults_to_device", cell->device);
	for (int s = FS_DEVICE_COMPUTE; s <= FS_CPU_AFTER; s++) {
		double there = cells_count_median(cell, fs_step_names[s], device);

		cpu = cells_count_median(cell, fs_step_names[s], "rusage.minflt");
		counted = counted || isfinite(cpu);
		faults += (isfinite(there) ? there : 0.0) + (isfinite(cpu) ? cpu : 0.0);
	}
	return counted ? faults : NAN;
}

static int judge_knows(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	int err = 0;

	for (size_t c = 0; c < in->run->n_cells && !err; c++) {
		const struct runfile_cell *cell = &in->run->cells[c];
		size_t held, all;
		double faults;
		char work[160];

		if (!runfile_is_kernel(cell) || !faults_on_demand(in->run, cell) || !runfile_count_verdict(cell, RUN_OK))
			continue;
		name_work(cell, work);
		faults = faults_of(cell);
		count_evidence(cell, &held, &all);
		if (!isfinite(faults) || !all)
			continue;
		err = tell(answer, held == all && faults > 0 ? CLAIMS_FOR : CLAIMS_AGAINST, number,
			"%s on %s%s: %.0f faults counted in steps 3 and 4 under %s; %zu of %zu checks of faults and places held", work, cell->device,
			emulated(in->run, cell), faults, cell->setup, held, all);
	}
	return err;
}

/* ---- thrashing ----------------------------------------------------------------------------------------- */

static const char *thrash_of(const struct runfile_cell *cell)
{
	const char *thrash = runfile_param(cell, "thrash");

	return thrash ? thrash : "";
}

/* All but the answer to thrashing is alike. */
static bool differs_in_thrash(const struct runfile_cell *a, const struct runfile_cell *b)
{
	if (strcmp(a->bench, b->bench) || strcmp(a->setup, b->setup) || strcmp(a->device, b->device))
		return false;
	for (size_t p = 0; p < a->n_params; p++) {
		const char *other = runfile_param(b, a->params[p].name);

		if (strcmp(a->params[p].name, "thrash") && (!other || strcmp(other, a->params[p].text)))
			return false;
	}
	return !strcmp(thrash_of(a), "none") && strcmp(thrash_of(b), "none") && *thrash_of(b);
}

static int compare_thrash(
	const struct claims_run *in, const struct runfile_cell *without, const struct runfile_cell *with, size_t number, struct claims_answer *answer)
{
	static const char *const moves_metric = "migrations_a_turn", *const time_metric = "turn";
	const struct summary_row *moves[2] = {metric_of(in->summary, without, moves_metric), metric_of(in->summary, with, moves_metric)};
	const struct summary_row *turn[2] = {metric_of(in->summary, without, time_metric), metric_of(in->summary, with, time_metric)};
	char times[2][FORMAT_VALUE] = {"-", "-"};
	enum claims_side side;

	if (!moves[0] || !moves[1])
		return 0;
	for (int i = 0; i < 2; i++)
		if (turn[i])
			format_value(turn[i]->interval.median, turn[i]->unit, times[i]);
	side = !ways_apart(moves[0], moves[1]) ? CLAIMS_BESIDE : moves[1]->interval.median < moves[0]->interval.median ? CLAIMS_FOR : CLAIMS_AGAINST;
	return tell(answer, side, number, "%s, %s on %s%s: %.3g migrations a turn and %s without detection; %.3g and %s with thrash=%s",
		without->bench, without->setup, without->device, emulated(in->run, without), moves[0]->interval.median, times[0],
		moves[1]->interval.median, times[1], thrash_of(with));
}

static int judge_thrash(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	int err = 0;

	for (size_t a = 0; a < in->run->n_cells; a++)
		for (size_t b = 0; b < in->run->n_cells && !err; b++)
			if (is_way(in->run, &in->run->cells[a], WAYS_HMM) && differs_in_thrash(&in->run->cells[a], &in->run->cells[b]))
				err = compare_thrash(in, &in->run->cells[a], &in->run->cells[b], number, answer);
	return err;
}

/* ---- NUMA faults far less ------------------------------------------------------------------------------ */

/* Of a kernel what is counted in its steps, of a benchmark its own count. NaN without. */
static double faults_told(const struct claims_run *in, const struct runfile_cell *cell)
{
	if (!runfile_count_verdict(cell, RUN_OK))
		return NAN;
	if (runfile_is_kernel(cell))
		return faults_of(cell);
	for (size_t i = 0; i < in->summary->n; i++) {
		const struct summary_row *row = &in->summary->rows[i];

		if (row->cell == cell && row->n_values && row->better == RUN_EXACT && !strcmp(row->unit, "faults"))
			return row->interval.median;
	}
	return NAN;
}

static int compare_faults(
	const struct claims_run *in, const struct runfile_cell *hmm, const struct runfile_cell *cdm, size_t number, struct claims_answer *answer)
{
	double many = faults_told(in, hmm), few = faults_told(in, cdm);
	enum claims_side side;
	char work[160];

	if (!isfinite(many) || !isfinite(few) || !(many > 0.0))
		return 0;
	name_work(hmm, work);
	side = few <= FAR_LESS * many ? CLAIMS_FOR : few >= many ? CLAIMS_AGAINST : CLAIMS_BESIDE;
	return tell(answer, side, number, "%s: %.0f faults under %s on %s%s, %.0f under %s on %s%s", work, many, hmm->setup, hmm->device,
		emulated(in->run, hmm), few, cdm->setup, cdm->device, emulated(in->run, cdm));
}

static int judge_fewer(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	int err = 0;

	for (size_t a = 0; a < run->n_cells; a++)
		for (size_t b = 0; b < run->n_cells && !err; b++)
			if (faults_on_demand(run, &run->cells[a]) && is_way(run, &run->cells[b], WAYS_CDM) &&
				cells_same_work(&run->cells[a], &run->cells[b]))
				err = compare_faults(in, &run->cells[a], &run->cells[b], number, answer);
	return err;
}

/* ---- the wrong node ------------------------------------------------------------------------------------ */

/* The same side reaches the same memory kind, near in one cell, far in the other. */
static bool is_far_of(const struct runfile_cell *near, const struct runfile_cell *far)
{
	const char *who = runfile_param(near, "initiator"), *where = runfile_param(near, "residence");
	const char *far_who = runfile_param(far, "initiator"), *far_where = runfile_param(far, "residence");

	return who && where && far_who && far_where && !strcmp(near->bench, far->bench) && !strcmp(near->setup, far->setup) &&
	       !strcmp(near->device, far->device) && !strcmp(who, where) && !strcmp(who, far_who) && strcmp(far_who, far_where) != 0;
}

static int compare_far(
	const struct claims_run *in, const struct runfile_cell *near, const struct runfile_cell *far, size_t number, struct claims_answer *answer)
{
	const struct summary_row *a = metric_of(in->summary, near, "read"), *b = metric_of(in->summary, far, "read");
	char values[2][FORMAT_VALUE];
	bool worse;

	if (!a || !b)
		return 0;
	format_value(a->interval.median, a->unit, values[0]);
	format_value(b->interval.median, b->unit, values[1]);
	worse = a->better == RUN_HIGHER ? b->interval.median < a->interval.median : b->interval.median > a->interval.median;
	return tell(answer,
		!ways_apart(a, b) ? CLAIMS_BESIDE
		: worse		  ? CLAIMS_FOR
				  : CLAIMS_AGAINST,
		number, "%s, %s on %s%s: the %s reaches its own node with %s, the other with %s%s, and no fault tells of it", near->bench,
		near->setup, near->device, emulated(in->run, near), runfile_param(near, "initiator"), values[0], values[1],
		ways_apart(a, b) ? "" : " (not told apart)");
}

/* Where the kernel looks for misplaced pages by itself: what it found, and what it cost against pages that were placed right at once. */
static int tell_balancing(const struct ways *ways, size_t number, struct claims_answer *answer)
{
	const struct way *balanced = NULL, *placed = NULL;
	double hints;
	char work[160];

	for (size_t w = 0; w < ways->n; w++) {
		if (!strcmp(ways->way[w].row->cell->setup, "cdm-balance"))
			balanced = &ways->way[w];
		if (!strcmp(ways->way[w].row->cell->setup, "cdm"))
			placed = &ways->way[w];
	}
	if (!balanced || !placed)
		return 0;
	hints = cells_count_median(balanced->row->cell, NULL, "vmstat.numa_hint_faults");
	name_work(balanced->row->cell, work);
	if (!(hints > 0.0))
		return tell(answer, CLAIMS_BESIDE, number, "%s: automatic balancing found nothing to look at in the time of a round", work);
	return tell(answer,
		!ways_apart(balanced->row, placed->row) ? CLAIMS_BESIDE
		: balanced->ratio > placed->ratio	? CLAIMS_FOR
							: CLAIMS_AGAINST,
		number, "%s: automatic balancing took %.0f hint faults to find pages, and %.3g times what placing them at once takes", work, hints,
		balanced->ratio / placed->ratio);
}

static int judge_wrong_node(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	struct ways_list list;
	int err = ways_find(run, in->summary, false, 2, &list);

	for (size_t a = 0; a < run->n_cells; a++)
		for (size_t b = 0; b < run->n_cells && !err; b++)
			if (is_way(run, &run->cells[a], WAYS_CDM) && is_far_of(&run->cells[a], &run->cells[b]))
				err = compare_far(in, &run->cells[a], &run->cells[b], number, answer);
	for (size_t i = 0; i < list.n && !err; i++)
		err = tell_balancing(&list.list[i], number, answer);
	ways_free(&list);
	return err;
}

/* ---- driver-initiated migration ------------------------------------------------------------------------ */

static int tell_migration(
	const struct claims_run *in, const struct runfile_cell *cell, const struct summary_row *stay, size_t number, struct claims_answer *answer)
{
	const struct summary_row *total = metric_of(in->summary, cell, "total");
	size_t bad = count_bad(cell), ok = runfile_count_verdict(cell, RUN_OK), held, all;
	char work[160], against[120] = "";

	name_work(cell, work);
	count_evidence(cell, &held, &all);
	if (bad || (all && held != all))
		return tell(answer, CLAIMS_AGAINST, number, "%s on %s: %zu of %zu rounds failed or showed pages elsewhere", work, cell->device, bad,
			cell->n_rounds);
	if (!ok)
		return 0;
	if (total && stay)
		snprintf(against, sizeof(against), "; it takes %.3g times what leaving them on the host's node does%s",
			total->interval.median / stay->interval.median, ways_apart(total, stay) ? "" : " (not told apart)");
	return tell(answer, CLAIMS_FOR, number, "%s on %s%s: in %zu of %zu rounds the data were right and the pages where the driver put them%s%s",
		work, cell->device, emulated(in->run, cell), ok, cell->n_rounds, all ? "" : " as far as anything tells", against);
}

static int judge_driver(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	int err = 0;

	for (size_t c = 0; c < run->n_cells && !err; c++) {
		const struct summary_row *stay = NULL;

		if (strcmp(run->cells[c].setup, "cdm-migrate") || !runfile_is_kernel(&run->cells[c]))
			continue;
		for (size_t s = 0; s < run->n_cells && !stay; s++)
			if (!strcmp(run->cells[s].setup, "cdm-host") && !strcmp(run->cells[s].device, run->cells[c].device) &&
				cells_same_work(&run->cells[s], &run->cells[c]))
				stay = metric_of(in->summary, &run->cells[s], "total");
		err = tell_migration(in, &run->cells[c], stay, number, answer);
	}
	return err;
}

/* ---- the claims ---------------------------------------------------------------------------------------- */

#define GUEST_REMEDY "fivestep guest run -- run guest -o guest.jsonl"

const struct claim claims[CLAIMS] = {
	{"Both ways give the same transparent program",
		"Under HMM as under coherent memory a program allocates, computes and hands a pointer over; nothing in it says where data are.",
		"a kernel under both HMM and coherent memory", GUEST_REMEDY, judge_transparent},
	{"HMM by faults can be slow", "Where every page is touched, faulting each one over costs more than bringing the data otherwise.",
		"a kernel under HMM on demand and another way", "fivestep run quick -o run.jsonl", judge_slow},
	{"HMM knows its faults", "Each migration is an event that the driver sees: where, which way, how many. Placement can rest on it.",
		"a kernel under HMM on demand, with its counters", "fivestep run quick -o run.jsonl", judge_knows},
	{"So it can detect thrashing", "A page that goes back and forth is seen as such, and can be pinned.",
		"ping_pong under HMM with and without detection", "fivestep run ping_pong --setup hmm -p thrash=none,pin -o thrash.jsonl",
		judge_thrash},
	{"NUMA faults far less", "Coherent memory is reached where it is: once mapped, a page needs no fault to be used from the other side.",
		"the same work under HMM on demand and under coherent memory, with its faults counted", GUEST_REMEDY, judge_fewer},
	{"NUMA must find misplaced pages by other means, and pays for it",
		"What is reached from afar without a fault is slow without anyone knowing; balancing has to look for it.",
		"access from near and far under coherent memory, or automatic balancing beside right placement",
		"fivestep guest run -- run access_bandwidth access_latency --setup cdm -p initiator=host,device -p residence=host,device -o "
		"far.jsonl",
		judge_wrong_node},
	{"Migration by the driver works", "A driver that knows what comes next moves the pages itself, at the boundaries of the steps.",
		"a kernel under cdm-migrate", GUEST_REMEDY, judge_driver},
};

int claims_answer(const struct claim *claim, const struct claims_run *runs, size_t n, struct claims_answer *answer)
{
	size_t sides[3] = {0};
	int err = 0;

	memset(answer, 0, sizeof(*answer));
	for (size_t i = 0; i < n && !err; i++)
		err = claim->judge(&runs[i], i, answer);
	for (size_t i = 0; i < answer->n; i++)
		sides[answer->facts[i].side]++;
	if (sides[CLAIMS_FOR])
		answer->verdict = sides[CLAIMS_AGAINST] ? CLAIMS_QUALIFIED : CLAIMS_SUPPORTED;
	else if (sides[CLAIMS_AGAINST])
		answer->verdict = CLAIMS_REFUTED;
	else if (answer->n)
		answer->verdict = CLAIMS_UNDECIDED;
	return err;
}

void claims_free(struct claims_answer *answer)
{
	free(answer->facts);
	memset(answer, 0, sizeof(*answer));
}

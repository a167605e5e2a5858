/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims_faults.c - judges the claims about faults: their cost, that they are known, how few NUMA has. What a driver does with its knowledge
 * is in claims_history.c. There is one threshold: "far less" is half or less.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/claims/claims_judge.h"
#include "analysis/summary/format.h"

#define FAR_LESS 0.5

/* ---- faults cost time ---------------------------------------------------------------------------------- */

static int compare_faulting(const struct runfile *run, const struct ways *ways, size_t number, struct claims_answer *answer)
{
	char mine[FORMAT_VALUE], best[FORMAT_VALUE];
	const struct way *faulting = NULL, *other = NULL;
	enum claims_side side;

	for (size_t w = 0; w < ways->n; w++) {
		if (claims_faults_on_demand(run, ways->way[w].row->cell))
			faulting = faulting != NULL ? faulting : &ways->way[w];
		else if (other == NULL)
			other = &ways->way[w];
	}
	if (faulting == NULL || other == NULL)
		return 0;
	format_value(faulting->row->interval.median, faulting->row->unit, mine);
	format_value(other->row->interval.median, other->row->unit, best);
	side = !ways_apart(faulting->row, other->row) ? CLAIMS_BESIDE : faulting->ratio > other->ratio ? CLAIMS_FOR : CLAIMS_AGAINST;
	return claims_tell_of(faulting->row->cell, answer, side, number, " on %s%s: %s takes %s, the best other way (%s) %s: %.3g times%s",
		faulting->row->cell->device, claims_emulated(run, faulting->row->cell), faulting->row->cell->setup, mine, other->row->cell->setup,
		best, faulting->ratio / other->ratio, side == CLAIMS_BESIDE ? ", intervals overlap" : "");
}

int claims_judge_slow(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	struct ways_list list;
	int err = ways_find(in->run, in->summary, false, 2, &list);

	for (size_t i = 0; i < list.n && err == 0; i++)
		if (runfile_is_kernel(list.list[i].like))
			err = compare_faulting(in->run, &list.list[i], number, answer);
	ways_free(&list);
	return err;
}

/* ---- HMM knows its faults ------------------------------------------------------------------------------ */

int claims_judge_knows(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	int err = 0;

	for (size_t c = 0; c < in->run->n_cells && err == 0; c++) {
		const struct runfile_cell *cell = &in->run->cells[c];
		size_t held, all;
		double faults;

		if (!runfile_is_kernel(cell) || !claims_faults_on_demand(in->run, cell) || !runfile_count_verdict(cell, VERDICT_OK))
			continue;
		/* The steps in which the two sides share the buffer. */
		faults = cells_faults(cell, FS_DEVICE_COMPUTE, FS_CPU_AFTER);
		claims_count_evidence(cell, &held, &all);
		if (!isfinite(faults) || !all)
			continue;
		err = claims_tell_of(cell, answer, held == all && faults > 0 ? CLAIMS_FOR : CLAIMS_AGAINST, number,
			" on %s%s: %.0f faults counted in steps 3 and 4 under %s; %zu of %zu checks of faults and residence held", cell->device,
			claims_emulated(in->run, cell), faults, cell->setup, held, all);
	}
	return err == 0 ? claims_tell_placement(in, number, answer) : err;
}

/* ---- NUMA faults far less ------------------------------------------------------------------------------ */

/*
 * The faults counted in all five steps of a kernel, since pages may be moved ahead of use in any of them; or a benchmark's own count. NaN if there
 * are none.
 */
static double faults_told(const struct claims_run *in, const struct runfile_cell *cell)
{
	if (!runfile_count_verdict(cell, VERDICT_OK))
		return NAN;
	if (runfile_is_kernel(cell))
		return cells_faults(cell, FS_ALLOC, FS_RELEASE);
	for (size_t i = 0; i < in->summary->n; i++) {
		const struct summary_row *row = &in->summary->rows[i];

		if (row->cell == cell && row->n_values && row->better == FS_EXACT && strcmp(row->unit, "faults") == 0)
			return row->interval.median;
	}
	return NAN;
}

static int compare_faults(
	const struct claims_run *in, const struct runfile_cell *hmm, const struct runfile_cell *cdm, size_t number, struct claims_answer *answer)
{
	double many = faults_told(in, hmm), few = faults_told(in, cdm);
	enum claims_side side;

	if (!isfinite(many) || !isfinite(few) || (many == 0.0 && few == 0.0))
		return 0;
	side = few <= FAR_LESS * many ? CLAIMS_FOR : few >= many ? CLAIMS_AGAINST : CLAIMS_BESIDE;
	return claims_tell_of(hmm, answer, side, number, ": %.0f faults under %s on %s%s, %.0f under %s on %s%s", many, hmm->setup, hmm->device,
		claims_emulated(in->run, hmm), few, cdm->setup, cdm->device, claims_emulated(in->run, cdm));
}

int claims_judge_fewer(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	int err = 0;

	for (size_t a = 0; a < run->n_cells && err == 0; a++) {
		bool is_first = claims_is_way(run, &run->cells[a], WAYS_HMM);

		for (size_t b = 0; b < run->n_cells && is_first && err == 0; b++)
			if (cells_same_work(&run->cells[a], &run->cells[b]) && claims_is_way(run, &run->cells[b], WAYS_CDM))
				err = compare_faults(in, &run->cells[a], &run->cells[b], number, answer);
	}
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims_hardware.c - judges the claims about what each way needs: HMM no coherent hardware, NUMA less machinery.
 *
 * Simplicity itself is not counted. What stands for it are the instructions that the CPU's first touch of a page on the device executes, in program
 * and kernel together. Counts of states, of checks or of lines of code were left out: they say as much about this program as about the two designs.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "analysis/claims/claims_judge.h"
#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"

/* ---- HMM without coherent hardware ----------------------------------------------------------------------- */

/* Why the same kernel was skipped on the same device under coherent memory in all of its rounds; NULL if it was not, or did not run so. */
static const char *without_coherent(const struct runfile *run, const struct runfile_cell *hmm)
{
	const char *why = NULL;

	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];

		if (strcmp(cell->device, hmm->device) != 0 || !cells_same_work(cell, hmm) || !claims_is_way(run, cell, WAYS_CDM))
			continue;
		if (cell->n_rounds == 0 || runfile_count_verdict(cell, VERDICT_SKIP) != cell->n_rounds)
			return NULL;
		why = cell->rounds[0]->why;
	}
	return why;
}

int claims_judge_without_hardware(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	int err = 0;

	for (size_t c = 0; c < in->run->n_cells && err == 0; c++) {
		const struct runfile_cell *cell = &in->run->cells[c];
		size_t right = runfile_count_verdict(cell, VERDICT_OK), bad = claims_count_bad(cell);
		const char *why;

		if (!runfile_is_kernel(cell) || !claims_is_way(in->run, cell, WAYS_HMM) || right + bad == 0)
			continue;
		why = without_coherent(in->run, cell);
		if (why == NULL)
			continue;
		err = claims_tell_of(cell, answer, bad == 0 ? CLAIMS_FOR : CLAIMS_AGAINST, number,
			" on %s%s: the reference answer in %zu of %zu rounds under %s, where coherent memory is not available: %s", cell->device,
			claims_emulated(in->run, cell), right, right + bad, cell->setup, why);
	}
	return err;
}

/* ---- NUMA is simpler --------------------------------------------------------------------------------------- */

/* Only in instructions: by the clock it would be a claim about speed. */
static int compare_touch(
	const struct claims_run *in, const struct runfile_cell *hmm, const struct runfile_cell *cdm, size_t number, struct claims_answer *answer)
{
	const struct summary_row *a = claims_metric(in->summary, hmm, "touch"), *b = claims_metric(in->summary, cdm, "touch");
	char values[2][FORMAT_VALUE];
	enum claims_side side;

	if (a == NULL || b == NULL || !clock_counts_instructions(in->run->clock))
		return 0;
	format_value(a->interval.median, "instructions", values[0]);
	format_value(b->interval.median, "instructions", values[1]);
	side = !ways_apart(a, b) ? CLAIMS_BESIDE : b->interval.median < a->interval.median ? CLAIMS_FOR : CLAIMS_AGAINST;
	return claims_tell_of(hmm, answer, side, number, " on %s%s: the CPU's first touch of a page on the device executes %s under %s, %s under %s",
		hmm->device, claims_emulated(in->run, hmm), values[0], hmm->setup, values[1], cdm->setup);
}

int claims_judge_simpler(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	int err = 0;

	for (size_t a = 0; a < run->n_cells && err == 0; a++) {
		bool is_first = strcmp(run->cells[a].bench, "fault_back") == 0 && claims_faults_on_demand(run, &run->cells[a]);

		for (size_t b = 0; b < run->n_cells && is_first && err == 0; b++)
			if (strcmp(run->cells[a].device, run->cells[b].device) == 0 && cells_same_work(&run->cells[a], &run->cells[b]) &&
				claims_is_way(run, &run->cells[b], WAYS_CDM))
				err = compare_touch(in, &run->cells[a], &run->cells[b], number, answer);
	}
	return err;
}

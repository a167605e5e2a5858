/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims_residence.c - judges the claims about residence: one program wherever data are, pages on the wrong node, migration by the driver.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/claims/claims_judge.h"
#include "analysis/summary/format.h"

/* ---- one program, both ways ---------------------------------------------------------------------------- */

/* Counts a kernel's correct and incorrect rounds, by family. */
static void count_family(const struct runfile *run, const char *kernel, enum ways_family family, size_t *right, size_t *bad)
{
	*right = *bad = 0;
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];

		if (strcmp(cell->bench, kernel) != 0 || !claims_is_way(run, cell, family))
			continue;
		*right += runfile_count_verdict(cell, VERDICT_OK);
		*bad += claims_count_bad(cell);
	}
}

static bool kernel_is_new(const struct runfile *run, size_t cell)
{
	for (size_t c = 0; c < cell; c++)
		if (strcmp(run->cells[c].bench, run->cells[cell].bench) == 0)
			return false;
	return runfile_is_kernel(&run->cells[cell]);
}

int claims_judge_transparent(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	int err = 0;

	for (size_t c = 0; c < in->run->n_cells && err == 0; c++) {
		const char *kernel = in->run->cells[c].bench;
		size_t right[2], bad[2];

		if (!kernel_is_new(in->run, c))
			continue;
		count_family(in->run, kernel, WAYS_HMM, &right[0], &bad[0]);
		count_family(in->run, kernel, WAYS_CDM, &right[1], &bad[1]);
		if (bad[0] + bad[1])
			err = claims_tell(answer, CLAIMS_AGAINST, number,
				"%s: %zu rounds under HMM and %zu under coherent memory gave no valid result", kernel, bad[0], bad[1]);
		else if (right[0] && right[1])
			err = claims_tell(answer, CLAIMS_FOR, number,
				"%s: the same program gave the reference answer in all %zu rounds under HMM and all %zu under coherent memory",
				kernel, right[0], right[1]);
	}
	return err;
}

/* ---- the wrong node ------------------------------------------------------------------------------------ */

/* The same side accesses the same kind of memory, locally in one cell and remotely in the other. */
static bool is_far_of(const struct runfile_cell *near, const struct runfile_cell *far)
{
	const char *who = runfile_param(near, "initiator"), *where = runfile_param(near, "residence");
	const char *far_who = runfile_param(far, "initiator"), *far_where = runfile_param(far, "residence");

	return who != NULL && where != NULL && far_who != NULL && far_where != NULL && strcmp(near->bench, far->bench) == 0 &&
	       strcmp(near->setup, far->setup) == 0 && strcmp(near->device, far->device) == 0 && strcmp(who, where) == 0 &&
	       strcmp(who, far_who) == 0 && strcmp(far_who, far_where) != 0;
}

static int compare_far(
	const struct claims_run *in, const struct runfile_cell *near, const struct runfile_cell *far, size_t number, struct claims_answer *answer)
{
	const struct summary_row *a = claims_metric(in->summary, near, "read"), *b = claims_metric(in->summary, far, "read");
	char values[2][FORMAT_VALUE];
	bool worse, real = !in->run->emulated;

	if (a == NULL || b == NULL)
		return 0;
	format_value(a->interval.median, a->unit, values[0]);
	format_value(b->interval.median, b->unit, values[1]);
	worse = a->better == FS_HIGHER ? b->interval.median < a->interval.median : b->interval.median > a->interval.median;
	return claims_tell(answer,
		!real || !ways_apart(a, b) ? CLAIMS_BESIDE
		: worse			   ? CLAIMS_FOR
					   : CLAIMS_AGAINST,
		number, "%s, %s on %s%s: the %s accesses its own node at %s, the other at %s%s", near->bench, near->setup, near->device,
		claims_emulated(in->run, near), runfile_param(near, "initiator"), values[0], values[1],
		!real		    ? "; an emulated machine's memory has no distance"
		: !ways_apart(a, b) ? " (intervals overlap)"
				    : ", and no fault shows it");
}

/* If the kernel searches for misplaced pages: what it found, and the cost compared with correct placement at once. */
static int tell_balancing(const struct ways *ways, size_t number, struct claims_answer *answer)
{
	const struct way *balanced = NULL, *placed = NULL;
	double hints;

	for (size_t w = 0; w < ways->n; w++) {
		if (strcmp(ways->way[w].row->cell->setup, "cdm-balance") == 0)
			balanced = &ways->way[w];
		if (strcmp(ways->way[w].row->cell->setup, "cdm") == 0)
			placed = &ways->way[w];
	}
	if (balanced == NULL || placed == NULL)
		return 0;
	hints = cells_count_median(balanced->row->cell, NULL, "vmstat.numa_hint_faults");
	if (!(hints > 0.0))
		return claims_tell_of(
			balanced->row->cell, answer, CLAIMS_BESIDE, number, ": automatic balancing found no pages within the time of a round");
	return claims_tell_of(balanced->row->cell, answer,
		!ways_apart(balanced->row, placed->row) ? CLAIMS_BESIDE
		: balanced->ratio > placed->ratio	? CLAIMS_FOR
							: CLAIMS_AGAINST,
		number, ": automatic balancing took %.0f hint faults to find pages, and %.3g times as long as placing them at once", hints,
		balanced->ratio / placed->ratio);
}

/* Appends ", half of them after 3.93 s", or nothing if the metric is missing. */
static void add_metric(const struct claims_run *in, const struct runfile_cell *cell, const char *metric, const char *words, struct text *text)
{
	const struct summary_row *row = claims_metric(in->summary, cell, metric);
	char value[FORMAT_VALUE];

	if (row == NULL)
		return;
	format_value(row->interval.median, row->unit, value);
	text_add(text, ", %s %s", words, value);
}

/* If only that was measured: how the kernel finds pages that were put on the wrong node. */
static int tell_promotion(const struct claims_run *in, const struct runfile_cell *cell, size_t number, struct claims_answer *answer)
{
	const struct summary_row *back = claims_metric(in->summary, cell, "pages_back"), *hints = claims_metric(in->summary, cell, "hint_faults");
	struct text cost = {0};
	int err;

	if (back == NULL || hints == NULL)
		return 0;
	if (!(back->interval.median > 0.0) || !(hints->interval.median > 0.0))
		return claims_tell_of(cell, answer, CLAIMS_BESIDE, number,
			" on %s%s: the kernel found no page on the wrong node in the time that was waited", cell->device,
			claims_emulated(in->run, cell));
	add_metric(in, cell, "half_back", "half of them after", &cost);
	add_metric(in, cell, "cost_a_page", "at a cost per page of", &cost);
	err = claims_tell_of(cell, answer, CLAIMS_FOR, number,
		" on %s%s: the kernel moved %.0f pages back from the wrong node, with %.0f hint faults%s", cell->device,
		claims_emulated(in->run, cell), back->interval.median, hints->interval.median, text_string(&cost));
	text_clear(&cost);
	return err;
}

int claims_judge_wrong_node(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	struct ways_list list;
	int err = ways_find(run, in->summary, false, 2, &list);

	for (size_t a = 0; a < run->n_cells && err == 0; a++) {
		bool is_first = claims_is_way(run, &run->cells[a], WAYS_CDM);

		for (size_t b = 0; b < run->n_cells && is_first && err == 0; b++)
			if (is_far_of(&run->cells[a], &run->cells[b]))
				err = compare_far(in, &run->cells[a], &run->cells[b], number, answer);
	}
	for (size_t i = 0; i < list.n && err == 0; i++)
		err = tell_balancing(&list.list[i], number, answer);
	for (size_t c = 0; c < run->n_cells && err == 0; c++)
		err = tell_promotion(in, &run->cells[c], number, answer);
	ways_free(&list);
	return err;
}

/* ---- driver-initiated migration ------------------------------------------------------------------------ */

static int tell_migration(
	const struct claims_run *in, const struct runfile_cell *cell, const struct summary_row *stay, size_t number, struct claims_answer *answer)
{
	const struct summary_row *total = claims_metric(in->summary, cell, "total");
	size_t bad = claims_count_bad(cell), ok = runfile_count_verdict(cell, VERDICT_OK), held, all;
	char against[120] = "";

	claims_count_evidence(cell, &held, &all);
	if (bad || (all && held != all))
		return claims_tell_of(cell, answer, CLAIMS_AGAINST, number, " on %s: %zu of %zu rounds failed or found pages elsewhere", cell->device,
			bad, cell->n_rounds);
	if (!ok)
		return 0;
	if (total != NULL && stay != NULL)
		snprintf(against, sizeof(against), "; it takes %.3g times as long as leaving them on the host's node%s",
			total->interval.median / stay->interval.median, ways_apart(total, stay) ? "" : " (intervals overlap)");
	return claims_tell_of(cell, answer, CLAIMS_FOR, number,
		" on %s%s: in %zu of %zu rounds the data were correct and the pages where the driver put them%s%s", cell->device,
		claims_emulated(in->run, cell), ok, cell->n_rounds, all ? "" : " as far as can be checked", against);
}

int claims_judge_driver(const struct claims_run *in, size_t number, struct claims_answer *answer)
{
	const struct runfile *run = in->run;
	int err = 0;

	for (size_t c = 0; c < run->n_cells && err == 0; c++) {
		const struct summary_row *stay = NULL;

		if (strcmp(run->cells[c].setup, "cdm-migrate") != 0 || !runfile_is_kernel(&run->cells[c]))
			continue;
		for (size_t s = 0; s < run->n_cells && stay == NULL; s++)
			if (strcmp(run->cells[s].setup, "cdm-host") == 0 && strcmp(run->cells[s].device, run->cells[c].device) == 0 &&
				cells_same_work(&run->cells[s], &run->cells[c]))
				stay = claims_metric(in->summary, &run->cells[s], "total");
		err = tell_migration(in, &run->cells[c], stay, number, answer);
	}
	return err;
}

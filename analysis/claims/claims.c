/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims.c - the claims of 2017, and which of them hold; see claims.h.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/claims_judge.h"
#include "results/runfile.h"
#include "analysis/summary/format.h"
#include "base/array.h"
#include "base/text.h"

const char *const claims_verdict_names[CLAIMS_VERDICTS] = {"not measured", "not decided", "supported", "supported in part", "refuted"};

/* ---- notes --------------------------------------------------------------------------------------------- */

/* Takes the text. */
static int add_fact(struct claims_answer *answer, enum claims_side side, size_t number, struct text *text)
{
	char *told = text_take(text);
	int err = told == NULL ? -ENOMEM : ARRAY_ADD(answer->facts, answer->n, ARRAY_MANY, "facts", NULL);

	if (err == 0)
		answer->facts[answer->n++] = (struct claims_fact){.side = side, .run = number, .text = told};
	else
		free(told);
	return err;
}

int claims_tell(struct claims_answer *answer, enum claims_side side, size_t number, const char *fmt, ...)
{
	struct text text = {0};
	va_list args;

	va_start(args, fmt);
	text_add_va(&text, fmt, args);
	va_end(args);
	return add_fact(answer, side, number, &text);
}

int claims_tell_of(const struct runfile_cell *cell, struct claims_answer *answer, enum claims_side side, size_t number, const char *fmt, ...)
{
	struct text text = {0};
	va_list args;

	text_add(&text, "%s", cell->bench);
	format_params_add(cell, false, " ", &text);
	va_start(args, fmt);
	text_add_va(&text, fmt, args);
	va_end(args);
	return add_fact(answer, side, number, &text);
}

const char *claims_emulated(const struct runfile *run, const struct runfile_cell *cell)
{
	return runfile_device_emulated(run, cell->device) ? " (emulated)" : "";
}

bool claims_is_way(const struct runfile *run, const struct runfile_cell *cell, enum ways_family family)
{
	return ways_family(run, cell->setup) == family;
}

bool claims_faults_on_demand(const struct runfile *run, const struct runfile_cell *cell)
{
	return claims_is_way(run, cell, WAYS_HMM) && runfile_setup_offers(run, cell->setup, "FAULTS");
}

const struct summary_row *claims_metric(const struct summary *summary, const struct runfile_cell *cell, const char *metric)
{
	for (size_t i = 0; i < summary->n; i++)
		if (summary->rows[i].cell == cell && summary->rows[i].n_values && strcmp(summary->rows[i].metric, metric) == 0)
			return &summary->rows[i];
	return NULL;
}

size_t claims_count_bad(const struct runfile_cell *cell)
{
	size_t bad = 0;

	for (int v = VERDICT_SKIP + 1; v < VERDICTS; v++)
		bad += runfile_count_verdict(cell, v);
	return bad;
}

void claims_count_evidence(const struct runfile_cell *cell, size_t *held, size_t *all)
{
	*held = *all = 0;
	for (size_t r = 0; r < cell->n_rounds; r++)
		for (size_t e = 0; e < cell->rounds[r]->n_evidence; e++, ++*all)
			*held += cell->rounds[r]->evidence[e].holds;
}

/* ---- the claims ---------------------------------------------------------------------------------------- */

#define GUEST_REMEDY "fivestep guest run -- run guest -o guest.jsonl"

const struct claim claims[CLAIMS] = {
	{"Both ways give the same transparent program",
		"Under HMM and under coherent memory, a program allocates, computes and passes a pointer; nothing in it says where data are.",
		"a kernel under both HMM and coherent memory", GUEST_REMEDY, claims_judge_transparent},
	{"HMM by faults can be slow", "If every page is touched, faulting each one over costs more than moving the data in another way.",
		"a kernel under HMM on demand and another way", "fivestep run quick -o run.jsonl", claims_judge_slow},
	{"HMM knows its faults",
		"Each migration is an event that the driver sees: where, in which direction, how many. Placement can be based on it.",
		"a kernel under HMM on demand, with its counters; and placement under HMM with and without a policy of the driver",
		"fivestep run quick -o run.jsonl; with balancing: fivestep guest run --balancing -- run placement --setup hmm,cdm-balance "
		"-p size=64K -p placed=found,known -p thrash=none,pin -p thrash_window=60000000 -p wait=5 --rounds 6 -o placement.jsonl",
		claims_judge_knows},
	{"So it can detect thrashing", "A page that migrates back and forth can be detected, and pinned.",
		"ping_pong, and programs that do not thrash, under HMM with and without detection",
		"fivestep run ping_pong triad bfs --setup hmm -p thrash=none,pin -o thrash.jsonl", claims_judge_thrash},
	{"NUMA faults far less", "Coherent memory is accessed where it is: once mapped, a page needs no fault to be used from the other side.",
		"the same work under HMM and under coherent memory, with the faults of all five steps counted", GUEST_REMEDY, claims_judge_fewer},
	{"NUMA must find misplaced pages by other means, and pays for it",
		"Remote access without a fault is slow, and nobody notices; balancing has to search for such pages.",
		"local and remote access on a machine with a second memory node (an emulated machine's memory has no distance), or balancing that "
		"found pages",
		"fivestep guest run --balancing -- run promotion -o promotion.jsonl; with a second node: fivestep run access_bandwidth "
		"access_latency --setup cdm -p initiator=host,device -p residence=host,device -o far.jsonl",
		claims_judge_wrong_node},
	{"Migration by the driver works", "A driver that knows what comes next moves the pages itself, at the boundaries of the steps.",
		"a kernel under cdm-migrate", GUEST_REMEDY, claims_judge_driver},
	{"HMM works without coherent hardware", "Coherence is done in software: a device that only copies is enough.",
		"a kernel under HMM and under coherent memory on a machine that has none", "fivestep run quick -o run.jsonl",
		claims_judge_without_hardware},
	{"NUMA is conceptually simpler", "A node and a page table are all there is: no mirror, no faults of the device, no copies to keep track of.",
		"the CPU's first touch of a page on the device under HMM and under coherent memory, in instructions",
		"fivestep guest run --clock instructions -- run guest -o instructions.jsonl", claims_judge_simpler},
};

int claims_answer(const struct claim *claim, const struct claims_run *runs, size_t n, struct claims_answer *answer)
{
	size_t sides[3] = {0};
	int err = 0;

	memset(answer, 0, sizeof(*answer));
	for (size_t i = 0; i < n && err == 0; i++)
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
	for (size_t i = 0; i < answer->n; i++)
		free(answer->facts[i].text);
	free(answer->facts);
	memset(answer, 0, sizeof(*answer));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.h - of what changed between two runs of one machine: how much follows from what single events cost in each of them, and how much does not.
 * What does not is a change that a program feels and no benchmark shows.
 */
#ifndef FIVESTEP_MODEL_EXPLAIN_H
#define FIVESTEP_MODEL_EXPLAIN_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/model/model.h"

/* A program under a way of sharing, in both runs. All in ns or instructions. */
struct explained {
	const struct runfile_cell *cell; /* of the new run */
	double base, change;		 /* what it took in the base, and what changed: medians */
	double part[FS_COSTS];		 /* of the change, by kind of event: their numbers, each at its run's unit cost */
	double events;			 /* the sum */
	double rest_lo, rest_hi;	 /* what they leave of the change, with all intervals */
	bool is_reference;		 /* its computing was measured in this very cell: nothing is left by construction */
	/* Events of it whose unit costs one of the runs lacks or does not tell apart: what is left may be theirs. */
	bool is_unsure[FS_COSTS];
};

/* How a change is judged, of which that many percent are none. UNSURE: the events leave a rest, and some of their unit costs are not known. */
enum explained_verdict { EXPLAINED_UNCHANGED, EXPLAINED_BY_EVENTS, EXPLAINED_IN_PART, EXPLAINED_UNSURE };
enum explained_verdict explained_judge(const struct explained *e, double margin_pct);

/* Two runs. */
#define EXPLAIN_MARGIN_PCT 1.0
struct explanation {
	struct model models[2];	 /* of the base and the new run; only programs under copies are references */
	struct explained *lines; /* every program that both runs have and whose events both models know */
	size_t n, unknown;	 /* unknown: programs of both runs that cannot be explained for lack of unit costs */
	double margin_pct;	 /* changes up to this are none */
};

/*
 * margin_pct: EXPLAIN_MARGIN_PCT if that is more. The runs must outlive it. 0; -ENODATA with the reason: a run has nothing to calibrate with;
 * -ENOMEM. Call explain_close() in any case.
 */
int explain_open(struct explanation *e, const struct runfile *base, const struct runfile *new, double margin_pct, struct fs_reason *why);
void explain_close(struct explanation *e);

/* Those that changed by more than the margin, with their sums. Return 0 or -errno. */
int explain_table(const struct explanation *e, FILE *out);
int explain_markdown(const struct explanation *e, FILE *out);
/*
 * {what, unit, margin_pct, unknown, programs: [{program, setup, device, params, base, change, by_events, parts: {KIND: part of the change}, rest,
 * rest_within: [lo, hi], is_reference, verdict: UNCHANGED, EXPLAINED, UNEXPLAINED or UNSURE, unsure_of: [KIND]}]}: every program; times in the unit.
 * NULL without memory.
 */
json_t *explain_json(const struct explanation *e);

#endif

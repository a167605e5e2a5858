/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.h - of what changed between two runs of one machine: how much follows from what single events cost in each of them, and how much does not.
 * What does not is a change that a program feels and no benchmark shows.
 */
#ifndef FIVESTEP_MODEL_EXPLAIN_H
#define FIVESTEP_MODEL_EXPLAIN_H

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
};

/* How a change of that many percent is judged. */
enum explained_verdict { EXPLAINED_UNCHANGED, EXPLAINED_BY_EVENTS, EXPLAINED_IN_PART };
enum explained_verdict explained_judge(const struct explained *e, double margin_pct);

/*
 * Of both models only programs under copies remain references. Every program that both runs have and whose events both models know. lines: in new
 * memory, n of them; the caller frees it. unknown: how many programs of both runs cannot be explained for lack of unit costs. 0 or -ENOMEM.
 */
int explain_runs(struct model *base, struct model *new, struct explained **lines, size_t *n, size_t *unknown);

/* Those that changed by more than the margin. 0 or -errno. */
int explain_show(const struct model *new, const struct explained *lines, size_t n, size_t unknown, double margin_pct, FILE *out);

#endif

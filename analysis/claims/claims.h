/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims.h - the claims about HMM and coherent memory when they were proposed, each judged by the results of runs: they support it, refute it, do
 * both, or do not decide.
 *
 * Pure functions over runs. Numbers are compared within one run only; an interval that overlaps another's is no evidence either way.
 */
#ifndef FIVESTEP_CLAIMS_H
#define FIVESTEP_CLAIMS_H

#include "analysis/summary/summary.h"

enum claims_verdict { CLAIMS_OPEN, CLAIMS_UNDECIDED, CLAIMS_SUPPORTED, CLAIMS_QUALIFIED, CLAIMS_REFUTED, CLAIMS_VERDICTS };
extern const char *const claims_verdict_names[CLAIMS_VERDICTS]; /* "not measured", "supported"... */

/* A result relevant to a claim: in favour, against, or neither. */
enum claims_side { CLAIMS_FOR, CLAIMS_AGAINST, CLAIMS_BESIDE };
struct claims_fact {
	enum claims_side side;
	size_t run; /* from 0 */
	char *text;
};

struct claims_answer {
	struct claims_fact *facts;
	size_t n;
	enum claims_verdict verdict; /* SUPPORTED with facts for it only, REFUTED against it only, QUALIFIED with both, UNDECIDED with neither */
};

struct claims_run {
	const struct runfile *run;
	const struct summary *summary;
};

struct claim {
	const char *title;     /* the claim, in one line */
	const char *statement; /* the claim, paraphrased */
	const char *missing;   /* what would have to be measured to decide */
	const char *remedy;    /* and the command that does so */
	int (*judge)(const struct claims_run *run, size_t number, struct claims_answer *answer);
};
#define CLAIMS 9
extern const struct claim claims[CLAIMS];

/* Returns 0 or -ENOMEM; call claims_free() in any case. */
int claims_answer(const struct claim *claim, const struct claims_run *runs, size_t n, struct claims_answer *answer);
void claims_free(struct claims_answer *answer);

#endif

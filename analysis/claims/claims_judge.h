/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims_judge.h - the judges of the claims, and what they share. Each examines one run and notes what is relevant to its claim. One result is
 * slower or faster than another only if their intervals do not overlap.
 */
#ifndef FIVESTEP_CLAIMS_JUDGE_H
#define FIVESTEP_CLAIMS_JUDGE_H

#include "analysis/claims/claims.h"
#include "analysis/claims/ways.h"

/* Each returns 0 or -ENOMEM. */
int claims_judge_transparent(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_slow(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_knows(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_thrash(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_fewer(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_wrong_node(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_driver(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_without_hardware(const struct claims_run *in, size_t number, struct claims_answer *answer);
int claims_judge_simpler(const struct claims_run *in, size_t number, struct claims_answer *answer);

/* Of the claim that HMM knows its faults: what pages placed by their history are worth. */
int claims_tell_placement(const struct claims_run *in, size_t number, struct claims_answer *answer);

int claims_tell(struct claims_answer *answer, enum claims_side side, size_t number, const char *fmt, ...) FS_PRINTF(4, 5);
/* The same with the work before it: "triad size=16M", and what is told. */
int claims_tell_of(const struct runfile_cell *cell, struct claims_answer *answer, enum claims_side side, size_t number, const char *fmt, ...)
	FS_PRINTF(5, 6);
/* " (emulated)", or "" */
const char *claims_emulated(const struct runfile *run, const struct runfile_cell *cell);
bool claims_is_way(const struct runfile *run, const struct runfile_cell *cell, enum ways_family family);
/* Whether a setup is HMM on demand, by faults; prefetching avoids them. */
bool claims_faults_on_demand(const struct runfile *run, const struct runfile_cell *cell);
const struct summary_row *claims_metric(const struct summary *summary, const struct runfile_cell *cell, const char *metric);
/* The number of rounds that are neither ok nor skipped. */
size_t claims_count_bad(const struct runfile_cell *cell);
void claims_count_evidence(const struct runfile_cell *cell, size_t *held, size_t *all);

#endif

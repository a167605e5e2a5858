/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * estimate.h - how long a plan takes, roughly, before anything was measured.
 */
#ifndef FIVESTEP_ESTIMATE_H
#define FIVESTEP_ESTIMATE_H

#include "harness/plan/plan.h"

/* Seconds of one round of a cell: the bytes that it may touch at a modest bandwidth, plus the cost of a process. */
double estimate_round_s(const struct cell *cell);
/*
 * Seconds after which a run of the plan has surely ended, on a machine that is not much slower than a round's estimate says: the plan's own limit of
 * time, or three times the estimate of all rounds that it may measure. Skipped cells count, since another machine may not skip them.
 */
double estimate_limit_s(const struct plan *plan);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.h - prints one or more runs as a table or a JSON array.
 */
#ifndef FIVESTEP_SHOW_H
#define FIVESTEP_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/summary/summary.h"

/*
 * BENCHMARK SETUP DEVICE PARAMETERS METRIC MEDIAN 95 % INTERVAL ROUNDS STOP NOTE, then each reason for a skip
 * with its remedy; RUN comes first if there are several. all: every metric. Nothing is truncated unless out is a
 * terminal. Returns 0 or negative errno.
 */
int show_table(const struct summary *summaries, size_t n, bool all, FILE *out);
/* An array of {bench, setup, device, params, metric, unit, better, median, ci, rounds, stop, verdict, why, clock},
 * every metric of every cell; null if there is no value. "run", the run's id, is added if there are several. */
int show_json(const struct summary *summaries, size_t n, FILE *out);

#endif

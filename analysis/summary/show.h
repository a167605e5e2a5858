/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.h - the table and the JSON array of one or more runs.
 */
#ifndef FIVESTEP_SHOW_H
#define FIVESTEP_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/summary/summary.h"

/*
 * BENCHMARK SETUP DEVICE PARAMETERS METRIC MEDIAN 95 % INTERVAL ROUNDS STOP NOTE, then each reason for a skip
 * with its remedy; RUN goes first when there are several. all: every metric. Nothing is cut unless out is a
 * terminal. 0 or negative errno.
 */
int show_table(const struct summary *summaries, size_t n, bool all, FILE *out);
/* An array of {bench, setup, device, params, metric, unit, better, median, ci, rounds, stop, verdict, why, clock},
 * every metric of every cell; null where there is no value. "run", the run's id, is added when there are several. */
int show_json(const struct summary *summaries, size_t n, FILE *out);
/* The reasons for skips, each once, with the cells it holds for and the remedy. */
void show_skips(const struct summary *summaries, size_t n, FILE *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_show.h - prints a history as tables and as JSON.
 */
#ifndef FIVESTEP_HISTORY_SHOW_H
#define FIVESTEP_HISTORY_SHOW_H

#include <stdio.h>

#include "analysis/history/history.h"

/* All return 0, or negative errno with the reason. */

/*
 * The verdict with the exit status, the changes with alarms first, and the differences at each run. A screen of `columns` columns, where what does
 * not fit is counted; with 0 columns everything, however wide.
 */
int history_show_table(const struct history *history, const struct index *index, int status, unsigned columns, FILE *out, struct fs_reason *why);
/*
 * {runs, series, few, needs, changes: [{state, cell, metric, unit, better, machine, clock, emulated, at: {run, started, file}, before: {run, started,
 * file}, value: [before, after], change_pct, p, why, differs: [{kind, name, before, after}], drift: {pct_per_run, ci_pct_per_run: [lo, hi], runs}}],
 * verdict}. null if there is no number.
 */
int history_show_json(const struct history *history, const struct index *index, FILE *out, struct fs_reason *why);

/* The runs of an index; the series that match. */
int history_show_runs(const struct index *index, bool json, FILE *out, struct fs_reason *why);
int history_show_series(const struct index *index, const char *const *globs, size_t n_globs, bool json, FILE *out, struct fs_reason *why);

#endif

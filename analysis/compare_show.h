/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_show.h - a comparison as a table, as Markdown for a merge request, and as JSON.
 */
#ifndef FIVESTEP_COMPARE_SHOW_H
#define FIVESTEP_COMPARE_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/compare.h"
#include "analysis/unlike.h"

/* All that there is to say: comparison is NULL where the runs are not comparable. */
struct compare_report {
	const struct runfile *base, *new;
	const struct unlike *unlike;
	const struct comparison *comparison;
	bool explain; /* a line for each verdict */
	bool all;     /* every metric that is the same, too, not only the first ones of a cell */
	int status;   /* the exit status, for the last line */
};

/* 0 or negative errno. */
int compare_show_table(const struct compare_report *report, FILE *out);
int compare_show_markdown(const struct compare_report *report, FILE *out);
/*
 * {fingerprint: {same, differs: []}, cells: [{bench, setup, device, params, metric, unit, base, new, change_pct, ci_pct: [lo, hi], q,
 * verdict}], verdict, factors: [{name, base, new}], state: likewise, alone: [{run, bench, setup, device, params, metric, why}]}.
 * null where there is no number, and as the verdict of runs that are not comparable. With explain each cell has "why" last.
 */
int compare_show_json(const struct compare_report *report, FILE *out);

#endif

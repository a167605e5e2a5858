/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_show.h - prints a comparison as a table, as Markdown for a merge request, and as JSON.
 */
#ifndef FIVESTEP_COMPARE_SHOW_H
#define FIVESTEP_COMPARE_SHOW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/unlike.h"

/* What to print. comparison is NULL if the runs are not comparable. */
struct compare_report {
	const struct runfile *base, *new;
	const struct unlike *unlike;
	const struct comparison *comparison;
	bool explain;	/* a line for each verdict */
	bool all;	/* also every metric that is the same, not only the first ones of a cell */
	json_t *events; /* of the JSON: why programs changed, as analysis/model has it; NULL: nobody asked */
	int status;	/* the exit status, for the last line */
};

/*
 * Return 0 or negative errno. The brief one is a screen of `columns` columns: the verdict, the metrics that are not the same, the worst first, what
 * differs between the runs. The table has all of it, a line for each metric.
 */
int compare_show_brief(const struct compare_report *report, unsigned columns, FILE *out);
int compare_show_table(const struct compare_report *report, FILE *out);
int compare_show_markdown(const struct compare_report *report, FILE *out);
/*
 * {fingerprint: {same, differs: []}, cells: [{bench, setup, device, params, metric, unit, base, new, change_pct, ci_pct: [lo, hi], p, q,
 * rounds: {base, new}, pairs, deterministic, margin_pct, more_rounds, verdict, cause, reason}], verdict, factors: [{name, base, new}], state:
 * likewise, alone: [{run, bench, setup, device, params, metric, why}], paired, limits: {looks, p, q}, disturbed_pct: {base, new, limit},
 * status}, and events, if the report has them.
 *
 * null if there is no number: pairs if rounds are not paired, p and q if no test was made, more_rounds if none would decide or none
 * is needed, and limits, disturbed_pct and the verdict if runs are not comparable. cause is one of compare_cause_names, reason is a sentence.
 * deterministic: ci_pct is the smallest and the largest change of any round, unless p is a number. With explain, the last member of each cell is
 * "why", the reason with a second opinion.
 */
int compare_show_json(const struct compare_report *report, FILE *out);
/* Whether no field of the machines' identity differs, allowed or not. */
bool compare_show_same_machine(const struct unlike *unlike);

#endif

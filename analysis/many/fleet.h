/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet.h - runs of many machines side by side: what is usual of each metric, and which machine is odd.
 *
 * A run is a machine. Machines that were built alike have one fingerprint, and still one of them may be slow: that is what this is for.
 */
#ifndef FIVESTEP_FLEET_H
#define FIVESTEP_FLEET_H

#include <stdio.h>

#include "analysis/summary/summary.h"
#include "analysis/compare/unlike.h"

#define FLEET_MIN 4   /* machines with a value, under which none is odd */
#define FLEET_ODD 7.4 /* median absolute deviations from the median of all: 5 sigma of a normal distribution */

struct fleet_row {
	char *name; /* CELL/METRIC */
	const char *unit;
	enum fs_better better;
	bool brief;
	double *values;	 /* each machine's median; NaN without */
	bool *odd;	 /* each machine's */
	size_t n, n_odd; /* machines with a value; odd ones */
	double median, mad;
};

struct fleet {
	const struct runfile *runs;
	size_t n;
	struct fleet_row *rows; /* in the order of the first run that has them */
	size_t n_rows;
	size_t *odd;	       /* rows in which each machine is odd */
	struct unlike *unlike; /* what each machine differs in from the one that is most usual */
	size_t usual;	       /* that one */
};

/* A difference within margin_pct of the median is none: 0, the default of the runs' clock. 0 or -ENOMEM; fleet_free() in any case. */
int fleet_make(const struct runfile *runs, const struct summary *summaries, size_t n, double margin_pct, struct fleet *fleet);
void fleet_free(struct fleet *fleet);

/* all: every metric, not only the first ones of a cell and those with an odd machine. 0 or negative errno. */
int fleet_show_table(const struct fleet *fleet, bool all, FILE *out);
/*
 * {machines: [{file, run, machine, odd, differs: [{kind, name, usual, here}]}], metrics: [{name, unit, better, median, mad, values: [], odd: []}]};
 * values are in the order of the machines, null without; odd has their places.
 */
int fleet_show_json(const struct fleet *fleet, FILE *out);

#endif

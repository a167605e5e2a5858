/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet.h - sets runs of many machines side by side: the typical value of each metric, and the outliers.
 *
 * Each run represents one machine. Machines of the same model have one fingerprint, but one of them may still be slow: this finds it.
 */
#ifndef FIVESTEP_FLEET_H
#define FIVESTEP_FLEET_H

#include <stdio.h>

#include "analysis/summary/summary.h"
#include "analysis/compare/unlike.h"

#define FLEET_MIN     4	  /* machines with a value: with fewer, there are no outliers */
#define FLEET_OUTLIER 7.4 /* median absolute deviations from the median of all: 5 sigma of a normal distribution */

struct fleet_row {
	char *name; /* CELL/METRIC */
	const char *unit;
	enum fs_better better;
	bool brief;
	double *values;	      /* each machine's median; NaN if it has none */
	bool *outlier;	      /* each machine's */
	size_t n, n_outliers; /* machines with a value; outliers */
	double median, mad;
};

struct fleet {
	const struct runfile *runs;
	size_t n;
	struct fleet_row *rows; /* in the order of the first run that has them */
	size_t n_rows;
	size_t *outlier;       /* number of rows in which each machine is an outlier */
	struct unlike *unlike; /* the differences of each machine from the most typical one */
	size_t usual;	       /* the most typical machine */
};

/* A difference within margin_pct of the median counts as none; 0: the default of the runs' clock. Returns 0 or -ENOMEM; call fleet_free() in any
 * case. */
int fleet_make(const struct runfile *runs, const struct summary *summaries, size_t n, double margin_pct, struct fleet *fleet);
void fleet_free(struct fleet *fleet);

/* all: every metric, not only the first ones of a cell and those with an outlier. Returns 0 or negative errno. */
int fleet_show_table(const struct fleet *fleet, bool all, FILE *out);
/*
 * {machines: [{file, run, machine, odd, differs: [{kind, name, usual, here}]}], metrics: [{name, unit, better, median, mad, values: [], odd: []}]};
 * values are in the order of the machines, null if missing; odd has the indices of outliers.
 */
int fleet_show_json(const struct fleet *fleet, FILE *out);

#endif

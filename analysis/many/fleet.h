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
#define FLEET_SAMPLE  100 /* machines that are compared with each other to find the most typical one */
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
	struct runfile *runs; /* of each machine its label (path), record of machine and build, id, clock and fingerprint; no cells */
	size_t n;
	char **units;
	size_t n_units;
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
void fleet_runs_free(struct runfile *runs, size_t n);

/* A property that outliers have and the others do not. */
struct fleet_apart {
	const char *name, *here, *usual; /* of the fleet */
	size_t odd, others;		 /* machines that have it */
};
/*
 * The properties that at least half of the outliers and at most a tenth of the others have; the caller frees the list. 0 or -ENOMEM. n_odd: the
 * number of outliers.
 */
int fleet_find_apart(const struct fleet *fleet, struct fleet_apart **apart, size_t *n, size_t *n_odd);

/* The verdict, the outliers, then metrics: those with an outlier, or all of them. Returns 0 or negative errno. */
int fleet_show_table(const struct fleet *fleet, bool all, FILE *out);
/*
 * {machines: [{file, run, machine, odd, differs: [{kind, name, usual, here}]}], metrics: [{name, unit, better, median, mad, values: [], odd: []}]};
 * values are in the order of the machines, null if missing; odd has the indices of outliers.
 */
int fleet_show_json(const struct fleet *fleet, FILE *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plots.h - how a run's results want to be drawn: what its benchmarks declare, and what follows from the form of the records where they
 * declare nothing.
 */
#ifndef FIVESTEP_PLOTS_H
#define FIVESTEP_PLOTS_H

#include "analysis/summary/summary.h"

#define PLOT_METRICS 8
#define PLOTS_MAX    32 /* of one benchmark */

struct plot {
	const char *bench, *draw; /* as the record says: "bars", "lines"... */
	const char *metrics[PLOT_METRICS];
	unsigned n_metrics;
	const char *over, *by, *mark, *title; /* or NULL */
};

/* The plots of a benchmark of the run; how many. They point into the run and the summary. */
unsigned plots_of(const struct runfile *run, const struct summary *summary, const char *bench, struct plot plots[PLOTS_MAX]);

#endif

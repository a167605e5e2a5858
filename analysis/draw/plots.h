/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plots.h - determines how a run's results are drawn: as its benchmarks declare, or by the form of the records if they
 * declare nothing.
 */
#ifndef FIVESTEP_PLOTS_H
#define FIVESTEP_PLOTS_H

#include "analysis/summary/summary.h"

#define PLOT_METRICS 8
#define PLOTS_MAX    32 /* of one benchmark */

struct plot {
	const char *bench, *draw; /* as in the record: "bars", "lines"... */
	const char *metrics[PLOT_METRICS];
	unsigned n_metrics;
	const char *over, *by, *mark, *title; /* or NULL */
};

/* The plots of a benchmark of the run; returns their number. They point into the run and the summary. */
unsigned plots_of(const struct runfile *run, const struct summary *summary, const char *bench, struct plot plots[PLOTS_MAX]);

#endif

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
/* What the record says of a benchmark or setup in a line; "" where it does not. */
const char *plots_bench_summary(const struct runfile *run, const char *bench);
const char *plots_setup_summary(const struct runfile *run, const char *setup);
/* What a device's coherent memory is: "NUMA node"; "" where the record does not say. */
const char *plots_device_coherent(const struct runfile *run, const char *device);
/* What a setup's buffer is made of: "device", "mirror", "coherent"; "" where the record does not say. */
const char *plots_setup_memory(const struct runfile *run, const char *setup);
/* The setup offers that: "FAULTS", "MOVE"... */
bool plots_setup_offers(const struct runfile *run, const char *setup, const char *offer);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_build.h - gathers the runs of a fleet one by one, so that ten thousand need not be in memory at once: of each run only the medians and the
 * description of its machine are kept.
 */
#ifndef FIVESTEP_FLEET_BUILD_H
#define FIVESTEP_FLEET_BUILD_H

#include "analysis/many/fleet.h"
#include "analysis/many/fleet_share.h"
#include "analysis/summary/identity.h"

/* A metric of the fleet. */
struct fleet_metric {
	char *name; /* CELL/METRIC */
	const char *unit;
	enum fs_better better;
	bool brief; /* of the first machine that has it, as better is */
};

/* That of one machine. Of ten thousand machines there are millions. */
struct fleet_value {
	double median;
	unsigned metric, run;
};

struct fleet_builder {
	struct identity *identity;
	struct fleet_share share; /* of the records of machines and builds */
	struct runfile *runs;	  /* with their machine and build, but without cells */
	size_t n;
	struct fleet_metric *metrics; /* in the order in which they were first seen; no two have the same name and unit */
	size_t n_metrics;
	struct lookup lookup; /* of metrics */
	struct fleet_value *values;
	size_t n_values;
	char **units; /* each once */
	size_t n_units;
};

/* Both 0 or -ENOMEM. label: the machine's name in tables. The run may be freed afterwards. Call fleet_builder_free() in any case. */
int fleet_builder_init(struct fleet_builder *builder);
int fleet_builder_add(struct fleet_builder *builder, const char *label, const struct runfile *run, const struct summary *summary);
void fleet_builder_free(struct fleet_builder *builder);

/* Makes the fleet, which takes the runs and units over. As fleet_make() otherwise. */
int fleet_builder_make(struct fleet_builder *builder, double margin_pct, struct fleet *fleet);

#endif

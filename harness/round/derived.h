/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * derived.h - the metrics that the selected groups derive from a round's counters: over one step, or over the whole round.
 */
#ifndef FIVESTEP_DERIVED_H
#define FIVESTEP_DERIVED_H

#include "harness/round/share.h"

/* The facts of a round that formulas may use, besides its counters. */
struct derived_facts {
	uint64_t bytes; /* of the buffer; 0: there is none */
	size_t page_bytes;
};

/* One metric of a group; step < 0: over the whole round. 0, or -ENODATA with the reason why it is absent. */
int derived_value(const struct group *group, unsigned metric, const struct share *share, const struct derived_facts *facts, int step, double *value,
	struct fs_reason *why);

/* An event's reading over a step or the whole round, scaled to the whole time; -ENODATA if it was never scheduled. */
int derived_reading(const struct share_event *event, int step, double *value, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events.h - kinds of events in the record of a round: those that a step must cause, and those that a metric's value contains.
 */
#ifndef FIVESTEP_RUN_EVENTS_H
#define FIVESTEP_RUN_EVENTS_H

#include <jansson.h>

#include "harness/round/share.h"

/* New references: an object of numbers without zeros. */
json_t *events_implied(const struct share_step *step);
json_t *events_contained(const struct share_metric *metric);

#endif

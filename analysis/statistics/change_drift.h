/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_drift.h - which of the changes of level that were found are a drift, and which drifts have no steps at all.
 */
#ifndef FIVESTEP_CHANGE_DRIFT_H
#define FIVESTEP_CHANGE_DRIFT_H

#include "analysis/statistics/change_points.h"

/*
 * Of points that were found in values: steps that follow each other in one direction become one drift where a ramp describes them better; a
 * level without steps becomes one where it has a slope, sure up to a part of options->p. A drift that comes to less than min_change_pct is none.
 * *points is allocated anew. 0 or -ENOMEM.
 */
int change_drift(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points);

#endif

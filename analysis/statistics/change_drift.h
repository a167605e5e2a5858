/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_drift.h - finds which detected changes of level are really a drift, and drifts without any steps.
 */
#ifndef FIVESTEP_CHANGE_DRIFT_H
#define FIVESTEP_CHANGE_DRIFT_H

#include "analysis/statistics/change_points.h"

/*
 * Replaces change points found in values: consecutive steps in one direction become one drift if a ramp describes them better, and a level
 * without steps becomes a drift if it has a slope that is significant at a share of options->p. A drift of less than min_change_pct counts as none.
 * *points is reallocated. Returns 0 or -ENOMEM.
 */
int change_drift(const double *values, size_t n, const struct change_points_options *options, struct change_point **points, size_t *n_points);

#endif

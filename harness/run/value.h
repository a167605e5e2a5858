/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * value.h - the value of a round that adaptive stopping uses: that of the first metric that has one.
 */
#ifndef FIVESTEP_VALUE_H
#define FIVESTEP_VALUE_H

#include "harness/round/share.h"
#include "results/runfile.h"

/* Of the round just measured, from its shared memory; NaN without one. */
double value_of_round(const struct cell *cell, const struct share *share);
/* Of a round that a file has; NaN without one. */
double value_of_record(const struct runfile_round *round);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * legs.h - the time of a piece of work without that of starting it: it is done once and four times, LEGS times each in turns, and the difference of
 * the two medians is three pieces. A single difference would be the noise of a single start: it can come out as nothing, or below, and then as an
 * impossible speed.
 *
 * The rule: a difference counts if the two legs can be told apart: the lower quartile of the longer one above the upper quartile of the shorter. One
 * that is not resolved is dropped, which is counted and recorded (fs_drop).
 */
#ifndef FIVESTEP_BENCH_LEGS_H
#define FIVESTEP_BENCH_LEGS_H

#include "bench/repeat.h"

#define LEGS	    5
#define LEGS_LONGER 4 /* times the work of the shorter one */

/* Both in ns. */
struct legs {
	double shorter[LEGS], longer[LEGS];
};

#define LEGS_DROPPED "the longer legs were not longer than the shorter ones: a larger size, or a machine with less load"

/* ns of the LEGS_LONGER - 1 pieces of work by which the legs differ; false if they cannot be told apart. Sorts both. */
static inline bool legs_difference(struct legs *legs, double *ns)
{
	*ns = repeat_median(legs->longer, LEGS) - repeat_median(legs->shorter, LEGS);
	return repeat_quantile(legs->longer, LEGS, 0.25) > repeat_quantile(legs->shorter, LEGS, 0.75);
}

#endif

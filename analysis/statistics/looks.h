/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * looks.h - when a session of `fivestep ab` may look at its rounds and decide, and how many times that can be.
 *
 * Each look is a chance to be wrong. So a session's error limits are divided by the number of looks it may take. That number
 * follows from its options alone: it is the same for the session itself and for a later comparison of its run files.
 */
#ifndef FIVESTEP_LOOKS_H
#define FIVESTEP_LOOKS_H

#include <stdbool.h>

#define LOOKS_EVERY 8 /* turns from one look to the next */

struct looks_plan {
	unsigned rounds_min, rounds_max; /* of each side */
	unsigned turn;			 /* rounds of a turn, at least 1 */
	bool timed;			 /* a time limit may end it anywhere, which is one more look */
};

/* Whether a session with that many rounds of each side may stop because everything is decided. The look at rounds_max is not one of these. */
bool looks_due(const struct looks_plan *plan, unsigned done);
/* All looks that the session may take: at least 1. */
unsigned looks_count(const struct looks_plan *plan);

#endif

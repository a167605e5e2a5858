/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * looks.c - when a session may look at its rounds, and how often; see looks.h.
 */
#include "config.h"

#include "analysis/statistics/looks.h"

bool looks_due(const struct looks_plan *plan, unsigned done)
{
	return done < plan->rounds_max && done >= plan->rounds_min && (done - plan->rounds_min) / plan->turn % LOOKS_EVERY == 0;
}

unsigned looks_count(const struct looks_plan *plan)
{
	unsigned first = (plan->rounds_min + plan->turn - 1) / plan->turn, last = (plan->rounds_max + plan->turn - 1) / plan->turn;
	unsigned before_last = last > first ? (last - first + LOOKS_EVERY - 1) / LOOKS_EVERY : 0;

	return before_last + 1 + plan->timed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * estimate.c - how long a plan takes, roughly; see estimate.h.
 */
#include "config.h"

#include "harness/plan/estimate.h"

#include <math.h>
#include <stddef.h>

double estimate_round_s(const struct cell *cell)
{
	const double bytes_per_s = 1.5e9, process_s = 0.05, passes = 8;
	const struct fs_arg *size = args_get(&cell->args, "size");

	return process_s + (size != NULL ? passes * size->real / bytes_per_s : 0);
}

double estimate_limit_s(const struct plan *plan)
{
	const double reserve = 3;
	double all_s = 0;

	if (plan->options.time_limit_s > 0)
		return plan->options.time_limit_s;
	for (unsigned i = 0; i < plan->ncells; i++) {
		double round_s = estimate_round_s(&plan->cells[i]), least_s = round_s * plan->options.rounds_min;
		double most_s = round_s * plan->options.rounds_max;

		if (plan->options.cell_time_s > 0)
			most_s = fmax(least_s, fmin(most_s, plan->options.cell_time_s));
		all_s += most_s;
	}
	return reserve * all_s;
}

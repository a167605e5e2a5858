/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events.c - see events.h.
 */
#include "config.h"

#include "harness/run/events.h"

static json_t *events_json(const double *n)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < FS_COSTS; i++) {
		if (n[i] != 0)
			json_object_set_new(all, fs_cost_names[i], json_real(n[i]));
	}
	return all;
}

json_t *events_implied(const struct share_step *step)
{
	double n[FS_COSTS];

	for (unsigned i = 0; i < FS_COSTS; i++)
		n[i] = (double)step->implied[i];
	return events_json(n);
}

json_t *events_contained(const struct share_metric *metric)
{
	return events_json(metric->contains);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explained_parts.c - see explained_parts.h.
 */
#include "config.h"

#include "analysis/model/explained_parts.h"

#include <math.h>

const char *const explained_names[EXPLAINED_PARTS] = {
	"not explained", "computing", "faults", "migration", "first touches, allocation, launches", "copies"};

static enum explained_part part_of(unsigned kind)
{
	if (kind >= FS_COST_FILL_BYTE)
		return EXPLAINED_COMPUTING;
	if (kind >= FS_COST_COPY && kind < FS_COST_LAUNCH)
		return EXPLAINED_COPIES;
	if (kind >= FS_COST_PAGE && kind < FS_COST_COPY)
		return EXPLAINED_MOVES;
	if (kind >= FS_COST_FAULT && kind < FS_COST_PAGE)
		return EXPLAINED_FAULTS;
	return EXPLAINED_FIRST;
}

double explained_share(const struct predict_line *line, enum explained_part part)
{
	double sum = 0, all = 0;

	for (unsigned i = 0; i < FS_COSTS; i++) {
		all += line->prediction.part[i];
		sum += part_of(i) == part ? line->prediction.part[i] : 0;
	}
	if (part == EXPLAINED_REST)
		sum = fmax(line->total.median - all, 0);
	return 100 * sum / line->total.median;
}

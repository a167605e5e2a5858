/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_finder.h - what the parts of the search for changes of level share: the series, and the candidates so far. See change_points.h.
 */
#ifndef FIVESTEP_CHANGE_FINDER_H
#define FIVESTEP_CHANGE_FINDER_H

#include "analysis/statistics/change_points.h"
#include "analysis/statistics/level_shift.h"

struct candidate {
	size_t at;
	double q, p;
	double size_pct;
	bool tested, sized; /* q and p, size_pct are those of the neighbours that it has now */
	bool raised;	    /* it was seen when its values were the latest, and is believed longer */
	bool sure;	    /* among all splits of the series */
};

struct finder {
	const double *values;
	size_t n;
	const struct change_points_options *options;
	double limit;				      /* of p, over all splits */
	double times_old, times_recent, times_latest; /* p of one split to p over all */
	bool levels;				      /* that the series changes is sure: each of its levels is looked at for itself */
	struct e_divisive test;
	struct candidate *candidates;
	size_t n_candidates, room;
};

int finder_add(struct finder *finder, size_t at, double q, bool raised);
/* Two windows see one change, and may put it a little apart: of candidates closer than a segment the better one stays. */
void finder_join(struct finder *finder);

/* How much of all chance each split has. */
void finder_share_chance(struct finder *finder);
/* p over all splits of the series, of one that has k values after it. */
double finder_p_of(const struct finder *finder, double p, size_t k);
/* The weakest go, one after the other, until each that is left is sure and large enough. */
int finder_remove_weak(struct finder *finder);
/* First what is sure among all splits, then what is sure within the levels that this gives. */
int finder_choose(struct finder *finder);
int finder_describe(const struct finder *finder, size_t i, struct change_point *point);

/* What the latest values show, or showed when they were the latest. */
int finder_look_back(struct finder *finder);

#endif

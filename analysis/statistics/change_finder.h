/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change_finder.h - state shared by the parts of the search for changes of level: the series, and the candidates so far. See change_points.h.
 */
#ifndef FIVESTEP_CHANGE_FINDER_H
#define FIVESTEP_CHANGE_FINDER_H

#include "analysis/statistics/change_points.h"
#include "analysis/statistics/level_shift.h"

struct candidate {
	size_t at;
	double q, p;
	double size_pct;
	bool tested, sized; /* q and p, size_pct are valid for its current neighbours */
	bool raised;	    /* it was detected when its values were the latest, and is kept longer */
	bool sure;	    /* significant among all splits of the series */
};

struct finder {
	const double *values;
	size_t n;
	const struct change_points_options *options;
	double limit;				      /* of p, over all splits */
	double times_old, times_recent, times_latest; /* factor from p of one split to p over all splits */
	bool levels;				      /* the series changes for sure: each of its levels is examined by itself */
	struct e_divisive test;
	struct candidate *candidates;
	size_t n_candidates, capacity;
};

int finder_add(struct finder *finder, size_t at, double q, bool raised);
/* Two windows may place one change slightly differently: of candidates closer than a segment, the better one is kept. */
void finder_join(struct finder *finder);

/* Distributes the allowed error rate over the splits. */
void finder_share_chance(struct finder *finder);
/* Converts p of a split with k values after it to p over all splits of the series. */
double finder_p_of(const struct finder *finder, double p, size_t k);
/* Removes the weakest candidates one by one, until all that remain are significant and large enough. */
int finder_remove_weak(struct finder *finder);
/* Chooses first what is significant among all splits, then what is significant within the resulting levels. */
int finder_choose(struct finder *finder);
int finder_describe(const struct finder *finder, size_t i, struct change_point *point);

/* Adds the changes that the latest values show, or showed when they were the latest. */
int finder_look_back(struct finder *finder);

#endif

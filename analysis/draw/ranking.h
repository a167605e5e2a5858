/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ranking.h - answers to what a picture asks, of results beside each other: which is the best, and how far apart they are. Nothing is said where a
 * result has no interval; where intervals overlap, that is said.
 */
#ifndef FIVESTEP_RANKING_H
#define FIVESTEP_RANKING_H

#include "analysis/draw/drawing.h"

/* A result, and what a picture calls it. */
struct ranked {
	const struct summary_row *row;
	const char *label;
};

/* Which of the ways of the same work is the best, and the next one; what: " by to_device", or "". Counts without a better side have ends. */
void ranking_best(struct sheet *sheet, const char *what, const struct ranked *list, unsigned n);
/* The least and the most of results of any work. */
void ranking_ends(struct sheet *sheet, const char *what, const struct ranked *list, unsigned n);

/* Whether an interval of one is below that of the other, whole. */
bool ranking_below(const struct summary_row *a, const struct summary_row *b);

#endif

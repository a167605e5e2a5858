/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * break_even.h - a map of which way of sharing is best for a program, by how much of its memory the device touches and by how often the work goes
 * back and forth.
 */
#ifndef FIVESTEP_MODEL_BREAK_EVEN_H
#define FIVESTEP_MODEL_BREAK_EVEN_H

#include "base/reason.h"

#define BREAK_EVEN_SHARES 7
#define BREAK_EVEN_TURNS  7
extern const double break_even_shares[BREAK_EVEN_SHARES]; /* 0.001 to 1 */
extern const unsigned break_even_turns[BREAK_EVEN_TURNS]; /* 1 to 1000 */

struct break_even_place {
	const char *best, *second; /* names of setups; second is NULL where it can be told from the best */
	unsigned way;		   /* a number of the best: its colour */
	double times_next;	   /* what the second best takes, of the best */
};

struct break_even_map {
	const char *program, *model;
	struct break_even_place place[BREAK_EVEN_TURNS][BREAK_EVEN_SHARES];
};

/* DIR/break-even.svg, .png, .pdf; paper_mm as for picture_place_open(). 0, or -errno with the reason: -ENOENT without gnuplot. */
int break_even_picture(const struct break_even_map *map, const char *dir, double paper_mm, struct fs_reason *why);

struct picture_place;
/* The same on a page, whose place it is, and which has gnuplot: break-even. 0, or -errno with the reason. */
int break_even_draw(const struct break_even_map *map, const struct picture_place *place, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crossing.c - draws a metric over a parameter, and marks where another way of sharing becomes the best.
 */
#include "config.h"

#include "analysis/draw/curves.h"

static int draw(struct maker *maker, const struct plot *plot)
{
	return curves_draw(maker, plot, true);
}

const struct drawing drawing_crossing = {
	.name = "crossing",
	.heading = "Where another way becomes better",
	.draw = draw,
};

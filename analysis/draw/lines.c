/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lines.c - draws a metric over a parameter.
 */
#include "config.h"

#include "analysis/draw/curves.h"

static int draw(struct maker *maker, const struct plot *plot)
{
	return curves_draw(maker, plot, false);
}

const struct drawing drawing_lines = {
	.name = "lines",
	.heading = "Over a parameter",
	.draw = draw,
};

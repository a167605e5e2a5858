/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curves.h - draws a sweep, for the drawings lines and crossing.
 */
#ifndef FIVESTEP_CURVES_H
#define FIVESTEP_CURVES_H

#include "analysis/draw/drawing.h"

/* mark: mark where another line becomes the best. Returns 0 or negative errno. */
int curves_draw(struct maker *maker, const struct plot *plot, bool mark);

#endif

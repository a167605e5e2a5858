/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curves.h - the picture of a sweep, for the drawings lines and crossing.
 */
#ifndef FIVESTEP_CURVES_H
#define FIVESTEP_CURVES_H

#include "analysis/draw/drawing.h"

/* mark: where another line becomes the best is marked, if it does. 0 or negative errno. */
int curves_draw(struct maker *maker, const struct plot *plot, bool mark);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * advise_map.h - a picture of where another way of sharing would be the best for a described program.
 */
#ifndef FIVESTEP_COMMAND_ADVISE_MAP_H
#define FIVESTEP_COMMAND_ADVISE_MAP_H

#include "analysis/model/break_even.h"
#include "command/advise_ways.h"

/* The map itself: it points into the advice. 0 or -ENOMEM with the reason. */
int advise_map_make(const struct advise *advise, struct break_even_map *map, struct fs_reason *why);
/* DIR/break-even.svg. 0, or -errno with the reason: -ENOENT without gnuplot. */
int advise_map(const struct advise *advise, const char *dir, double paper_mm, struct fs_reason *why);

#endif

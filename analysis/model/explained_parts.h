/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explained_parts.h - the kinds of event as the parts of a picture: few enough to be told apart.
 */
#ifndef FIVESTEP_MODEL_EXPLAINED_PARTS_H
#define FIVESTEP_MODEL_EXPLAINED_PARTS_H

#include "analysis/model/predict_show.h"

/* The rest has the first of the styles of bars, which is grey. */
enum explained_part { EXPLAINED_REST, EXPLAINED_COMPUTING, EXPLAINED_FAULTS, EXPLAINED_MOVES, EXPLAINED_FIRST, EXPLAINED_COPIES, EXPLAINED_PARTS };
extern const char *const explained_names[EXPLAINED_PARTS];

/* In percent of what was measured. The rest is what the events leave, 0 where they make more. */
double explained_share(const struct predict_line *line, enum explained_part part);

struct picture_place;
/* DIR/explained.svg, explained-2.svg... of the lines that are measured. 0, or -errno with the reason. */
int explained_pictures(const struct predict_line *lines, size_t n, const struct picture_place *place, struct fs_reason *why);
/* How many those are. */
unsigned explained_count(const struct predict_line *lines, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names.h - matching what a user named: lists of globs, and the nearest names if nothing matches.
 */
#ifndef FIVESTEP_NAMES_H
#define FIVESTEP_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* How a name matches a comma-separated list of names and globs. */
enum names_match { NAMES_NO, NAMES_BY_GLOB, NAMES_EXACT };
enum names_match names_match(const char *list, const char *name);

/* The up to three names nearest to the one asked for, collected one candidate at a time. */
struct names_nearest {
	const char *asked;
	const char *name[3];
	unsigned distance[3];
};
void names_nearest_init(struct names_nearest *nearest, const char *asked);
void names_nearest_offer(struct names_nearest *nearest, const char *candidate);
/* "did you mean a, b or c?", or an empty text when nothing is near. */
void names_nearest_text(const struct names_nearest *nearest, char *text, size_t bytes);

#endif

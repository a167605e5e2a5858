/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svg.h - adapts the pictures that gnuplot writes as SVG, and embeds them in a page.
 */
#ifndef FIVESTEP_SVG_H
#define FIVESTEP_SVG_H

#include <stdio.h>

/*
 * Rewrites the file. Tooltips are calls of a script that is not there; they become <title> elements, which every browser shows without
 * a script. Titles that name gnuplot's parts are removed, as they would show up all over the picture. Returns 0 or negative errno.
 */
int svg_tidy(const char *path);

/* The whole file, NULL with errno set. The caller frees it. */
char *svg_read(const char *path);
/* Writes only the drawing, from its first element on. The figure's number makes ids unique, as one page holds many pictures. */
void svg_put(FILE *html, const char *svg, unsigned figure);

#endif

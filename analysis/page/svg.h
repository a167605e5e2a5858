/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svg.h - what is changed of the pictures that gnuplot writes as SVG, and how they come into a page.
 */
#ifndef FIVESTEP_SVG_H
#define FIVESTEP_SVG_H

#include <stdio.h>

/*
 * Rewrites the file: what points say is a call of a script that is not there; it becomes a <title>, which every browser shows without
 * one. Titles that name gnuplot's parts go, as they would show up all over the picture. 0 or negative errno.
 */
int svg_tidy(const char *path);

/* The whole file, NULL with errno set. The caller frees it. */
char *svg_read(const char *path);
/* The drawing alone, from its first element on: ids are made its own by the figure's number, as one page holds many pictures. */
void svg_put(FILE *html, const char *svg, unsigned figure);

#endif

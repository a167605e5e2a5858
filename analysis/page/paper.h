/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paper.h - a picture's PDF for print, for picture.c alone: its width is given, its letters have 8 points, and what was made for the page is made to
 * fit. analysis/plot/style.gp uses it.
 */
#ifndef FIVESTEP_PAPER_H
#define FIVESTEP_PAPER_H

#include "analysis/page/picture.h"

#define PAPER_LETTER_PX 9 /* width of a letter of legend and labels, generously; on the page as well */

/* The width, the stamp in lines that fit, and the command that draws the picture again. */
void paper_begin(struct picture *picture, const struct picture_place *place);
/* The space left of the plot for labels of so many letters, and the lines that the longest takes. */
void paper_margin(struct picture *picture, size_t letters);
/* Copies the scripts to data/plot, beside what they draw, for authors to change. 0, or -errno with the reason */
int paper_scripts(const struct picture_place *place, struct fs_reason *why);

#endif

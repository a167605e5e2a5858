/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * picture.h - one picture: its numbers in NAME.tsv, its texts in NAME.gp, what points say in NAME.tips; drawn by gnuplot as
 * NAME.svg, NAME.png and NAME.pdf.
 *
 * The text files stay beside the pictures, in the folder "data" of the report, for whoever wants to draw them
 * otherwise. Texts come from records and are written so that gnuplot reads them as nothing but texts.
 */
#ifndef FIVESTEP_PICTURE_H
#define FIVESTEP_PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/reason.h"

#define PICTURE_SERIES	     8 /* lines that colours, dashes and markers tell apart */
#define PICTURE_ROW_PX	     30
#define PICTURE_SMALL_ROW_PX 22

/* Where pictures go, and what is on each of them. */
struct picture_place {
	const char *dir;   /* the report's folder; dir/data is there */
	char *scripts;	   /* folder of the gnuplot scripts */
	const char *stamp; /* run, machine, date, emulated devices */
	bool can_draw;	   /* gnuplot is there */
};

struct picture {
	char name[96];	    /* of its files, without suffix */
	const char *script; /* of analysis/plot: "boxes", "lines"... */
	FILE *texts, *numbers, *tips;
	unsigned blocks, n_tips;
	double margin_chars; /* left of the plot */
};

/* Opens both files. 0 or negative errno with the reason; then nothing is open. */
int picture_begin(struct picture *picture, const struct picture_place *place, const char *script, struct fs_reason *why, const char *fmt, ...)
	FS_PRINTF(5, 6);
void picture_text(struct picture *picture, const char *variable, const char *text);
void picture_number(struct picture *picture, const char *variable, double value);
/* Room on the left for labels of so many letters; before the names. */
void picture_margin(struct picture *picture, size_t letters);
/* names[series], and room for them above the picture. */
void picture_names(struct picture *picture, const char *const *names, unsigned series, const char *extra);
/* x_tics or y_tics for a logarithmic axis from lo to hi in that unit. */
void picture_tics(struct picture *picture, const char *variable, double lo, double hi, const char *unit);
/* An axis: "time, us"; what or unit may be empty. */
void picture_axis(struct picture *picture, const char *variable, const char *what, const char *unit);
/* How high the picture is, without title, legend and axis. */
void picture_rows(struct picture *picture, unsigned rows, unsigned row_px);
void picture_lines(struct picture *picture);
/* What whoever points at (x, y) is told, where the format can. */
void picture_tip(struct picture *picture, double x, double y, const char *fmt, ...) FS_PRINTF(4, 5);
/* Begins the next block of numbers. */
void picture_block(struct picture *picture);
/* A text as a field of the numbers. */
void picture_field(struct picture *picture, const char *text);
/* Closes the files and draws. 0; negative errno with the reason, the first line of what gnuplot said. */
int picture_end(struct picture *picture, const struct picture_place *place, struct fs_reason *why);

/*
 * Makes dir and dir/data, and looks for gnuplot and its scripts. Without gnuplot: 0, can_draw false, and why in pictures. The stamp is the
 * caller's.
 */
int picture_place_open(struct picture_place *place, const char *dir, struct fs_reason *pictures, struct fs_reason *why);
void picture_place_close(struct picture_place *place);

/* 0 if gnuplot can be run, else -ENOENT with the reason and how to get it. */
int picture_probe(struct fs_reason *why);

#endif

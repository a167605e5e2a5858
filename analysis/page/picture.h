/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * picture.h - one picture: its numbers in NAME.tsv, its texts in NAME.gp, its tooltips in NAME.tips; drawn by gnuplot as
 * NAME.svg, NAME.png and NAME.pdf.
 *
 * The text files stay beside the pictures, in the folder "data" of the report, so that they can be drawn
 * differently. Texts come from records and are written so that gnuplot cannot read them as anything but texts.
 */
#ifndef FIVESTEP_PICTURE_H
#define FIVESTEP_PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/reason.h"

#define PICTURE_SERIES	     8 /* lines that colours, dashes and markers can distinguish */
#define PICTURE_ROW_PX	     30
#define PICTURE_SMALL_ROW_PX 22

/* Where pictures are written, and what is common to all of them. */
struct picture_place {
	const char *dir;    /* the report's folder; dir/data is there */
	char *scripts;	    /* folder of the gnuplot scripts */
	const char *stamp;  /* run, machine, date, emulated devices */
	bool can_draw;	    /* gnuplot is there */
	const char *prefix; /* of the names of pictures; NULL: none */
	double paper_mm;    /* width of the PDFs, for print: see picture_paper(); 0: as on the page */
};

struct picture {
	char name[96];	    /* of its files, without suffix */
	const char *script; /* of analysis/plot: "boxes", "lines"... */
	FILE *texts, *numbers, *tips;
	unsigned blocks, n_tips;
	double margin_chars;  /* left of the plot */
	double paper_px;      /* the PDF's width in pixels of a letter of 13; 0: as on the page */
	double paper_margin;  /* in letters, as above */
	unsigned paper_lines; /* of a row's label */
};

/*
 * Reads "84mm", the width of a paper's column, into mm: PDFs are drawn that wide, with letters of 8 points, and without a title, which is the
 * caption's. Returns 0, or -EINVAL with the reason.
 */
#define PICTURE_PAPER_MIN_MM 60
#define PICTURE_PAPER_MAX_MM 400
int picture_paper(const char *text, double *mm, struct fs_reason *why);

/* Opens the files. Returns 0, or negative errno with the reason; then nothing is open. */
int picture_begin(struct picture *picture, const struct picture_place *place, const char *script, struct fs_reason *why, const char *fmt, ...)
	FS_PRINTF(5, 6);
void picture_text(struct picture *picture, const char *variable, const char *text);
/* The title, above the plot: one that is wider than the picture is shortened, with a mark. The page has all of it. */
void picture_title(struct picture *picture, const char *title);
/* What answers the title's question, in lines beneath it: on the page, as a paper has it in the caption. Its text is whole. Before picture_end(). */
void picture_answer(struct picture *picture, const char *answer);
void picture_number(struct picture *picture, const char *variable, double value);
/* Reserves space on the left for labels of that many letters; call it before picture_names(). */
void picture_margin(struct picture *picture, size_t letters);
/* Writes names[series], shortened as picture_field() does, and reserves space for them above the picture. */
void picture_names(struct picture *picture, const char *const *names, unsigned series, const char *extra);
/* Writes x_tics or y_tics for a logarithmic axis from lo to hi in that unit. */
void picture_tics(struct picture *picture, const char *variable, double lo, double hi, const char *unit);
/* An axis: "time, us"; what or unit may be empty. */
void picture_axis(struct picture *picture, const char *variable, const char *what, const char *unit);
/* Sets the height of the picture, without title, legend and axis. */
void picture_rows(struct picture *picture, unsigned rows, unsigned row_px);
void picture_lines(struct picture *picture);
/* The tooltip at (x, y), if the format supports it. */
void picture_tip(struct picture *picture, double x, double y, const char *fmt, ...) FS_PRINTF(4, 5);
/* Starts the next block of numbers. */
void picture_block(struct picture *picture);
/* Writes a text as a field of the numbers; one that is longer than PICTURE_LABEL is shortened, with a mark: tables and tooltips have all of it. */
#define PICTURE_LABEL 127
void picture_field(struct picture *picture, const char *text);
/* Closes the files; picture_draw_all() draws. Returns 0, or negative errno with the reason. */
int picture_write(struct picture *picture, const struct picture_place *place, struct fs_reason *why);

/* A picture that was written: its script and name, and whether it could be drawn: 0, or negative errno with the reason, the first line of gnuplot's
 * output. */
struct picture_job {
	const char *script, *name;
	int err;
	struct fs_reason why;
};
/* Draws them, as many at once as there are CPUs (8 at most); nothing where the place cannot draw. */
void picture_draw_all(const struct picture_place *place, struct picture_job *jobs, size_t n);

/* Closes the files and draws. Returns 0, or negative errno with the reason: the first line of gnuplot's output. */
int picture_end(struct picture *picture, const struct picture_place *place, struct fs_reason *why);

/*
 * Creates dir and dir/data, and looks for gnuplot and its scripts. Without gnuplot, returns 0 with can_draw false and the reason in pictures. The
 * stamp is owned by the caller. paper_mm: the width of the PDFs, for print, and the scripts come to dir/data/plot (picture_paper()); 0: as on the
 * page.
 */
int picture_place_open(struct picture_place *place, const char *dir, double paper_mm, struct fs_reason *pictures, struct fs_reason *why);
void picture_place_close(struct picture_place *place);

/* Returns 0 if gnuplot can be run, else -ENOENT with the reason and how to install it. */
int picture_probe(struct fs_reason *why);

#endif

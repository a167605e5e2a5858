/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drawing.h - the interface of drawings: one file here, one line in local.mk, in the order of the page.
 *
 * Nothing here knows a benchmark, a setup or a device: the run record declares what is drawn and how (plots.h), or it follows from
 * the form of the records. A drawing writes numbers and texts; the script in analysis/plot/ decides how they look.
 */
#ifndef FIVESTEP_DRAWING_H
#define FIVESTEP_DRAWING_H

#include "analysis/compare/compare.h"
#include "analysis/draw/plots.h"
#include "analysis/page/picture.h"
#include "analysis/summary/summary.h"
#include "base/text.h"

#define DRAWING_ROWS 20 /* per picture; further rows go to a second one */

struct maker;

struct drawing {
	const char *name;    /* of files; equals `draw` of a plot in the record */
	const char *heading; /* of the section of the page with its pictures */
	/* Draws one declared plot, in one or more pictures; or all pictures of the run that need no declaration. Returns 0 or negative errno. */
	int (*draw)(struct maker *maker, const struct plot *plot);
	int (*draw_run)(struct maker *maker);
};
extern const struct drawing *const registry_drawings[]; /* ends with NULL */

/* A picture on the page. */
struct figure {
	const struct drawing *drawing;
	const char *bench;  /* what it is of; NULL: of the whole run */
	char name[96];	    /* NAME.svg, NAME.png, NAME.pdf, NAME.tsv */
	const char *script; /* that draws it, when all are written */
	char *title;
	struct text answer;  /* to the title's question: empty where nothing is certain */
	struct text caption; /* how to read it */
	struct text alt;     /* what it shows, for readers who cannot see it; with the answer */
	struct text error;   /* why it could not be drawn; empty if it was */
	char *columns;	     /* of its table, as for document_table_begin() */
	char *rows;	     /* cells separated by tabs, lines by newlines */
};

struct figures {
	struct figure *list;
	size_t n;
};

struct maker {
	const struct runfile *run;
	const struct summary *summary;
	const struct comparison *comparison; /* with a base, or NULL */
	const struct picture_place *place;
	const char *prefix;
	struct figures *figures;
	const struct drawing *drawing; /* being drawn */
	const char *bench;	       /* whose picture that is, or NULL */
	struct fs_reason *why;
};

/* Draws everything; names start with prefix. A picture that fails is kept with its error. Returns 0 or negative errno with the reason. */
int figures_make(struct maker *maker);
void figures_free(struct figures *figures);

/* ---- for drawings -------------------------------------------------------------------------------------- */

/* A figure being written: its picture and its table. */
struct sheet {
	struct maker *maker;
	struct picture picture;
	struct figure *figure;
	FILE *table;
	size_t table_bytes;
	unsigned column;
};

/* Starts the next figure of the current drawing. Returns 0, or negative errno with the reason in maker->why; then nothing is open. */
int sheet_begin(struct sheet *sheet, struct maker *maker, const char *script, const char *columns, const char *fmt, ...) FS_PRINTF(5, 6);
void sheet_cell(struct sheet *sheet, const char *fmt, ...) FS_PRINTF(2, 3);
void sheet_row(struct sheet *sheet);									/* ends the row */
void sheet_interval(struct sheet *sheet, const struct statistics_interval *interval, const char *unit); /* two cells */
/* Adds to the answer to the title's question: only what intervals make certain, or what is said to be uncertain. */
void sheet_answer(struct sheet *sheet, const char *fmt, ...) FS_PRINTF(2, 3);
void sheet_caption(struct sheet *sheet, const char *fmt, ...) FS_PRINTF(2, 3);
void sheet_alt(struct sheet *sheet, const char *fmt, ...) FS_PRINTF(2, 3);
/* Draws it. If gnuplot refuses a picture, the error is shown instead. Returns 0 or -ENOMEM. */
int sheet_end(struct sheet *sheet);

/* A list of distinct names, which are not copied. It starts as {0}; drawing_names_free() frees it. */
struct names {
	const char **name;
	unsigned n;
};
/* 0 or -ENOMEM */
int drawing_names_add(struct names *names, const char *name);
/* The benchmarks of a run, in its order. */
int drawing_benches(const struct runfile *run, struct names *names);
void drawing_names_free(struct names *names);

/* Cells that a picture shows, with their labels. */
struct rows {
	const struct runfile_cell *cell[DRAWING_ROWS];
	const char *label[DRAWING_ROWS]; /* they live as long as the run */
	unsigned n;
};
/* Takes the next cells of the plot's benchmark with a value of any of its metrics, from *next on. */
void rows_collect(const struct maker *maker, const struct plot *plot, size_t *next, struct rows *rows);
/* Whether they are all that the plot has, and of the same work, so that they can be compared. */
bool rows_are_all(const struct maker *maker, const struct plot *plot, const struct rows *rows);
bool rows_are_alike(const struct rows *rows);
/* Writes block 0 of the numbers, y and label, as well as the number of rows and the space for labels. */
void rows_put(struct picture *picture, const struct rows *rows);

/* The row of a metric, or of the median of a histogram of that name; NULL if there is none. */
const struct summary_row *drawing_row(const struct summary *summary, const struct runfile_cell *cell, const char *metric);
/* "triad total hmm size=1M": benchmark, metric and what distinguishes the cell; it lives as long as the run. */
const char *drawing_name(const struct runfile *run, const struct summary_row *row);
/* The interval's ends, or the median twice. */
void drawing_ends(const struct summary_row *row, double *lo, double *hi);
/* The unit that shows values up to max with few digits; *factor turns recorded values into it. */
const char *drawing_unit(double max, const char *unit, double *factor);
/* "0.33", "3.1", "12", "120": how many times. */
#define DRAWING_TIMES 32
const char *drawing_times(double times, char text[DRAWING_TIMES]);
/* "ns" or "insn": the unit of times under the run's clock */
const char *drawing_clock_unit(const struct runfile *run);

#endif

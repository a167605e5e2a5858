/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict_show.h - tables of the cost model: unit costs, and predictions, alone or beside what was measured. All are computed, and say so.
 */
#ifndef FIVESTEP_PREDICT_SHOW_H
#define FIVESTEP_PREDICT_SHOW_H

#include <stdio.h>

#include "analysis/model/model.h"

/* A line of the table of predictions. */
struct predict_line {
	const char *program, *setup, *device, *params;
	bool is_predicted;
	struct prediction prediction;
	struct fs_reason why;				  /* of one that is not predicted */
	struct statistics_interval step[FS_STEPS], total; /* measured; n is 0 if there is nothing */
	bool is_reference;				  /* this very program under this way of sharing gave its computing */
	double error;					  /* predicted / measured - 1 */
	bool misses;					  /* the measured interval, by more than is allowed */
};

struct picture_place;

/* Unit costs with intervals, what no benchmark determines, and rows that the units do not explain. 0 or -errno. */
int predict_show_units(const struct model *model, FILE *out);
/* What follows is computed, from what, and what was changed. */
void predict_show_title(const struct model *model, const struct what_if *what_if, bool is_checked, FILE *out);
/* steps: a line for each step below its program. */
int predict_show_lines(const struct predict_line *lines, size_t n, const char *unit, bool steps, bool is_checked, FILE *out);
/* The same program by program: its cells are those of the ways and sizes that never went into its prediction. */
int predict_show_programs(const struct predict_line *lines, size_t n, FILE *out);
/* DIR/predicted.svg, .png, .pdf: each cell that is predicted and measured, with a band of 10 %; and DIR/explained.svg: where their time goes. 0, or
 * -errno with the reason: -ENOENT without gnuplot. */
int predict_picture(const struct model *model, const struct predict_line *lines, size_t n, const char *measured, const char *dir, double paper_mm,
	struct fs_reason *why);
/* The same on a page, whose place it is, and which has gnuplot: predicted, explained, explained-2... 0, or -errno with the reason: -ENODATA if no
 * cell is both predicted and measured. */
int predict_draw(const struct predict_line *lines, size_t n, const char *unit, const struct picture_place *place, struct fs_reason *why);

/* How good predictions are: of cells that are judged, those whose times the model never saw. */
struct predict_good {
	size_t judged, within[3], misses, not_predicted; /* within 5, 10 and 15 % */
	double median, worst;				 /* errors, as fractions; the worst with its sign */
};
/* 0 or -ENOMEM */
int predict_good(const struct predict_line *lines, size_t n, struct predict_good *good);
/* All of it as one JSON object; times in the model's unit. */
int predict_show_json(const struct model *model, const struct what_if *what_if, const struct predict_line *lines, size_t n, FILE *out);
/* How far off, how many within 5, 10 and 15 %, and what following the prediction would cost; only of lines that are measured. */
int predict_show_summary(const struct predict_line *lines, size_t n, double within_pct, FILE *out);

#endif

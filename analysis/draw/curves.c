/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curves.c - draws a sweep: a line with intervals for each setup, up to as many lines as can be distinguished; see curves.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/curves.h"
#include "analysis/draw/ranking.h"
#include "analysis/draw/sweep.h"
#include "analysis/summary/format.h"

#define CROSSINGS 6
#define TICS	  48  /* that are named */
#define LETTER_PX 8.5 /* of a tic's label */
#define AXIS_PX	  650 /* of the page; a picture's width is that and BESIDE_PX */
#define BESIDE_PX 110

/* Lines `first` to `last` of a sweep: points `from` to `to`. */
struct part {
	const struct sweep *sweep;
	unsigned first, last;
	size_t from, to;
	double lo, hi, x_lo, x_hi; /* including the intervals */
	double factor;
	const char *shown;
	bool logarithmic;
};

static struct part cut(const struct sweep *sweep, unsigned first, unsigned last)
{
	struct part part = {.sweep = sweep, .first = first, .last = last, .lo = INFINITY, .x_lo = INFINITY, .factor = 1.0};

	while (part.from < sweep->n && sweep->points[part.from].line < first)
		part.from++;
	for (part.to = part.from; part.to < sweep->n && sweep->points[part.to].line < last; part.to++) {
		const struct sweep_point *point = &sweep->points[part.to];
		double lo, hi;

		drawing_ends(point->row, &lo, &hi);
		part.lo = fmin(part.lo, lo);
		part.hi = fmax(part.hi, hi);
		part.x_lo = fmin(part.x_lo, point->x);
		part.x_hi = fmax(part.x_hi, point->x);
	}
	if (part.x_lo >= part.x_hi)
		return part;
	part.logarithmic = part.lo > 0.0 && part.hi / part.lo >= 4.0;
	part.shown = drawing_unit(part.hi, sweep->points[part.from].row->unit, &part.factor);
	if (part.logarithmic)
		part.factor = 1.0;
	return part;
}

static void put_lines(struct sheet *sheet, const struct part *part)
{
	const struct sweep *sweep = part->sweep;

	for (unsigned line = part->first; line < part->last; line++) {
		picture_block(&sheet->picture);
		for (size_t i = part->from; i < part->to; i++) {
			const struct sweep_point *point = &sweep->points[i];
			char median[FORMAT_VALUE], range[FORMAT_VALUE];
			double lo, hi;

			if (point->line != line)
				continue;
			drawing_ends(point->row, &lo, &hi);
			fprintf(sheet->picture.numbers, "%.9g\t%.9g\t%.9g\t%.9g\n", point->x, point->row->interval.median * part->factor,
				lo * part->factor, hi * part->factor);
			format_interval(&point->row->interval, point->row->unit, median, range);
			picture_tip(&sheet->picture, point->x, point->row->interval.median * part->factor, "%s, %s=%s: %s %s", sweep->labels[line],
				sweep->plot->over, point->text, median, range);
			sheet_cell(sheet, "%s", sweep->labels[line]);
			sheet_cell(sheet, "%s", point->text);
			sheet_cell(sheet, "%s", median);
			sheet_cell(sheet, "%s", range);
			sheet_row(sheet);
		}
	}
}

/* Whether it has place beside those that are named, on an axis of that many pixels. */
static bool has_place(const struct part *part, const struct sweep_point *point, const struct sweep_point *const *named, unsigned n, double px)
{
	for (unsigned i = 0; i < n; i++) {
		double apart = fabs(log(point->x / named[i]->x)) / log(part->x_hi * 1.25 / (part->x_lo / 1.25)) * px;

		if (apart < LETTER_PX * 0.5 * (double)(strlen(point->text) + strlen(named[i]->text)) + LETTER_PX)
			return false;
	}
	return n < TICS;
}

/* The parameter's values as tics, spelled as in the plan; those that have no place for it are not named. */
static void put_tics(struct picture *picture, const struct part *part, const char *variable, double px)
{
	const struct sweep_point *named[TICS];
	unsigned n = 0;
	bool any = false;

	fprintf(picture->texts, "%s = \"(", variable);
	for (size_t i = part->from; i < part->to; i++) {
		const struct sweep_point *point = &part->sweep->points[i];
		bool new = true, is_named;

		for (size_t j = part->from; j < i && new; j++)
			new = part->sweep->points[j].x != point->x;
		if (!new)
			continue;
		is_named = has_place(part, point, named, n, px);
		/* this is only a number with its suffix: see format_number() */
		fprintf(picture->texts, "%s'%s' %.9e", any ? ", " : "", is_named ? point->text : "", point->x);
		if (is_named)
			named[n++] = point;
		any = true;
	}
	fputs(")\"\n", picture->texts);
}

static void put_axes(struct picture *picture, const struct part *part)
{
	const char *unit = part->sweep->points[part->from].row->unit;

	picture_text(picture, "kind_of", "sweep");
	put_tics(picture, part, "x_tics", AXIS_PX);
	if (picture->paper_px > 0)
		put_tics(picture, part, "paper_x_tics", picture->paper_px - BESIDE_PX);
	picture_number(picture, "x_min", part->x_lo / 1.25);
	picture_number(picture, "x_max", part->x_hi * 1.25);
	picture_text(picture, "x_label", part->sweep->plot->over);
	picture_number(picture, "y_log", part->logarithmic);
	if (part->logarithmic) {
		picture_tics(picture, "y_tics", part->lo, part->hi, unit);
		picture_number(picture, "y_min", part->lo / 1.25);
		picture_number(picture, "y_max", part->hi * 1.25);
	}
	picture_axis(picture, "y_label", part->sweep->plot->metrics[0], !part->logarithmic ? part->shown : strcmp(unit, "ns") != 0 ? unit : "");
	picture_lines(picture);
}

/* 306 is about 310. */
static double two_digits(double value)
{
	double unit = pow(10, floor(log10(value)) - 1);

	return unit >= 1 ? round(value / unit) * unit : round(value * round(1 / unit)) / round(1 / unit);
}

/* Writes one more block: x and the text beside it. They answer what the picture asks. */
static void put_crossings(struct sheet *sheet, const struct part *part)
{
	const struct sweep *sweep = part->sweep;
	struct sweep_crossing crossings[CROSSINGS];
	unsigned n = sweep_crossings(sweep, crossings, CROSSINGS);

	picture_block(&sheet->picture);
	for (unsigned i = 0; i < n; i++) {
		struct text words = {0};

		text_add(&words, "%s -> %s", sweep->labels[crossings[i].from], sweep->labels[crossings[i].to]);
		fprintf(sheet->picture.numbers, "%.9g\t%.9g\t", crossings[i].x, crossings[i].y * part->factor);
		picture_field(&sheet->picture, text_string(&words));
		text_clear(&words);
		fputc('\n', sheet->picture.numbers);
		picture_tip(&sheet->picture, crossings[i].x, crossings[i].y * part->factor, "from about %s = %.3g on, %s is better than %s%s",
			sweep->plot->over, crossings[i].x, sweep->labels[crossings[i].to], sweep->labels[crossings[i].from],
			crossings[i].sure ? "" : " (not certain: intervals overlap)");
		sheet_answer(sheet, "From about %s = %.10g on, %s is better than %s%s.", sweep->plot->over, two_digits(crossings[i].x),
			sweep->labels[crossings[i].to], sweep->labels[crossings[i].from],
			crossings[i].sure ? "" : " (not certain: intervals overlap)");
	}
	picture_number(&sheet->picture, "crossings", n);
}

/* The results of all lines at one value of the parameter. */
static unsigned at_value(const struct part *part, double x, struct ranked list[PICTURE_SERIES])
{
	unsigned n = 0;

	for (size_t i = part->from; i < part->to && n < PICTURE_SERIES; i++)
		if (part->sweep->points[i].x == x)
			list[n++] = (struct ranked){part->sweep->points[i].row, part->sweep->labels[part->sweep->points[i].line]};
	return n;
}

/* Of one line, its ends; of several, which is the best at both ends of the axis. Nothing where only some of all lines are in the picture. */
static void put_answer(struct sheet *sheet, const struct part *part)
{
	const struct sweep *sweep = part->sweep;
	double ends[] = {part->x_lo, part->x_hi};

	if (part->last - part->first == 1) {
		struct ranked list[2] = {{0}};

		for (size_t i = part->from; i < part->to; i++)
			for (unsigned e = 0; e < FS_ARRAY_SIZE(ends); e++)
				if (sweep->points[i].x == ends[e])
					list[e] = (struct ranked){sweep->points[i].row, sweep->points[i].text};
		ranking_ends(sheet, " at the ends of the axis", list, FS_ARRAY_SIZE(list));
		return;
	}
	for (unsigned e = 0; e < FS_ARRAY_SIZE(ends) && part->last - part->first == sweep->lines; e++) {
		struct ranked list[PICTURE_SERIES];
		unsigned n = at_value(part, ends[e], list);
		struct text what = {0};

		for (size_t i = part->from; i < part->to && what.len == 0; i++)
			if (sweep->points[i].x == ends[e])
				text_add(&what, " at %s = %s", sweep->plot->over, sweep->points[i].text);
		if (n == sweep->lines)
			ranking_best(sheet, text_string(&what), list, n);
		text_clear(&what);
	}
}

static int draw_part(struct maker *maker, const struct part *part, bool mark)
{
	const struct plot *plot = part->sweep->plot;
	const char *names[PICTURE_SERIES];
	char *columns = text_format("cell|>%s|>%s|95 %% interval", plot->over, plot->metrics[0]);
	struct sheet sheet;
	int err;

	if (columns == NULL)
		return fs_no_memory(maker->why);
	if (plot->title != NULL)
		err = sheet_begin(&sheet, maker, "lines", columns, "%s: %s", plot->bench, plot->title);
	else
		err = sheet_begin(&sheet, maker, "lines", columns, "%s: %s over %s", plot->bench, plot->metrics[0], plot->over);
	free(columns);
	if (err != 0)
		return err;
	for (unsigned line = part->first; line < part->last; line++)
		names[line - part->first] = part->sweep->labels[line];
	put_lines(&sheet, part);
	if (mark)
		put_crossings(&sheet, part);
	else
		picture_number(&sheet.picture, "crossings", 0);
	if (sheet.figure->answer.len == 0)
		put_answer(&sheet, part);
	picture_names(&sheet.picture, names, part->last - part->first, NULL);
	put_axes(&sheet.picture, part);
	sheet_caption(&sheet, "Median over the rounds with its 95 %% interval; %s is better.",
		part->sweep->points[part->from].row->better == FS_HIGHER ? "higher" : "lower");
	sheet_alt(&sheet, "Lines of %s of %s over %s, one per way of sharing. The numbers are in the table below.", plot->metrics[0], plot->bench,
		plot->over);
	return sheet_end(&sheet);
}

int curves_draw(struct maker *maker, const struct plot *plot, bool mark)
{
	struct sweep sweep;
	int err = sweep_collect(maker->run, maker->summary, plot, &sweep);

	for (unsigned first = 0; first < sweep.lines && err == 0; first += PICTURE_SERIES) {
		struct part part = cut(&sweep, first, first + PICTURE_SERIES < sweep.lines ? first + PICTURE_SERIES : sweep.lines);

		if (part.x_lo < part.x_hi)
			err = draw_part(maker, &part, mark);
	}
	sweep_free(&sweep);
	return err;
}

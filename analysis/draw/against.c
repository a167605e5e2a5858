/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * against.c - draws one metric against another: a point for each value of a parameter, a curve for each way, each round as a faint dot. Latency under
 * load is such a curve: what is swept is only a means to a load.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/drawing.h"
#include "analysis/page/paper.h"
#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"

#define POINTS	      24    /* of a curve */
#define DIRECT_LABELS 24    /* letters that fit beside a curve */
#define PAPER_BESIDE  0.25  /* of a PDF's width: what names beside curves may take */
#define LABEL_GAP     0.055 /* of the height: between names beside curves */
#define MANY	      10    /* times the least: then the axis is logarithmic */
#define ABOVE	      1.15  /* the axis goes so many times as far as the values */
#define OUTSIDE	      1.6   /* times the highest interval: dots beyond are outside of the picture */

struct point {
	const struct summary_row *y, *x, *idle; /* idle: NULL if there is none */
	const char *text;			/* of the parameter */
	double swept;
};

struct curve {
	const char *label;
	struct point point[POINTS]; /* from the least load to the most: in the order of x */
	unsigned n;
};

struct against {
	struct curve curve[PICTURE_SERIES];
	unsigned n;
	size_t left; /* cells that have no place */
	double x_max, y_max, y_min;
	bool logarithmic; /* y: where the most is many times the least */
	unsigned outside; /* rounds */
};

static struct curve *curve_of(struct against *against, const char *label)
{
	unsigned i = 0;

	while (i < against->n && strcmp(against->curve[i].label, label) != 0)
		i++;
	if (i == against->n && i < PICTURE_SERIES)
		against->curve[against->n++] = (struct curve){.label = label};
	return i < PICTURE_SERIES ? &against->curve[i] : NULL;
}

static int point_order(const void *a, const void *b)
{
	const struct point *p = a, *q = b;

	return (p->x->interval.median > q->x->interval.median) - (p->x->interval.median < q->x->interval.median);
}

static void collect(const struct maker *maker, const struct plot *plot, struct against *against)
{
	against->y_min = INFINITY;
	for (size_t c = 0; c < maker->run->n_cells; c++) {
		const struct runfile_cell *cell = &maker->run->cells[c];
		bool ours = strcmp(cell->bench, plot->bench) == 0;
		struct point point = {.text = ours ? runfile_param(cell, plot->over) : NULL};
		const char *label;
		struct curve *curve;
		double lo, hi;

		if (point.text == NULL)
			continue;
		point.y = drawing_row(maker->summary, cell, plot->metrics[0]);
		point.x = drawing_row(maker->summary, cell, plot->metrics[1]);
		point.idle = plot->mark != NULL ? drawing_row(maker->summary, cell, plot->mark) : NULL;
		if (point.y == NULL || point.x == NULL)
			continue;
		label = cells_name(maker->run, cell, plot->over, NULL);
		curve = curve_of(against, *label != '\0' ? label : cell->setup);
		if (curve == NULL || curve->n == POINTS) {
			against->left++;
			continue;
		}
		curve->point[curve->n++] = point;
		drawing_ends(point.y, &lo, &hi);
		against->y_max = fmax(against->y_max, hi);
		against->y_min = fmin(against->y_min, lo);
		if (point.idle != NULL) {
			drawing_ends(point.idle, &lo, &hi);
			against->y_max = fmax(against->y_max, hi);
			against->y_min = fmin(against->y_min, lo);
		}
		drawing_ends(point.x, &lo, &hi);
		against->x_max = fmax(against->x_max, hi);
	}
	against->logarithmic = against->y_min > 0 && against->y_max / against->y_min >= MANY;
	for (unsigned i = 0; i < against->n; i++)
		qsort(against->curve[i].point, against->curve[i].n, sizeof(struct point), point_order);
}

/* The curve begins without load, as measured beside the least one. */
static const struct summary_row *begin_of(const struct curve *curve)
{
	return curve->point[0].idle;
}

static void put_point(struct sheet *sheet, const struct plot *plot, const struct curve *curve, const struct point *point, double factor)
{
	const struct statistics_interval *y = &point->y->interval, *x = &point->x->interval;
	char y_text[FORMAT_VALUE], y_range[FORMAT_VALUE], x_text[FORMAT_VALUE], x_range[FORMAT_VALUE];
	double lo, hi, left, right;

	drawing_ends(point->y, &lo, &hi);
	drawing_ends(point->x, &left, &right);
	fprintf(sheet->picture.numbers, "%.9g\t%.9g\t%.9g\t%.9g\t%.9g\t%.9g\n", x->median, y->median * factor, left, right, lo * factor, hi * factor);
	format_interval(y, point->y->unit, y_text, y_range);
	format_interval(x, point->x->unit, x_text, x_range);
	picture_tip(&sheet->picture, x->median, y->median * factor, "%s, %s=%s: %s %s %s at %s %s", curve->label, plot->over, point->text,
		plot->metrics[0], y_text, y_range, x_text, x_range);
	sheet_cell(sheet, "%s", curve->label);
	sheet_cell(sheet, "%s", point->text);
	sheet_cell(sheet, "%s", x_text);
	sheet_cell(sheet, "%s", x_range);
	sheet_cell(sheet, "%s", y_text);
	sheet_cell(sheet, "%s", y_range);
	sheet_row(sheet);
}

static void put_curve(struct sheet *sheet, const struct plot *plot, const struct curve *curve, double factor)
{
	const struct summary_row *idle = begin_of(curve);

	picture_block(&sheet->picture);
	if (idle != NULL) {
		char text[FORMAT_VALUE], range[FORMAT_VALUE];
		double lo, hi;

		drawing_ends(idle, &lo, &hi);
		fprintf(sheet->picture.numbers, "0\t%.9g\t0\t0\t%.9g\t%.9g\n", idle->interval.median * factor, lo * factor, hi * factor);
		format_interval(&idle->interval, idle->unit, text, range);
		picture_tip(&sheet->picture, 0, idle->interval.median * factor, "%s: %s %s %s", curve->label, plot->mark, text, range);
	}
	for (unsigned i = 0; i < curve->n; i++)
		put_point(sheet, plot, curve, &curve->point[i], factor);
}

/* Rounds in which both were measured. */
static void put_rounds(struct sheet *sheet, struct against *against, const struct curve *curve, double factor)
{
	picture_block(&sheet->picture);
	/* gnuplot does not accept an empty block */
	fputs("-9\t-9\n", sheet->picture.numbers);
	for (unsigned i = 0; i < curve->n; i++) {
		const struct summary_row *y = curve->point[i].y, *x = curve->point[i].x;

		for (size_t a = 0, b = 0; a < y->n_values && b < x->n_values;) {
			if (y->rounds[a] != x->rounds[b]) {
				*(y->rounds[a] < x->rounds[b] ? &a : &b) += 1;
				continue;
			}
			if (y->values[a] > against->y_max * OUTSIDE || x->values[b] > against->x_max * OUTSIDE)
				against->outside++;
			else
				fprintf(sheet->picture.numbers, "%.9g\t%.9g\n", x->values[b], y->values[a] * factor);
			a++;
			b++;
		}
	}
}

struct name_place {
	unsigned curve;
	double x, y, at; /* the curve's end; where its name is: shares of the axes */
};

static int place_order(const void *a, const void *b)
{
	const struct name_place *p = a, *q = b;

	return (p->y > q->y) - (p->y < q->y);
}

static void put_number(struct picture *picture, const char *name, unsigned number, double value)
{
	char variable[32];

	snprintf(variable, sizeof(variable), name, number);
	picture_number(picture, variable, value);
}

static double share_of(const struct against *against, double y)
{
	double from = against->y_min / ABOVE, to = against->y_max * ABOVE;

	return against->logarithmic ? log(y / from) / log(to / from) : y / to;
}

/* Names stand to the right of the plot, each as high as its curve ends, or as much higher as those below it need. */
static void put_names(struct sheet *sheet, const struct against *against, double x_end)
{
	struct name_place place[PICTURE_SERIES];
	double over = 0;

	for (unsigned i = 0; i < against->n; i++) {
		const struct point *last = &against->curve[i].point[against->curve[i].n - 1];

		place[i] = (struct name_place){.curve = i, .x = last->x->interval.median / x_end, .y = share_of(against, last->y->interval.median)};
	}
	qsort(place, against->n, sizeof(*place), place_order);
	for (unsigned i = 0; i < against->n; i++)
		place[i].at = i > 0 ? fmax(place[i].y, place[i - 1].at + LABEL_GAP) : place[i].y;
	/* what the highest of them would be above the plot */
	over = fmax(place[against->n - 1].at - 1, 0);
	for (unsigned i = 0; i < against->n; i++) {
		put_number(&sheet->picture, "end_x_%u", place[i].curve + 1, place[i].x);
		put_number(&sheet->picture, "end_y_%u", place[i].curve + 1, place[i].y);
		put_number(&sheet->picture, "name_y_%u", place[i].curve + 1, place[i].at - over);
	}
}

/* Each way at its highest load, beside what it takes without any: certain where the intervals are apart. */
static void put_answer(struct sheet *sheet, const struct plot *plot, const struct against *against)
{
	const struct point *worst = NULL;
	const char *label = "";
	double most = 0;
	bool known = plot->mark != NULL;

	for (unsigned i = 0; i < against->n; i++) {
		const struct point *last = &against->curve[i].point[against->curve[i].n - 1];
		double times;

		if (last->idle == NULL || !last->idle->interval.has_interval || !last->y->interval.has_interval || !(last->idle->interval.lo > 0)) {
			known = false;
			continue;
		}
		times = last->y->interval.median / last->idle->interval.median;
		if (last->y->interval.lo > last->idle->interval.hi && times > most) {
			most = times;
			worst = last;
			label = against->curve[i].label;
		}
	}
	if (worst != NULL) {
		char load[FORMAT_VALUE], times_text[DRAWING_TIMES];

		format_value(worst->x->interval.median, worst->x->unit, load);
		sheet_answer(sheet, "%s: %s is %s times %s at %s.", label, plot->metrics[0], drawing_times(most, times_text), plot->mark, load);
	} else if (known) {
		sheet_answer(sheet, "%s is certainly above %s in no way of sharing.", plot->metrics[0], plot->mark);
	}
}

static void put_axes(struct sheet *sheet, const struct plot *plot, struct against *against, const char *shown, double factor)
{
	struct picture *picture = &sheet->picture;
	const char *names[PICTURE_SERIES], *unit = against->curve[0].point[0].y->unit;
	size_t longest = 0;
	bool direct;

	for (unsigned i = 0; i < against->n; i++) {
		names[i] = against->curve[i].label;
		longest = strlen(names[i]) > longest ? strlen(names[i]) : longest;
	}
	picture_names(picture, names, against->n, NULL);
	/* names that are short stand beside their curves; on paper only where they leave most of the width to them */
	direct = longest <= DIRECT_LABELS;
	picture_number(picture, "direct", direct);
	if (direct) {
		picture_number(picture, "key_rows", 0);
		picture_number(picture, "right", (double)longest + 2);
	}
	direct = direct && (double)longest * PAPER_LETTER_PX < PAPER_BESIDE * picture->paper_px;
	picture_number(picture, "paper_direct", direct);
	if (direct)
		picture_number(picture, "paper_key_rows", 0);
	picture_number(picture, "x_max", against->x_max * 1.05);
	picture_number(picture, "y_log", against->logarithmic);
	picture_number(picture, "y_from", against->logarithmic ? against->y_min / ABOVE : 0);
	picture_number(picture, "y_end", against->y_max * ABOVE * factor);
	if (against->logarithmic)
		picture_tics(picture, "y_tics", against->y_min, against->y_max, unit);
	picture_axis(picture, "x_label", plot->metrics[1], against->curve[0].point[0].x->unit);
	picture_axis(picture, "y_label", plot->metrics[0], !against->logarithmic ? shown : strcmp(unit, "ns") != 0 ? unit : "");
	picture_lines(picture);
}

static int draw_all(struct maker *maker, const struct plot *plot, struct against *against)
{
	char *columns = text_format("way|>%s|>%s|95 %% interval|>%s|95 %% interval", plot->over, plot->metrics[1], plot->metrics[0]);
	const char *shown;
	struct sheet sheet;
	double factor;
	int err;

	if (columns == NULL)
		return fs_no_memory(maker->why);
	err = sheet_begin(&sheet, maker, "against", columns, "%s: %s", plot->bench, plot->title != NULL ? plot->title : plot->metrics[0]);
	free(columns);
	if (err != 0)
		return err;
	shown = drawing_unit(against->y_max, against->curve[0].point[0].y->unit, &factor);
	if (against->logarithmic)
		factor = 1;
	for (unsigned i = 0; i < against->n; i++)
		put_curve(&sheet, plot, &against->curve[i], factor);
	for (unsigned i = 0; i < against->n; i++)
		put_rounds(&sheet, against, &against->curve[i], factor);
	put_names(&sheet, against, against->x_max * 1.05);
	put_axes(&sheet, plot, against, shown, factor);
	put_answer(&sheet, plot, against);
	sheet_caption(&sheet, "A point for each value of %s: medians with their 95 %% intervals; faint dots are rounds. ", plot->over);
	if (plot->mark != NULL)
		sheet_caption(&sheet, "Where a curve begins, at 0, is %s.", plot->mark);
	if (against->outside > 0)
		sheet_caption(&sheet, " %u round%s outside of the picture.", against->outside, against->outside == 1 ? " is" : "s are");
	if (against->left > 0)
		sheet_caption(&sheet, " %zu more cell%s %s only in the tables of results.", against->left, TEXT_S(against->left),
			against->left == 1 ? "is" : "are");
	sheet_alt(&sheet, "Curves of %s over %s, one per way of sharing. The numbers are in the table below.", plot->metrics[0], plot->metrics[1]);
	return sheet_end(&sheet);
}

static int draw(struct maker *maker, const struct plot *plot)
{
	struct against *against = calloc(1, sizeof(*against));
	int err = 0;

	if (against == NULL)
		return fs_no_memory(maker->why);
	if (plot->over != NULL && plot->n_metrics > 1)
		collect(maker, plot, against);
	if (against->n != 0 && against->x_max > 0 && against->y_max > 0)
		err = draw_all(maker, plot, against);
	free(against);
	return err;
}

const struct drawing drawing_against = {
	.name = "against",
	.heading = "Under load",
	.draw = draw,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_chart.c - draws a series over its runs as SVG within the page. gnuplot would take minutes for thousands of series, and within the page
 * the style sheet colours them, light and dark.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page/html.h"
#include "analysis/site/site_part.h"
#include "analysis/summary/format.h"
#include "base/stamp.h"

#define SPARK_WIDTH  140.0
#define SPARK_HEIGHT 26.0
#define SPARK_POINTS 70 /* of more runs, medians of as many groups */
#define WIDTH	     760.0
#define HEIGHT	     280.0
#define LEFT	     78.0 /* for the numbers of the axis */
#define RIGHT	     12.0
#define TOP	     26.0 /* for the marks of changes */
#define BOTTOM	     26.0 /* for the days */
#define TICS	     5
#define LETTER	     7.0   /* width of one, generously */
#define DAY_PX	     130.0 /* between days, at least */
#define TIPS	     200   /* the latest runs have a tooltip: on more the page would be large */
#define MARGIN	     0.06  /* of the range, above and below */

/* A linear map of runs and values to the picture. */
struct frame {
	double left, right, top, bottom;
	double x_scale, lo, hi;
};

static double x_of(const struct frame *frame, double i)
{
	return frame->left + frame->x_scale * (i + 0.5);
}

static double y_of(const struct frame *frame, double value)
{
	return frame->bottom - (frame->bottom - frame->top) * (value - frame->lo) / (frame->hi - frame->lo);
}

static void find_range(struct frame *frame, const double *lo, const double *hi, size_t n)
{
	double least = INFINITY, most = -INFINITY, margin;

	for (size_t i = 0; i < n; i++) {
		least = fmin(least, lo[i]);
		most = fmax(most, hi[i]);
	}
	margin = most > least ? MARGIN * (most - least) : most == 0.0 ? 1.0 : MARGIN * fabs(most);
	frame->lo = least - margin;
	frame->hi = most + margin;
}

/* ---- levels ---------------------------------------------------------------------------------------------- */

/* The change that the level at point i starts with, from 1; 0 before the first. */
static size_t segment_of(const struct site_chart *chart, size_t i)
{
	size_t s = 0;

	while (s < chart->n_changes && chart->changes[s].point.at <= i)
		s++;
	return s;
}

static double drift_level(const struct change_point *point, size_t i)
{
	double share = point->end > point->at + 1 ? (double)(i - point->at) / (double)(point->end - 1 - point->at) : 1.0;

	return point->before + (point->after - point->before) * fmin(share, 1.0);
}

double site_level(const struct site_chart *chart, size_t i)
{
	size_t s = segment_of(chart, i);
	struct statistics_interval all;

	if (s > 0)
		return chart->changes[s - 1].point.drift ? drift_level(&chart->changes[s - 1].point, i) : chart->changes[s - 1].point.after;
	if (chart->n_changes > 0)
		return chart->changes[0].point.before;
	return statistics_median(chart->line->values, chart->line->n, &all) == 0 ? all.median : NAN;
}

/* ---- sparkline ------------------------------------------------------------------------------------------- */

static double median_of(const double *values, size_t n)
{
	double median = *values;

	return change_points_level(values, n, &median) == 0 ? median : *values;
}

static const char *class_of(const struct history_change *change)
{
	return change->state == HISTORY_BETTER ? "better" : change->state >= HISTORY_CHANGED ? "worse" : "noted";
}

void site_put_sparkline(FILE *out, const struct site_chart *chart)
{
	const struct history_line *line = chart->line;
	size_t n = line->n < SPARK_POINTS ? line->n : SPARK_POINTS;
	double points[SPARK_POINTS], first, last;
	struct frame frame = {.left = 2.0, .right = SPARK_WIDTH - 4.0, .top = 3.0, .bottom = SPARK_HEIGHT - 3.0};
	char from[FORMAT_VALUE], to[FORMAT_VALUE];

	for (size_t i = 0; i < n; i++)
		points[i] = median_of(line->values + i * line->n / n, (i + 1) * line->n / n - i * line->n / n);
	find_range(&frame, points, points, n);
	frame.x_scale = (frame.right - frame.left) / (double)n;
	first = line->values[0];
	last = line->values[line->n - 1];
	format_value(first, chart->series->unit, from);
	format_value(last, chart->series->unit, to);
	html_print(out, "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 %.0f %.0f\" aria-label=\"%zu run%s, from %s to %s\">", SPARK_WIDTH,
		SPARK_HEIGHT, line->n, TEXT_S(line->n), from, to);
	for (size_t c = 0; c < chart->n_changes; c++)
		html_print(out, "<path class=\"%s\" d=\"M%.1f 0V%.0f\"/>", class_of(&chart->changes[c]),
			x_of(&frame, ((double)chart->changes[c].point.at - 0.5) * (double)n / (double)line->n), SPARK_HEIGHT);
	fputs("<path d=\"", out);
	for (size_t i = 0; i < n; i++)
		html_print(out, "%c%.1f %.1f", i > 0 ? 'L' : 'M', x_of(&frame, (double)i), y_of(&frame, points[i]));
	html_print(out, "\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/></svg>", x_of(&frame, (double)n - 1.0), y_of(&frame, points[n - 1]));
}

/* ---- the axes -------------------------------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten. */
static double step_of(double range)
{
	double rough = range / TICS, ten = pow(10.0, floor(log10(rough)));

	return rough / ten <= 1.0 ? ten : rough / ten <= 2.0 ? 2.0 * ten : rough / ten <= 5.0 ? 5.0 * ten : 10.0 * ten;
}

/* Time in one unit, with the decimals that the step needs. */
static void put_values(FILE *out, const struct frame *frame, const char *unit)
{
	static const char *const times[] = {"ns", "us", "ms", "s"};
	double factor = 1.0, step;
	int decimals;

	if (strcmp(unit, "ns") == 0) {
		size_t t = 0;

		for (; t + 1 < FS_ARRAY_SIZE(times) && frame->hi * factor >= 999.5; t++)
			factor /= 1000.0;
		unit = times[t];
	}
	step = step_of((frame->hi - frame->lo) * factor);
	decimals = step < 1.0 ? (int)ceil(-log10(step) - 1e-9) : 0;
	/* Counted: beside a value that is large enough, a step adds nothing. */
	for (unsigned i = 0; i <= TICS; i++) {
		double tic = (ceil(frame->lo * factor / step) + i) * step, y = y_of(frame, tic / factor);
		char number[FORMAT_FIXED];

		if (tic > frame->hi * factor)
			break;
		/* fabs: no "-0" */
		format_fixed(fabs(tic) < step / 2.0 ? 0.0 : tic, decimals, false, number);
		html_print(out, "<path class=\"grid\" d=\"M%.0f %.1fH%.0f\"/><text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>", frame->left,
			y, frame->right, frame->left - 6.0, y + 4.0, number);
	}
	html_print(out, "<text x=\"4\" y=\"14\">%s</text>", unit);
}

static void put_days(FILE *out, const struct frame *frame, const struct site_chart *chart)
{
	size_t n = chart->line->n, tics = (size_t)((frame->right - frame->left) / DAY_PX);

	tics = n < tics ? n : tics;
	for (size_t t = 0; t < tics; t++) {
		size_t i = tics > 1 ? t * (n - 1) / (tics - 1) : 0;
		const char *anchor = t == 0 ? "start" : t + 1 == tics ? "end" : "middle";
		double x = t == 0 ? frame->left : t + 1 == tics ? frame->right : x_of(frame, (double)i);

		html_print(out, "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">%.*s</text>", x, HEIGHT - 6.0, tics > 1 ? anchor : "start", STAMP_DAY,
			chart->site->runs[chart->site->history->rank[chart->line->runs[i]]].started);
	}
}

/* ---- the runs -------------------------------------------------------------------------------------------- */

static void put_runs(FILE *out, const struct frame *frame, const struct history_line *line)
{
	fputs("<path class=\"range\" d=\"", out);
	for (size_t i = 0; i < line->n; i++)
		if (line->hi[i] > line->lo[i])
			html_print(out, "M%.1f %.1fV%.1f", x_of(frame, (double)i), y_of(frame, line->lo[i]), y_of(frame, line->hi[i]));
	fputs("\"/><path class=\"runs\" d=\"", out);
	for (size_t i = 0; i < line->n; i++)
		html_print(out, "M%.1f %.1fh0", x_of(frame, (double)i), y_of(frame, line->values[i]));
	fputs("\"/>", out);
}

static void put_levels(FILE *out, const struct frame *frame, const struct site_chart *chart)
{
	size_t first = 0;

	fputs("<path class=\"level\" d=\"", out);
	for (size_t c = 0; c <= chart->n_changes; c++) {
		size_t end = c < chart->n_changes ? chart->changes[c].point.at : chart->line->n;

		if (end > first)
			html_print(out, "M%.1f %.1fL%.1f %.1f", x_of(frame, (double)first - 0.5), y_of(frame, site_level(chart, first)),
				x_of(frame, (double)end - 0.5), y_of(frame, site_level(chart, end - 1)));
		first = end;
	}
	fputs("\"/>", out);
}

/* A mark is named where there is room: the table below the picture names all. */
static void put_marks(FILE *out, const struct frame *frame, const struct site_chart *chart)
{
	double taken = 0.0;

	for (size_t c = 0; c < chart->n_changes; c++) {
		const struct history_change *change = &chart->changes[c];
		double x = x_of(frame, (double)change->point.at - 0.5), from, width;
		bool right = x > (frame->left + frame->right) / 2.0;
		char text[64];

		site_change_text(change, text, sizeof(text));
		html_print(out, "<path class=\"%s\" d=\"M%.1f %.0fV%.0f\"/>", class_of(change), x, frame->top - 8.0, frame->bottom);
		width = LETTER * (double)(strlen(text) + strlen(site_state_words[change->state]) + 1);
		from = right ? x - 4.0 - width : x + 4.0;
		if (from < taken)
			continue;
		taken = from + width;
		html_print(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">%s %s</text>", class_of(change),
			right ? x - 4.0 : x + 4.0, frame->top - 8.0, right ? "end" : "start", site_state_words[change->state], text);
	}
}

static void put_tips(FILE *out, const struct frame *frame, const struct site_chart *chart)
{
	const struct history_line *line = chart->line;

	for (size_t i = line->n > TIPS ? line->n - TIPS : 0; i < line->n; i++) {
		const struct site_run *run = &chart->site->runs[chart->site->history->rank[line->runs[i]]];
		char value[FORMAT_VALUE];

		format_value(line->values[i], chart->series->unit, value);
		html_print(out, "<circle class=\"tip\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"><title>%.*s %.*s: %s</title></circle>", x_of(frame, (double)i),
			y_of(frame, line->values[i]), STAMP_DAY, run->started, RUNFILE_SHORT_ID, run->run_id, value);
	}
}

void site_put_chart(FILE *out, const struct site_chart *chart)
{
	const struct history_line *line = chart->line;
	struct frame frame = {.left = LEFT, .right = WIDTH - RIGHT, .top = TOP, .bottom = HEIGHT - BOTTOM};
	char from[FORMAT_VALUE], to[FORMAT_VALUE];

	find_range(&frame, line->lo, line->hi, line->n);
	frame.x_scale = (frame.right - frame.left) / (double)line->n;
	format_value(site_level(chart, 0), chart->series->unit, from);
	format_value(site_level(chart, line->n - 1), chart->series->unit, to);
	html_print(out,
		"<figure class=\"chart\" tabindex=\"0\"><svg role=\"img\" viewBox=\"0 0 %.0f %.0f\" aria-label=\"%s over %zu runs: level %s at "
		"first, %s "
		"now, %zu changes\">\n",
		WIDTH, HEIGHT, chart->series->metric, line->n, from, to, chart->n_changes);
	put_values(out, &frame, chart->series->unit);
	put_days(out, &frame, chart);
	put_runs(out, &frame, line);
	put_levels(out, &frame, chart);
	put_marks(out, &frame, chart);
	put_tips(out, &frame, chart);
	fputs("\n</svg><figcaption>A dot is a run, with its 95 % interval where it has one; the line is the level. Runs are in the order of their "
	      "days."
	      "</figcaption></figure>\n",
		out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * multiples.c - draws how a metric is distributed, as small multiples: a strip for each way of sharing, all on one scale. In each the shape of what
 * was measured, the median with its interval, and every round as a faint dot.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/strips.h"
#include "analysis/summary/format.h"

#define STRIP_PX  54
#define BINS	  72
#define SHAPE_MIN 30   /* values from which their shape can be seen; fewer are dots alone */
#define DOTS	  240  /* places of dots along the axis: more of one place are one dot */
#define TAIL	  0.99 /* a touch in a hundred */
#define LONG_TAIL 2.0  /* times the median */
#define SHAPE_TOP 0.34 /* of a strip's height, from above */
#define SHAPE_END 0.84
#define DOTS_AT	  0.92

/* ---- where it is */

/* The axis goes a little further than the values. */
static double axis_from(const struct multiples *m)
{
	return m->logarithmic ? m->lo / 1.15 : m->lo - 0.05 * (m->hi - m->lo);
}

static double axis_to(const struct multiples *m)
{
	return m->logarithmic ? m->hi * 1.15 : m->hi + 0.05 * (m->hi - m->lo);
}

/* The share of the axis at which a value is, and the value there. */
static double share_of(const struct multiples *m, double value)
{
	double from = axis_from(m), to = axis_to(m);

	return m->logarithmic ? log(value / from) / log(to / from) : (value - from) / (to - from);
}

static double value_at(const struct multiples *m, double share)
{
	double from = axis_from(m), to = axis_to(m);

	return m->logarithmic ? from * pow(to / from, share) : from + share * (to - from);
}

/* Counts within [low, high) belong to the bins that it covers, in equal parts. */
static void add_to_bins(const struct multiples *m, double low, double high, double count, double bin[BINS])
{
	double from = fmin(fmax(share_of(m, fmax(low, axis_from(m))), 0), 1) * BINS, to = fmin(fmax(share_of(m, high), 0), 1) * BINS;
	unsigned first = (unsigned)fmin(from, BINS - 1), last = (unsigned)fmin(to, BINS - 1);

	for (unsigned b = first; b <= last; b++) {
		double part = to > from ? (fmin(to, b + 1.0) - fmax(from, b)) / (to - from) : 1;

		bin[b] += count * fmax(part, 0);
	}
}

static void put_shape(struct sheet *sheet, const struct multiples *m, unsigned s)
{
	const struct strip *strip = &m->strip[s];
	double bin[BINS] = {0}, most = 0;

	if (strip->n_buckets == 0 && strip->n_values < SHAPE_MIN)
		return;
	for (size_t i = 0; i < strip->n_values; i++)
		add_to_bins(m, strip->values[i], strip->values[i], 1, bin);
	for (size_t i = 0; i < strip->n_buckets; i++)
		add_to_bins(m, strip->buckets[i].low, strip->buckets[i].high, (double)strip->buckets[i].count, bin);
	for (unsigned b = 0; b < BINS; b++)
		most = fmax(most, bin[b]);
	for (unsigned b = 0; b < BINS; b++) {
		if (bin[b] > 0)
			fprintf(sheet->picture.numbers, "%.9g\t%.9g\t%.4f\t%.4f\n", value_at(m, b / (double)BINS) * m->factor,
				value_at(m, (b + 1) / (double)BINS) * m->factor, s + SHAPE_END - (SHAPE_END - SHAPE_TOP) * bin[b] / most,
				s + SHAPE_END);
	}
}

/* Every round's value, in places that can be told apart. */
static void put_dots(struct sheet *sheet, const struct multiples *m, unsigned s)
{
	const struct summary_row *row = m->strip[s].row;
	bool taken[DOTS] = {false};

	for (size_t i = 0; i < row->n_values; i++) {
		unsigned at = (unsigned)fmin(fmax(share_of(m, fmax(row->values[i], axis_from(m))), 0) * DOTS, DOTS - 1);

		if (!taken[at])
			fprintf(sheet->picture.numbers, "%.9g\t%.4f\n", row->values[i] * m->factor, s + DOTS_AT);
		taken[at] = true;
	}
}

static void put_median(struct sheet *sheet, const struct multiples *m, unsigned s)
{
	const struct strip *strip = &m->strip[s];
	char median[FORMAT_VALUE], range[FORMAT_VALUE];
	double lo, hi;

	drawing_ends(strip->row, &lo, &hi);
	format_interval(&strip->row->interval, strip->row->unit, median, range);
	fprintf(sheet->picture.numbers, "%.9g\t%.4f\t%.9g\t%.9g\t%.4f\t%.4f\n", strip->row->interval.median * m->factor, s + SHAPE_END,
		lo * m->factor, hi * m->factor, s + SHAPE_TOP, s + SHAPE_END + 0.02);
	picture_tip(&sheet->picture, strip->row->interval.median * m->factor, s + SHAPE_END, "%s: median %s %s, %zu round%s", strip->label, median,
		range, strip->row->n_values, TEXT_S(strip->row->n_values));
}

static double count_of(const struct strip *strip)
{
	return strip->n_buckets != 0 ? (double)statistics_histogram_count(strip->buckets, strip->n_buckets) : (double)strip->n_values;
}

/* In a strip its name, and at the other end what a reader would measure with a ruler. */
static void put_texts(struct sheet *sheet, const struct multiples *m)
{
	picture_block(&sheet->picture);
	for (unsigned s = 0; s < m->n; s++) {
		const struct strip *strip = &m->strip[s];
		char median[FORMAT_VALUE], tail[FORMAT_VALUE];
		struct text text = {0};

		format_short(strip->row->interval.median, strip->row->unit, median);
		text_add(&text, "median %s", median);
		if (strip->tail != NULL) {
			format_short(strip->tail->interval.median, strip->tail->unit, tail);
			text_add(&text, ", 99 %%: %s", tail);
		}
		fprintf(sheet->picture.numbers, "%.2f\t", s + 0.19);
		picture_field(&sheet->picture, strip->label);
		fputc('\t', sheet->picture.numbers);
		picture_field(&sheet->picture, text_string(&text));
		fputc('\n', sheet->picture.numbers);
		text_clear(&text);
	}
}

static void put_table(struct sheet *sheet, const struct multiples *m)
{
	for (unsigned s = 0; s < m->n; s++) {
		const struct strip *strip = &m->strip[s];
		char text[FORMAT_VALUE];

		sheet_cell(sheet, "%s", strip->label);
		sheet_interval(sheet, &strip->row->interval, strip->row->unit);
		format_value(strip->lo, strip->row->unit, text);
		sheet_cell(sheet, "%s", text);
		format_value(strip->hi, strip->row->unit, text);
		sheet_cell(sheet, "%s", text);
		sheet_cell(sheet, "%zu", strip->row->n_values);
		sheet_cell(sheet, "%.0f", count_of(strip));
		sheet_row(sheet);
	}
}

/* ---- the answer */

/* Of touches: whose slowest hundredth is furthest from its middle, where the intervals of both are far enough apart to be certain of a long tail. */
static void answer_tails(struct sheet *sheet, const struct multiples *m)
{
	const struct strip *longest = NULL;
	double most = 0, least = INFINITY;
	char text[DRAWING_TIMES];
	bool known = true;

	for (unsigned s = 0; s < m->n; s++) {
		const struct statistics_interval *middle = &m->strip[s].row->interval, *tail;
		double times;

		if (m->strip[s].tail == NULL || !middle->has_interval || !m->strip[s].tail->interval.has_interval) {
			known = false;
			continue;
		}
		tail = &m->strip[s].tail->interval;
		times = tail->median / middle->median;
		if (tail->lo > LONG_TAIL * middle->hi && times > most) {
			most = times;
			longest = &m->strip[s];
		}
		least = fmin(least, middle->lo > 0 && tail->hi < LONG_TAIL * middle->lo ? 1 : 0);
	}
	if (longest != NULL)
		sheet_answer(sheet, "One in a hundred takes %s times the median or longer: %s.", drawing_times(most, text), longest->label);
	else if (known && least > 0)
		sheet_answer(sheet, "Ninety-nine of a hundred take less than %g times the median, in each way.", LONG_TAIL);
}

static void ends_of_rounds(const struct summary_row *row, double *lo, double *hi)
{
	*lo = INFINITY;
	*hi = -INFINITY;
	for (size_t i = 0; i < row->n_values; i++) {
		*lo = fmin(*lo, row->values[i]);
		*hi = fmax(*hi, row->values[i]);
	}
}

/* Of rounds: whether those of the best way are all better than all others. */
static void answer_rounds(struct sheet *sheet, const struct multiples *m)
{
	const struct summary_row *best = m->strip[0].row;
	const char *label = m->strip[0].label;
	struct text overlap = {0};
	double lo, hi;
	unsigned n = 0;

	for (unsigned s = 1; s < m->n; s++) {
		const struct summary_row *row = m->strip[s].row;

		if (row->better == FS_HIGHER ? row->interval.median > best->interval.median : row->interval.median < best->interval.median) {
			best = row;
			label = m->strip[s].label;
		}
	}
	ends_of_rounds(best, &lo, &hi);
	for (unsigned s = 0; s < m->n; s++) {
		const struct summary_row *row = m->strip[s].row;
		double from, to;

		ends_of_rounds(row, &from, &to);
		if (row != best && from <= hi && to >= lo)
			text_add(&overlap, "%s%s", n++ > 0 ? ", " : "", m->strip[s].label);
	}
	if (best->n_values >= STATISTICS_INTERVAL_MIN && n == 0)
		sheet_answer(sheet, "Every round of %s is better than every round of any other way.", label);
	else if (best->n_values >= STATISTICS_INTERVAL_MIN)
		sheet_answer(sheet, "Rounds of %s, the best by its median, overlap with those of %s.", label, text_string(&overlap));
	text_clear(&overlap);
}

/* ---- the picture */

static void put_axes(struct sheet *sheet, const struct plot *plot, const struct multiples *m)
{
	struct picture *picture = &sheet->picture;
	const char *unit = m->strip[0].row->unit;

	picture_names(picture, NULL, 0, NULL);
	picture_number(picture, "key_rows", 0);
	picture_number(picture, "paper_key_rows", 0);
	picture_number(picture, "strips", m->n);
	picture_number(picture, "x_log", m->logarithmic);
	picture_number(picture, "x_from", axis_from(m) * m->factor);
	picture_number(picture, "x_to", axis_to(m) * m->factor);
	if (m->logarithmic)
		picture_tics(picture, "x_tics", m->lo, m->hi, unit);
	picture_axis(picture, "x_label", plot->metrics[0], !m->logarithmic ? m->shown : strcmp(unit, "ns") != 0 ? unit : "");
	picture_rows(picture, m->n, STRIP_PX);
}

static int draw_part(struct maker *maker, const struct plot *plot, const struct work *work, const struct multiples *m)
{
	bool touches = m->strip[0].n_buckets != 0;
	struct sheet sheet;
	int err = sheet_begin(&sheet, maker, "multiples", "way|>median|95 % interval|>least|>most|>rounds|>values", "%s: %s",
		text_string(&work->name), plot->title != NULL ? plot->title : plot->metrics[0]);

	if (err != 0)
		return err;
	put_texts(&sheet, m);
	picture_block(&sheet.picture);
	/* gnuplot does not accept an empty block */
	fputs("-9\t-9\t-9\t-9\n", sheet.picture.numbers);
	for (unsigned s = 0; s < m->n; s++)
		put_shape(&sheet, m, s);
	picture_block(&sheet.picture);
	for (unsigned s = 0; s < m->n; s++)
		put_dots(&sheet, m, s);
	picture_block(&sheet.picture);
	for (unsigned s = 0; s < m->n; s++)
		put_median(&sheet, m, s);
	put_axes(&sheet, plot, m);
	put_table(&sheet, m);
	/* Nothing is said of all where some are in another picture. */
	if (touches && m->n == m->all)
		answer_tails(&sheet, m);
	else if (m->n > 1 && m->n == m->all)
		answer_rounds(&sheet, m);
	sheet_caption(&sheet,
		"A strip for each way, all on one scale; %s is better. The line is the median with its 95 %% interval, each faint dot a round%s.",
		m->strip[0].row->better == FS_HIGHER ? "further right" : "further left",
		touches ? "; the shape has every touch of every ok round, each strip's highest bar as high as that of the others" : "");
	sheet_alt(&sheet, "Small multiples: the distribution of %s in %s, a strip for each of %u ways. The numbers are in the table below.",
		plot->metrics[0], plot->bench, m->n);
	return sheet_end(&sheet);
}

static int draw_work(struct maker *maker, const struct plot *plot, const struct work *work)
{
	const char *metric = plot->metrics[0];
	struct multiples m;
	bool differ, more;
	size_t next = 0;
	int err = strips_scale(maker, work, metric, &m, &differ);

	if (err != 0 || !differ)
		return err;
	do {
		err = strips_collect(maker, work, metric, &next, &m);
		more = m.n != 0;
		if (more && err == 0)
			err = draw_part(maker, plot, work, &m);
		strips_free(&m);
	} while (more && err == 0);
	return err;
}

static int draw(struct maker *maker, const struct plot *plot)
{
	int err = 0;

	for (size_t c = 0; c < maker->run->n_cells && err == 0; c++) {
		struct work work;

		if (strcmp(maker->run->cells[c].bench, plot->bench) != 0 || !work_of(maker->run, &maker->run->cells[c], &work))
			continue;
		err = draw_work(maker, plot, &work);
		text_clear(&work.name);
	}
	return err;
}

const struct drawing drawing_multiples = {
	.name = "multiples",
	.heading = "Distributions side by side",
	.draw = draw,
};

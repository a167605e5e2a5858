/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sweep.c - collects a metric over a parameter; see sweep.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/draw/drawing.h"
#include "analysis/draw/sweep.h"
#include "analysis/summary/format.h"

static int point_order(const void *a, const void *b)
{
	const struct sweep_point *p = a, *q = b;

	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	return (p->x > q->x) - (p->x < q->x);
}

static unsigned line_of(struct sweep *sweep, const char *label)
{
	unsigned line = 0;

	while (line < sweep->lines && strcmp(sweep->labels[line], label) != 0)
		line++;
	if (line == sweep->lines)
		sweep->labels[sweep->lines++] = label;
	return line;
}

int sweep_collect(const struct runfile *run, const struct summary *summary, const struct plot *plot, struct sweep *sweep)
{
	*sweep = (struct sweep){.plot = plot};
	if (plot->over == NULL)
		return 0;
	sweep->points = calloc(run->n_cells + 1, sizeof(*sweep->points));
	sweep->labels = calloc(run->n_cells + 1, sizeof(*sweep->labels));
	if (sweep->points == NULL || sweep->labels == NULL)
		return -ENOMEM;
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];
		struct sweep_point *point = &sweep->points[sweep->n];

		point->text = strcmp(cell->bench, plot->bench) != 0 ? NULL : runfile_param(cell, plot->over);
		if (point->text == NULL || !format_number(point->text, &point->x) || !(point->x > 0.0))
			continue;
		point->row = drawing_row(summary, cell, plot->metrics[0]);
		if (point->row == NULL)
			continue;
		point->line = line_of(sweep, cells_name(run, cell, plot->over, NULL));
		sweep->n++;
	}
	qsort(sweep->points, sweep->n, sizeof(*sweep->points), point_order);
	return 0;
}

void sweep_free(struct sweep *sweep)
{
	free(sweep->points);
	free(sweep->labels);
	memset(sweep, 0, sizeof(*sweep));
}

/* ---- crossings ----------------------------------------------------------------------------------------- */

static const struct sweep_point *point_at(const struct sweep *sweep, unsigned line, double x)
{
	for (size_t i = 0; i < sweep->n; i++)
		if (sweep->points[i].line == line && sweep->points[i].x == x)
			return &sweep->points[i];
	return NULL;
}

static bool is_better(const struct summary_row *row, const struct summary_row *than)
{
	return row->better == FS_HIGHER ? row->interval.median > than->interval.median : row->interval.median < than->interval.median;
}

/* The best of the lines that have a value at x; -1 if fewer than two do. */
static int best_at(const struct sweep *sweep, double x)
{
	const struct sweep_point *best = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < sweep->n; i++) {
		if (sweep->points[i].x != x || !(sweep->points[i].row->interval.median > 0.0))
			continue;
		n++;
		if (best == NULL || is_better(sweep->points[i].row, best->row))
			best = &sweep->points[i];
	}
	return n < 2 ? -1 : (int)best->line;
}

static double next_x(const struct sweep *sweep, double x)
{
	double next = INFINITY;

	for (size_t i = 0; i < sweep->n; i++)
		if (sweep->points[i].x > x && sweep->points[i].x < next)
			next = sweep->points[i].x;
	return next;
}

static bool are_apart(const struct sweep_point *a, const struct sweep_point *b)
{
	const struct statistics_interval *p = &a->row->interval, *q = &b->row->interval;

	return p->has_interval && q->has_interval && (p->hi < q->lo || q->hi < p->lo);
}

/* On axes by logarithms, a value that is not above 0 is nowhere. */
static bool has_logarithm(const struct sweep_point *point)
{
	return point != NULL && point->row->interval.median > 0.0;
}

/* Where lines a and b meet between x0 and x1; false if one of them has no value at an end that can be drawn. */
static bool meet(const struct sweep *sweep, unsigned a, unsigned b, double x0, double x1, struct sweep_crossing *crossing)
{
	const struct sweep_point *a0 = point_at(sweep, a, x0), *a1 = point_at(sweep, a, x1);
	const struct sweep_point *b0 = point_at(sweep, b, x0), *b1 = point_at(sweep, b, x1);
	double apart0, apart1, share;

	if (!has_logarithm(a0) || !has_logarithm(a1) || !has_logarithm(b0) || !has_logarithm(b1))
		return false;
	apart0 = log(a0->row->interval.median) - log(b0->row->interval.median);
	apart1 = log(a1->row->interval.median) - log(b1->row->interval.median);
	share = apart0 == apart1 ? 0.5 : apart0 / (apart0 - apart1);
	crossing->x = exp(log(x0) + share * (log(x1) - log(x0)));
	crossing->y = exp(log(a0->row->interval.median) + share * (log(a1->row->interval.median) - log(a0->row->interval.median)));
	crossing->from = a;
	crossing->to = b;
	crossing->sure = are_apart(a0, b0) && are_apart(a1, b1);
	return true;
}

unsigned sweep_crossings(const struct sweep *sweep, struct sweep_crossing *crossings, unsigned max)
{
	double x = next_x(sweep, 0.0), next;
	unsigned n = 0;

	for (; isfinite(x) && n < max; x = next) {
		int here = best_at(sweep, x), there;

		next = next_x(sweep, x);
		there = isfinite(next) ? best_at(sweep, next) : -1;
		if (here >= 0 && there >= 0 && here != there && meet(sweep, (unsigned)here, (unsigned)there, x, next, &crossings[n]))
			n++;
	}
	return n;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_page.c - all nodes of a fleet in one picture for each metric; see fleet_groups.h.
 *
 * A point is a node, from the lowest value to the highest; outliers are circles with the node's name. Ten thousand points are one path of some
 * hundred kB.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/many/fleet_groups.h"
#include "analysis/page/html.h"
#include "analysis/page/style.h"
#include "analysis/summary/format.h"
#include "base/text.h"
#include "base/replace.h"

#define WIDTH  760.0
#define HEIGHT 260.0
#define LEFT   90.0 /* for the values */
#define RIGHT  12.0
#define TOP    12.0
#define BOTTOM 30.0 /* for the number of nodes */
#define TICS   5    /* values at the axis */

struct point {
	double value;
	size_t machine;
};

static int by_value(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return x->value != y->value ? (x->value > y->value) - (x->value < y->value) : (x->machine > y->machine) - (x->machine < y->machine);
}

static size_t sort_points(const struct fleet *fleet, const struct fleet_row *row, struct point *points)
{
	size_t n = 0;

	for (size_t i = 0; i < fleet->n; i++)
		if (isfinite(row->values[i]))
			points[n++] = (struct point){row->values[i], i};
	if (n != 0)
		qsort(points, n, sizeof(*points), by_value);
	return n;
}

static double x_of(size_t i, size_t n)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * ((double)i + 0.5) / (double)n;
}

static double y_of(const struct point *points, size_t n, double value)
{
	double lo = points[0].value, range = points[n - 1].value - lo;

	return range > 0.0 ? HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - lo) / range : (HEIGHT + TOP - BOTTOM) / 2.0;
}

static void put_axis(FILE *out, const struct fleet_row *row, const struct point *points, size_t n)
{
	size_t tics = points[n - 1].value > points[0].value ? TICS : 1;

	for (size_t t = 0; t < tics; t++) {
		double value = points[0].value + (points[n - 1].value - points[0].value) * (double)t / (double)(tics > 1 ? tics - 1 : 1);
		double y = y_of(points, n, value);
		char text[FORMAT_VALUE];

		format_value(value, row->unit, text);
		html_print(out, "<path stroke=\"#ddd\" d=\"M%.1f %.1fH%.1f\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT, y,
			WIDTH - RIGHT, LEFT - 6.0, y + 4.0, text);
	}
	html_print(out, "<path stroke=\"#888\" d=\"M%.1f %.1fH%.1f\"/>", LEFT, y_of(points, n, row->median), WIDTH - RIGHT);
	html_print(out, "<text x=\"%.1f\" y=\"%.1f\">%zu node%s, from the lowest value to the highest; the grey line is the median</text>\n", LEFT,
		HEIGHT - 8.0, n, TEXT_S(n));
}

static void put_row(FILE *out, const struct fleet *fleet, const struct fleet_row *row, struct point *points)
{
	size_t n = sort_points(fleet, row, points);

	if (n == 0)
		return;
	html_print(out,
		"<h3>%s</h3>\n<figure><svg role=\"img\" viewBox=\"0 0 %.0f %.0f\" font-size=\"12\" aria-label=\"%s: %zu node%s, %zu outlier%s\">\n",
		row->name, WIDTH, HEIGHT, row->name, n, TEXT_S(n), row->n_outliers, TEXT_S(row->n_outliers));
	put_axis(out, row, points, n);
	fputs("<path stroke=\"#1f5fa8\" stroke-width=\"3\" stroke-linecap=\"round\" fill=\"none\" d=\"", out);
	for (size_t i = 0; i < n; i++)
		html_print(out, "M%.1f %.1fh0", x_of(i, n), y_of(points, n, points[i].value));
	fputs("\"/>\n", out);
	for (size_t i = 0; i < n; i++) {
		if (!row->outlier[points[i].machine])
			continue;
		html_print(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"none\" stroke=\"#c0392b\" stroke-width=\"2\"><title>%s", x_of(i, n),
			y_of(points, n, points[i].value), fleet->runs[points[i].machine].path);
		if (row->median != 0)
			html_print(out, ": %+.1f %%", 100.0 * (points[i].value - row->median) / fabs(row->median));
		fputs("</title></circle>\n", out);
	}
	fputs("</svg></figure>\n", out);
}

struct page {
	const struct fleet_groups *groups;
	bool all;
};

static int put_fleet(FILE *out, const struct fleet *fleet, bool all)
{
	struct point *points = calloc(fleet->n + 1, sizeof(*points));

	if (points == NULL)
		return -ENOMEM;
	html_print(out, "<h2>%zu machine%s of identity %s</h2>\n", fleet->n, TEXT_S(fleet->n), fleet->runs[0].fingerprint);
	for (size_t r = 0; r < fleet->n_rows; r++)
		if (all || fleet->rows[r].brief || fleet->rows[r].n_outliers != 0)
			put_row(out, fleet, &fleet->rows[r], points);
	free(points);
	return 0;
}

static int put_page(FILE *out, const void *what)
{
	const struct page *page = what;
	int err = 0;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Fleet</title>\n<style>", out);
	fputs(page_style, out);
	fputs("</style>\n</head>\n<body>\n<main>\n<h1>Fleet</h1>\n", out);
	for (size_t g = 0; g < page->groups->n && err == 0; g++)
		err = put_fleet(out, &page->groups->groups[g].fleet, page->all);
	fputs("</main>\n</body>\n</html>\n", out);
	return err;
}

int fleet_groups_page(const struct fleet_groups *groups, bool all, const char *folder, struct fs_reason *why)
{
	const struct page page = {groups, all};
	char *path = text_format("%s/index.html", folder);
	int err = path != NULL ? 0 : -ENOMEM;

	if (err == 0 && mkdir(folder, 0777) != 0 && errno != EEXIST)
		err = -errno;
	if (err == 0)
		err = replace_file(path, put_page, &page);
	if (err != 0)
		fs_because(why, err, err == -ENOSPC ? "is the disk full?" : "", "%s: %s", path != NULL ? path : folder, strerror(-err));
	free(path);
	return err;
}

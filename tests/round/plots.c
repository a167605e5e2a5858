/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plots.c - what benchmarks declare of how they are drawn can be drawn: each metric and parameter that a plot names is one of theirs, metrics that
 * share a picture share a unit, and where a sweep crosses another is found where it was put.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/drawing.h"
#include "analysis/draw/sweep.h"
#include "harness/round/five_step.h"
#include "harness/plan/registry.h"
#include "tests/tap.h"

static const struct fs_metric *find_metric(const struct fs_metric *metrics, const char *name, size_t len)
{
	for (; metrics->name != NULL; metrics++)
		if (strlen(metrics->name) == len && strncmp(metrics->name, name, len) == 0)
			return metrics;
	return NULL;
}

static bool has_param(const struct fs_param *params, const char *name)
{
	for (; name != NULL && params != NULL && params->name != NULL; params++)
		if (strcmp(params->name, name) == 0)
			return true;
	return name == NULL;
}

static void check_metrics(const char *bench, const struct fs_metric *metrics, const struct fs_plot *plot)
{
	const struct fs_metric *first = NULL;

	for (const char *m = plot->metrics; *m; m += strspn(m, " ")) {
		size_t len = strcspn(m, " ");
		const struct fs_metric *metric = find_metric(metrics, m, len);

		if (ok(metric, "%s: %.*s is a metric", bench, (int)len, m) && first != NULL)
			ok(plot->draw == FS_DRAW_AGAINST || strcmp(metric->unit, first->unit) == 0, "%s: %s has the unit of %s", bench, metric->name,
				first->name);
		first = first != NULL ? first : metric;
		m += len;
	}
	if (plot->mark != NULL)
		ok(find_metric(metrics, plot->mark, strlen(plot->mark)), "%s: %s is a metric", bench, plot->mark);
}

static bool is_drawn(enum fs_draw draw)
{
	for (const struct drawing *const *d = registry_drawings; *d != NULL; d++)
		if ((*d)->draw != NULL && draw < FS_DRAWS && strcmp((*d)->name, fs_draw_names[draw]) == 0)
			return true;
	return false;
}

static void check_plots(const char *bench, const struct fs_metric *metrics, const struct fs_param *params, const struct fs_plot *plots)
{
	for (; plots != NULL && plots->draw != FS_DRAW_NONE; plots++) {
		ok(is_drawn(plots->draw), "%s: there is a way of drawing %s", bench, fs_draw_names[plots->draw]);
		check_metrics(bench, metrics, plots);
		ok(has_param(params, plots->over) && has_param(params, plots->by), "%s: what it is drawn over are parameters", bench);
		ok((plots->draw == FS_DRAW_LINES || plots->draw == FS_DRAW_CROSSING || plots->draw == FS_DRAW_HEAT ||
			   plots->draw == FS_DRAW_AGAINST) == (plots->over != NULL),
			"%s: lines, curves and maps are over something", bench);
		ok(plots->draw != FS_DRAW_AGAINST || strchr(plots->metrics, ' ') != NULL, "%s: one metric against another are two", bench);
		ok((plots->draw == FS_DRAW_HEAT) == (plots->by != NULL), "%s: maps are by something", bench);
	}
}

/* ---- crossings ----------------------------------------------------------------------------------------- */

#define POINTS 6

/* Two lines over 1, 10 and 100: flat at 100, and 10, 100 * share, 1000. */
static void make_sweep(struct sweep *sweep, struct sweep_point points[POINTS], struct summary_row rows[POINTS], double middle, double width)
{
	static const char *labels[2] = {"flat", "steep"};
	const double y[POINTS] = {100, 100, 100, 10, middle, 1000}, x[3] = {1, 10, 100};

	for (unsigned i = 0; i < POINTS; i++) {
		rows[i] = (struct summary_row){.better = FS_LOWER,
			.interval = {.median = y[i], .lo = y[i] * (1 - width), .hi = y[i] * (1 + width), .n = 10, .has_interval = true}};
		points[i] = (struct sweep_point){.x = x[i % 3], .row = &rows[i], .line = i / 3};
	}
	*sweep = (struct sweep){.points = points, .n = POINTS, .labels = labels, .lines = 2};
}

static void test_crossings(void)
{
	struct sweep_crossing crossings[4];
	struct sweep_point points[POINTS];
	struct summary_row rows[POINTS];
	struct sweep sweep;

	make_sweep(&sweep, points, rows, 50, 0.01);
	is_int(sweep_crossings(&sweep, crossings, 4), 1, "lines that cross once");
	/* from 10 to 100, 100 against 50 and 1000: ln 2 / (ln 2 + ln 10) of the way */
	is_near(crossings[0].x, 10 * pow(10, log(2) / log(20)), 1e-9, "cross where straight lines on logarithmic axes meet");
	is_near(crossings[0].y, 100, 1e-9, "at the height of the flat one");
	is_int(crossings[0].from, 1, "below, the steep one is better");
	ok(crossings[0].sure, "that is sure where intervals are apart at both ends");
	make_sweep(&sweep, points, rows, 90, 0.1);
	is_int(sweep_crossings(&sweep, crossings, 4), 1, "wide intervals cross as well");
	ok(!crossings[0].sure, "but it is not sure");
	for (unsigned i = 0; i < POINTS; i++)
		rows[i].better = FS_HIGHER;
	is_int(sweep_crossings(&sweep, crossings, 4), 1, "where more is better");
	is_int(crossings[0].from, 0, "the other one is the better below");
	sweep.n = 3;
	is_int(sweep_crossings(&sweep, crossings, 4), 0, "one line crosses nothing");
}

int main(void)
{
	for (const struct fs_bench *const *b = registry_benches; *b != NULL; b++)
		check_plots((*b)->name, (*b)->metrics, (*b)->params, (*b)->plots);
	check_plots("kernels", five_step_metrics, NULL, five_step_plots);
	test_crossings();
	done_testing();
	return exit_status();
}

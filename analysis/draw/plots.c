/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plots.c - determines how a run's results are drawn; see plots.h.
 */
#include "config.h"

#include <string.h>

#include "analysis/draw/plots.h"
#include "analysis/summary/format.h"

static const char *text_of(json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* ---- declared ------------------------------------------------------------------------------------------ */

static bool read_plot(json_t *json, const char *bench, struct plot *plot)
{
	json_t *metric;
	size_t i;

	*plot = (struct plot){.bench = bench,
		.draw = text_of(json, "draw"),
		.over = text_of(json, "over"),
		.by = text_of(json, "by"),
		.mark = text_of(json, "mark"),
		.title = text_of(json, "title")};
	json_array_foreach(json_object_get(json, "metrics"), i, metric)
	{
		if (json_is_string(metric) && plot->n_metrics < PLOT_METRICS)
			plot->metrics[plot->n_metrics++] = json_string_value(metric);
	}
	return plot->draw != NULL && plot->n_metrics;
}

/* ---- from the form of the records ----------------------------------------------------------------------- */

static struct plot *next_plot(struct plot *plots, unsigned *n, const char *bench, const char *draw)
{
	struct plot *plot;

	if (*n == PLOTS_MAX)
		return NULL;
	plot = &plots[(*n)++];
	*plot = (struct plot){.bench = bench, .draw = draw};
	return plot;
}

static void add_plot(struct plot *plots, unsigned *n, const char *bench, const char *draw, const char *metric, const char *over)
{
	struct plot *plot;

	for (unsigned i = 0; i < *n; i++)
		if (strcmp(plots[i].draw, draw) == 0 && strcmp(plots[i].metrics[0], metric) == 0 &&
			(over == NULL || (plots[i].over != NULL && strcmp(plots[i].over, over) == 0)))
			return;
	plot = next_plot(plots, n, bench, draw);
	if (plot == NULL)
		return;
	plot->metrics[plot->n_metrics++] = metric;
	plot->over = over;
}

static void add_steps(struct plot *plots, unsigned *n, const char *bench)
{
	struct plot *plot = next_plot(plots, n, bench, "stack");

	if (plot == NULL)
		return;
	while (plot->n_metrics < FS_STEPS) {
		plot->metrics[plot->n_metrics] = fs_step_names[plot->n_metrics];
		plot->n_metrics++;
	}
	plot->mark = "total";
	plot->title = "time of the five steps";
}

/* Whether three or more numeric values were requested. */
static bool is_swept(const struct runfile *run, const char *bench, const char *param)
{
	double seen[2];
	unsigned n = 0;

	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];
		double value;
		const char *text = strcmp(cell->bench, bench) != 0 ? NULL : runfile_param(cell, param);

		if (text == NULL || !format_number(text, &value) || !(value > 0.0) || (n > 0 && seen[0] == value) || (n > 1 && seen[1] == value))
			continue;
		if (n == 2)
			return true;
		seen[n++] = value;
	}
	return false;
}

static bool is_drawn_over(const struct plot *plots, unsigned n, const char *param)
{
	for (unsigned i = 0; i < n; i++)
		if ((plots[i].over != NULL && strcmp(plots[i].over, param) == 0) || (plots[i].by != NULL && strcmp(plots[i].by, param) == 0))
			return true;
	return false;
}

/* An exact count is not drawn as a curve. */
static void add_lines(const struct summary *summary, const char *bench, const char *param, struct plot *plots, unsigned *n)
{
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (strcmp(row->cell->bench, bench) == 0 && row->brief && row->n_values && row->better != FS_EXACT)
			add_plot(plots, n, bench, "lines", row->base, param);
	}
}

/* Parameters that were looked at: once each, since every look goes through all cells. Those of more names are looked at each time. */
struct looked_at {
	const char *name[32];
	unsigned n;
};

static bool is_looked_at(struct looked_at *before, const char *name)
{
	for (unsigned i = 0; i < before->n; i++)
		if (strcmp(before->name[i], name) == 0)
			return true;
	if (before->n < FS_ARRAY_SIZE(before->name))
		before->name[before->n++] = name;
	return false;
}

static void add_sweeps(const struct runfile *run, const struct summary *summary, const char *bench, struct plot *plots, unsigned *n)
{
	struct looked_at before = {.n = 0};
	unsigned declared = *n;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t p = 0; p < run->cells[c].n_params && strcmp(run->cells[c].bench, bench) == 0; p++) {
			const struct runfile_text *param = &run->cells[c].params[p];

			if (param->set && !is_looked_at(&before, param->name) && !is_drawn_over(plots, declared, param->name) &&
				is_swept(run, bench, param->name))
				add_lines(summary, bench, param->name, plots, n);
		}
}

static void add_default(const struct runfile *run, const struct summary *summary, const char *bench, struct plot *plots, unsigned *n)
{
	const char *first = NULL;

	for (size_t c = 0; c < run->n_cells && !*n; c++)
		if (strcmp(run->cells[c].bench, bench) == 0 && runfile_is_kernel(&run->cells[c]))
			add_steps(plots, n, bench);
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (strcmp(row->cell->bench, bench) != 0 || !row->n_values)
			continue;
		if (row->histogram)
			add_plot(plots, n, bench, "distribution", row->base, NULL);
		else if (first == NULL && row->better != FS_EXACT)
			first = row->base;
	}
	if (!*n && first != NULL)
		add_plot(plots, n, bench, "bars", first, NULL);
}

unsigned plots_of(const struct runfile *run, const struct summary *summary, const char *bench, struct plot plots[PLOTS_MAX])
{
	json_t *declared = runfile_bench_plots(run, bench), *json;
	unsigned n = 0;
	size_t i;

	json_array_foreach(declared, i, json)
	{
		if (n < PLOTS_MAX && read_plot(json, bench, &plots[n]))
			n++;
	}
	if (!n)
		add_default(run, summary, bench, plots, &n);
	add_sweeps(run, summary, bench, plots, &n);
	return n;
}

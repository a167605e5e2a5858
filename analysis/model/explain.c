/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.c - see explain.h.
 */
#include "config.h"

#include "analysis/model/explain.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/gather.h"
#include "base/table.h"
#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"

/* ---- a program's own computing is what it takes under copies: what it takes in the cell that is explained would explain everything */

static void keep_copies(struct model *model)
{
	size_t kept = 0;

	for (size_t i = 0; i < model->n_references; i++) {
		struct model_reference *r = &model->references[i];

		if (runfile_setup_offers(model->run, r->cell->setup, "TRANSFER")) {
			model->references[kept++] = *r;
		} else {
			free(r->work);
			free(r->took);
		}
	}
	model->n_references = kept;
}

/* ---- one program */

static bool is_reference(const struct model *model, const struct runfile_cell *cell)
{
	for (size_t i = 0; i < model->n_references; i++) {
		if (model->references[i].cell == cell)
			return true;
	}
	return false;
}

static bool has_reference(const struct model *model, const char *work)
{
	for (size_t i = 0; i < model->n_references; i++) {
		if (strcmp(model->references[i].work, work) == 0)
			return true;
	}
	return false;
}

/* 1; 0 if the model cannot say; -ENOMEM. Where a run does not have the program under copies, its computing is taken as unchanged: zero in both. */
static int predict_both(const struct model *models[2], const struct runfile_cell *cells[2], struct prediction predictions[2])
{
	struct what_if as_is;
	struct model_case cases[2] = {{0}};
	bool has_computing = true;
	int err = 1;

	what_if_clear(&as_is);
	for (int i = 0; i < 2 && err > 0; i++) {
		err = model_case_of(models[i]->run, cells[i], &cases[i]);
		has_computing = has_computing && err > 0 && has_reference(models[i], cases[i].work);
	}
	for (int i = 0; i < 2 && err > 0; i++) {
		if (!has_computing) {
			free(cases[i].work);
			cases[i].work = NULL;
		}
		err = model_predict(models[i], &as_is, &cases[i], &predictions[i], NULL);
	}
	for (int i = 0; i < 2; i++)
		model_case_free(&cases[i]);
	return err;
}

static int explain_cell(const struct model *models[2], const struct runfile_cell *cells[2], struct explained *e)
{
	struct prediction predictions[2];
	struct statistics_interval took[2];
	double lo, hi;
	int err = predict_both(models, cells, predictions);

	if (err <= 0)
		return err;
	for (int i = 0; i < 2; i++) {
		gather_metric(cells[i], "total", &took[i]);
		if (took[i].n == 0)
			return 0;
		if (!took[i].has_interval)
			took[i].lo = took[i].hi = took[i].median;
	}
	*e = (struct explained){.cell = cells[1], .base = took[0].median, .change = took[1].median - took[0].median};
	for (unsigned i = 0; i < FS_COSTS; i++) {
		e->part[i] = predictions[1].part[i] - predictions[0].part[i];
		e->events += e->part[i];
	}
	lo = predictions[1].total.lo - predictions[0].total.hi;
	hi = predictions[1].total.hi - predictions[0].total.lo;
	e->rest_lo = took[1].lo - took[0].hi - hi;
	e->rest_hi = took[1].hi - took[0].lo - lo;
	e->is_reference = is_reference(models[0], cells[0]) || is_reference(models[1], cells[1]);
	return 1;
}

enum explained_verdict explained_judge(const struct explained *e, double margin_pct)
{
	double margin = e->base * margin_pct / 100;

	if (!e->is_reference && (e->rest_lo > margin || e->rest_hi < -margin))
		return EXPLAINED_IN_PART;
	return fabs(e->change) > margin || fabs(e->events) > margin ? EXPLAINED_BY_EVENTS : EXPLAINED_UNCHANGED;
}

/* ---- both runs */

static const struct runfile_cell *same_cell(const struct runfile *run, const struct runfile_cell *cell)
{
	for (size_t i = 0; i < run->n_cells; i++) {
		const struct runfile_cell *other = &run->cells[i];

		if (strcmp(other->setup, cell->setup) == 0 && strcmp(other->device, cell->device) == 0 && cells_same_work(other, cell))
			return other;
	}
	return NULL;
}

int explain_runs(struct model *base, struct model *new, struct explained **lines, size_t *n, size_t *unknown)
{
	const struct model *models[2] = {base, new};
	int err = 0;

	keep_copies(base);
	keep_copies(new);
	*n = *unknown = 0;
	*lines = calloc(new->run->n_cells + 1, sizeof(**lines));
	if (*lines == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < new->run->n_cells &&err >= 0; i++) {
		const struct runfile_cell *cell = &new->run->cells[i], *cells[2] = {NULL, cell};

		if (!runfile_is_kernel(cell) || runfile_count_verdict(cell, VERDICT_OK) == 0)
			continue;
		cells[0] = same_cell(base->run, cell);
		if (cells[0] == NULL || runfile_count_verdict(cells[0], VERDICT_OK) == 0)
			continue;
		err = explain_cell(models, cells, &(*lines)[*n]);
		*n += err > 0;
		*unknown += err == 0;
	}
	return err < 0 ? err : 0;
}

/* ---- as text */

#define PERCENT (FORMAT_FIXED + 2)

static void put_percent(double value, double base, char text[PERCENT])
{
	char number[FORMAT_FIXED];

	text_fit(text, PERCENT, "%s %%", format_fixed(base > 0 ? round(1000 * value / base) / 10 + 0.0 : 0.0, 1, true, number));
}

/* The kinds of event that make most of it, down to a tenth. */
static void put_kinds(const struct explained *e, struct text *text)
{
	bool done[FS_COSTS] = {false};

	for (unsigned n = 0; n < 3; n++) {
		unsigned most = FS_COSTS;
		char percent[PERCENT];

		for (unsigned i = 0; i < FS_COSTS; i++) {
			if (!done[i] && fabs(e->part[i]) > (most == FS_COSTS ? fabs(e->change) / 10 : fabs(e->part[most])))
				most = i;
		}
		if (most == FS_COSTS)
			return;
		done[most] = true;
		put_percent(e->part[most], e->base, percent);
		text_add(text, "%s%s %s", n != 0 ? ", " : "", fs_cost_names[most], percent);
	}
}

static int show_line(struct table *table, const struct explained *e, double margin_pct)
{
	char change[PERCENT], events[PERCENT], rest[PERCENT], *params = format_params_whole(e->cell, false);
	struct text kinds = {0};
	const char *note = explained_judge(e, margin_pct) == EXPLAINED_IN_PART ? "UNEXPLAINED" : "";
	const char *texts[] = {
		e->cell->bench, e->cell->setup, e->cell->device, params, change, events, NULL, rest, e->is_reference ? "reference" : note};
	int err = -ENOMEM;

	put_percent(e->change, e->base, change);
	put_percent(e->events, e->base, events);
	put_percent(e->change - e->events, e->base, rest);
	put_kinds(e, &kinds);
	texts[6] = text_string(&kinds);
	if (params != NULL)
		err = table_line(table, texts);
	free(params);
	text_clear(&kinds);
	return err;
}

int explain_show(const struct model *new, const struct explained *lines, size_t n, size_t unknown, double margin_pct, FILE *out)
{
	static const struct table_column columns[] = {{"PROGRAM", false}, {"SETUP", false}, {"DEVICE", false}, {"PARAMETERS", false},
		{"CHANGE", true}, {"BY EVENTS", true}, {"MOST OF THAT", false}, {"REST", true}, {"NOTE", false}};
	struct table *table = table_new(columns, FS_ARRAY_SIZE(columns));
	size_t changed = 0, unexplained = 0;
	int err = table == NULL ? -ENOMEM : 0;

	fprintf(out, "\nwhat programs lost or gained by what single events cost (computed: the unit costs of each run, from its benchmarks)\n\n");
	for (size_t i = 0; i < n && err == 0; i++) {
		enum explained_verdict verdict = explained_judge(&lines[i], margin_pct);

		if (verdict == EXPLAINED_UNCHANGED)
			continue;
		changed++;
		unexplained += verdict == EXPLAINED_IN_PART;
		err = show_line(table, &lines[i], margin_pct);
	}
	err = table_print(table, out, err);
	if (err != 0)
		return err;
	fprintf(out, "%s%zu of %zu programs changed by more than %g %%; of %zu the events do not explain it (UNEXPLAINED)\n",
		changed != 0 ? "\n" : "", changed, n, margin_pct, unexplained);
	if (unknown != 0)
		fprintf(out, "%zu other programs of %s: a run lacks the benchmarks that say what their events cost (fivestep run calibrate)\n",
			unknown, new->run->path);
	return 0;
}

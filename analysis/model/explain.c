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
#include "analysis/summary/cells.h"

/* ---- a program's own computing is what it takes under copies: what it takes in the cell that is explained would explain everything */

static bool is_copied(const struct model *model, const struct runfile_cell *cell, const void *arg)
{
	(void)arg;
	return runfile_setup_offers(model->run, cell->setup, "TRANSFER");
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
		for (int k = 0; k < 2; k++)
			e->is_unsure[i] = e->is_unsure[i] || predictions[k].lacks[i] || predictions[k].doubtful[i];
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
	bool is_unsure = false;

	for (unsigned i = 0; i < FS_COSTS; i++)
		is_unsure = is_unsure || e->is_unsure[i];
	if (!e->is_reference && (e->rest_lo > margin || e->rest_hi < -margin))
		return is_unsure ? EXPLAINED_UNSURE : EXPLAINED_IN_PART;
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

static int explain_runs(struct explanation *e)
{
	const struct model *models[2] = {&e->models[0], &e->models[1]};
	const struct runfile *base = models[0]->run, *new = models[1]->run;
	int err = 0;

	e->lines = calloc(new->n_cells + 1, sizeof(*e->lines));
	if (e->lines == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < new->n_cells &&err >= 0; i++) {
		const struct runfile_cell *cell = &new->cells[i], *cells[2] = {NULL, cell};

		if (!runfile_is_kernel(cell) || runfile_count_verdict(cell, VERDICT_OK) == 0)
			continue;
		cells[0] = same_cell(base, cell);
		if (cells[0] == NULL || runfile_count_verdict(cells[0], VERDICT_OK) == 0)
			continue;
		err = explain_cell(models, cells, &e->lines[e->n]);
		e->n += err > 0;
		e->unknown += err == 0;
	}
	return err < 0 ? err : 0;
}

int explain_open(struct explanation *e, const struct runfile *base, const struct runfile *new, double margin_pct, struct fs_reason *why)
{
	const struct runfile *runs[2] = {base, new};
	int err = 0;

	*e = (struct explanation){.margin_pct = margin_pct > EXPLAIN_MARGIN_PCT ? margin_pct : EXPLAIN_MARGIN_PCT};
	for (int i = 0; i < 2 && err == 0; i++) {
		err = model_make(runs[i], &e->models[i], why);
		if (err == 0)
			model_keep_computing(&e->models[i], is_copied, NULL);
	}
	if (err == 0 && explain_runs(e) != 0)
		err = fs_no_memory(why);
	return err;
}

void explain_close(struct explanation *e)
{
	free(e->lines);
	model_free(&e->models[0]);
	model_free(&e->models[1]);
	*e = (struct explanation){0};
}

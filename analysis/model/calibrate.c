/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * calibrate.c - unit costs from a run's benchmarks, and the programs' own computing from its programs; see model.h.
 */
#include "config.h"

#include "analysis/model/model.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/model/gather.h"
#include "analysis/model/non_negative.h"
#include "base/array.h"
#include "base/mix.h"

/* ---- resampling: fit 0 takes the values as they are, every other one draws rounds with replacement, the same ones for all metrics of a cell */

static double drawn_median(const double *values, size_t n, long cell, unsigned fit, double *room)
{
	uint64_t random = mix64((uint64_t)cell * MODEL_FITS + fit);

	for (size_t i = 0; i < n; i++) {
		random = mix64(random);
		room[i] = values[fit == 0 ? i : random % n];
	}
	return gsl_stats_median(room, 1, n);
}

/* ---- unit costs */

/* Rows divided by their values: what is minimized is the relative error. */
static void fill_rows(const struct model_group *group, unsigned fit, double *room, gsl_matrix *rows)
{
	for (size_t r = 0; r < group->n_rows; r++) {
		const struct model_row *row = &group->rows[r];
		double value = drawn_median(row->values, row->n, row->cell->id, fit, room);

		for (size_t i = 0; i < FS_COSTS; i++)
			gsl_matrix_set(rows, r, i, row->contains[i] / value);
	}
}

static void note_misfit(struct model_group *group, const gsl_matrix *rows)
{
	for (size_t r = 0; r < group->n_rows; r++) {
		double sum = 0;

		for (size_t i = 0; i < FS_COSTS; i++)
			sum += gsl_matrix_get(rows, r, i) * group->unit[0][i];
		group->rows[r].misfit = sum - 1;
	}
}

/* Of the kinds that the rows contain; the others have no part in what is determined. */
static int note_rank(struct model_group *group, const gsl_matrix *rows)
{
	size_t n = 0, at[FS_COSTS];
	bool doubtful[FS_COSTS] = {false};
	gsl_matrix *contained;
	int err;

	for (size_t i = 0; i < FS_COSTS; i++) {
		if (group->is_contained[i])
			at[n++] = i;
	}
	contained = gsl_matrix_calloc(rows->size1, n);
	if (contained == NULL)
		return -ENOMEM;
	for (size_t r = 0; r < rows->size1; r++) {
		for (size_t i = 0; i < n; i++)
			gsl_matrix_set(contained, r, i, gsl_matrix_get(rows, r, at[i]));
	}
	err = non_negative_rank(contained, &group->condition, doubtful);
	for (size_t i = 0; i < n; i++)
		group->is_doubtful[at[i]] = doubtful[i];
	gsl_matrix_free(contained);
	return err;
}

static size_t most_rounds(const struct model_group *group)
{
	size_t most = 1;

	for (size_t r = 0; r < group->n_rows; r++)
		most = group->rows[r].n > most ? group->rows[r].n : most;
	return most;
}

static int fit_group(struct model_group *group)
{
	gsl_matrix *rows = group->n_rows != 0 ? gsl_matrix_calloc(group->n_rows, FS_COSTS) : NULL;
	gsl_vector *right = group->n_rows != 0 ? gsl_vector_alloc(group->n_rows) : NULL;
	double *room = calloc(most_rounds(group), sizeof(*room));
	int err = group->n_rows == 0 || (rows != NULL && right != NULL && room != NULL) ? 0 : -ENOMEM;

	if (err == 0 && group->n_rows != 0)
		gsl_vector_set_all(right, 1);
	for (unsigned fit = 0; fit < MODEL_FITS && err == 0 && group->n_rows != 0; fit++) {
		gsl_vector_view unit = gsl_vector_view_array(group->unit[fit], FS_COSTS);

		fill_rows(group, fit, room, rows);
		err = non_negative_solve(rows, right, &unit.vector);
		if (err == 0 && fit == 0) {
			note_misfit(group, rows);
			err = note_rank(group, rows);
		}
	}
	gsl_matrix_free(rows);
	gsl_vector_free(right);
	free(room);
	return err;
}

/* ---- the programs' own computing */

static const enum fs_step part_step[MODEL_PARTS] = {FS_CPU_BEFORE, FS_DEVICE_COMPUTE, FS_CPU_AFTER};
static const enum fs_cost part_cost[MODEL_PARTS] = {FS_COST_FILL_BYTE, FS_COST_BODY_BYTE, FS_COST_AFTER_BYTE};

/* What a step takes beyond its events. */
static double beyond_events(const double *events, const double *unit, double took)
{
	for (unsigned i = 0; i < FS_COST_FILL_BYTE; i++)
		took -= events[i] * unit[i];
	return took > 0 ? took : 0;
}

static int measure_reference(struct model_reference *reference, const struct model_group *group, const struct model_case *c)
{
	double *values = calloc(reference->cell->n_rounds, 2 * sizeof(*values)), *room = values != NULL ? values + reference->cell->n_rounds : NULL;

	if (values == NULL)
		return -ENOMEM;
	for (unsigned part = 0; part < MODEL_PARTS; part++) {
		const double *events = c->events[part_step[part]];
		size_t n = gather_step(reference->cell, part_step[part], values);

		reference->bytes[part] = events[part_cost[part]];
		for (unsigned fit = 0; fit < MODEL_FITS && n != 0; fit++)
			reference->took[fit][part] = beyond_events(events, group->unit[fit], drawn_median(values, n, reference->cell->id, fit, room));
	}
	free(values);
	return 0;
}

static int add_reference(struct model *model, const struct runfile_cell *cell)
{
	struct model_reference *reference;
	struct model_case c;
	const struct model_group *group;
	int err = model_case_of(model->run, cell, &c);

	group = err > 0 ? gather_find(model, c.group) : NULL;
	if (err > 0)
		err = group == NULL ? 0 : ARRAY_ADD(model->references, model->n_references, ARRAY_MANY, "programs", NULL);
	if (err != 0 || group == NULL)
		goto out;
	reference = &model->references[model->n_references++];
	*reference = (struct model_reference){.work = c.work, .cell = cell, .took = calloc(MODEL_FITS, sizeof(reference->took[0]))};
	c.work = NULL;
	err = reference->took != NULL ? measure_reference(reference, group, &c) : -ENOMEM;
out:
	model_case_free(&c);
	return err;
}

int model_make(const struct runfile *run, struct model *model, struct fs_reason *why)
{
	size_t rows = 0;
	int err;

	*model = (struct model){.run = run};
	/* Errors are return values here, not the end of the process. */
	gsl_set_error_handler_off();
	err = gather_groups(run, model);
	for (size_t i = 0; i < model->n_groups && err == 0; i++) {
		rows += model->groups[i].n_rows;
		err = fit_group(&model->groups[i]);
	}
	for (size_t i = 0; i < run->n_cells && err == 0; i++) {
		if (runfile_is_kernel(&run->cells[i]))
			err = add_reference(model, &run->cells[i]);
	}
	if (err == -ENOMEM)
		return fs_no_memory(why);
	if (err == 0 && rows == 0)
		return fs_because(why, -ENODATA, "fivestep run calibrate -o RUN.jsonl", "%s: no benchmark in it says which events its values contain",
			run->path);
	return err;
}

static void free_reference(struct model_reference *reference)
{
	free(reference->work);
	free(reference->took);
}

size_t model_keep_computing(struct model *model, model_keep *keep, const void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < model->n_references; i++) {
		struct model_reference *reference = &model->references[i];

		if (keep(model, reference->cell, arg))
			model->references[kept++] = *reference;
		else
			free_reference(reference);
	}
	model->n_references = kept;
	return kept;
}

void model_free(struct model *model)
{
	for (size_t i = 0; i < model->n_groups; i++) {
		for (size_t r = 0; r < model->groups[i].n_rows; r++)
			free(model->groups[i].rows[r].values);
		free(model->groups[i].rows);
		free(model->groups[i].unit);
		free(model->groups[i].name);
	}
	for (size_t i = 0; i < model->n_references; i++) {
		free(model->references[i].work);
		free(model->references[i].took);
	}
	free(model->groups);
	free(model->references);
	*model = (struct model){0};
}

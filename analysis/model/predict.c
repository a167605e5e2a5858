/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict.c - what a program costs under a way of sharing, by its events; see model.h.
 */
#include "config.h"

#include "analysis/model/model.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/model/gather.h"

/* ---- a case */

/* The events of a step in one round, NULL if it does not say. */
static const double *said(const struct runfile_round *round, enum fs_step step)
{
	for (size_t s = 0; s < round->n_steps && round->verdict == VERDICT_OK; s++) {
		if (strcmp(round->steps[s].name, fs_step_names[step]) == 0)
			return round->steps[s].events;
	}
	return NULL;
}

/* A program whose data decide how long it works has other events in every round: times are medians, and so are the events beside them. */
static bool median_events(const struct runfile_cell *cell, enum fs_step step, double *room, double events[FS_COSTS])
{
	size_t n = 0;

	for (unsigned kind = 0; kind < FS_COSTS; kind++) {
		n = 0;
		for (size_t r = 0; r < cell->n_rounds; r++) {
			const double *of_round = said(cell->rounds[r], step);

			if (of_round != NULL)
				room[n++] = of_round[kind];
		}
		if (n != 0)
			events[kind] = gsl_stats_median(room, 1, n);
	}
	return n != 0;
}

int model_case_of(const struct runfile *run, const struct runfile_cell *cell, struct model_case *c)
{
	double *room = calloc(cell->n_rounds + 1, sizeof(*room));
	bool is_said = false;
	int err = room == NULL ? -ENOMEM : 0;

	memset(c, 0, sizeof(*c));
	for (unsigned step = 0; step < FS_STEPS && err == 0; step++)
		is_said = median_events(cell, step, room, c->events[step]) || is_said;
	free(room);
	if (err != 0 || !is_said)
		return err;
	c->group = gather_group_name(run, cell);
	c->work = gather_work_name(run, cell);
	return c->group != NULL && c->work != NULL ? 1 : -ENOMEM;
}

void model_case_free(struct model_case *c)
{
	free(c->group);
	free(c->work);
	c->group = c->work = NULL;
}

/* ---- computing: a curve through the references, straight in logarithms */

static double on_curve(double x, double x0, double y0, double x1, double y1)
{
	if (y0 <= 0 || y1 <= 0 || x0 <= 0 || x1 <= 0 || x0 == x1)
		return x0 > 0 ? y0 * x / x0 : 0;
	return y0 * pow(x / x0, log(y1 / y0) / log(x1 / x0));
}

/* The two references of the program that are nearest to so many bytes; the second is NULL where there is one only. */
static void nearest(const struct model *model, const char *work, enum model_part part, double bytes, const struct model_reference *two[2])
{
	two[0] = two[1] = NULL;
	for (size_t i = 0; i < model->n_references; i++) {
		const struct model_reference *r = &model->references[i];
		double far = fabs(log(r->bytes[part] / bytes));

		if (strcmp(r->work, work) != 0)
			continue;
		if (two[0] == NULL || far < fabs(log(two[0]->bytes[part] / bytes))) {
			two[1] = two[0];
			two[0] = r;
		} else if (two[1] == NULL || far < fabs(log(two[1]->bytes[part] / bytes))) {
			two[1] = r;
		}
	}
}

static double computing(const struct model *model, const char *work, enum model_part part, double bytes, unsigned fit)
{
	const struct model_reference *two[2];

	if (bytes <= 0)
		return 0;
	nearest(model, work, part, bytes, two);
	if (two[0] == NULL)
		return 0;
	if (two[1] == NULL)
		return on_curve(bytes, two[0]->bytes[part], two[0]->took[fit][part], 0, 0);
	return on_curve(bytes, two[0]->bytes[part], two[0]->took[fit][part], two[1]->bytes[part], two[1]->took[fit][part]);
}

static bool has_reference(const struct model *model, const char *work)
{
	for (size_t i = 0; i < model->n_references; i++) {
		if (strcmp(model->references[i].work, work) == 0)
			return true;
	}
	return false;
}

/* ---- a prediction */

static const enum fs_step part_step[MODEL_PARTS] = {FS_CPU_BEFORE, FS_DEVICE_COMPUTE, FS_CPU_AFTER};

double model_unit_cost(const struct model_group *group, const struct what_if *what_if, unsigned fit, unsigned kind)
{
	return (what_if->value[kind] >= 0 ? what_if->value[kind] : group->unit[fit][kind]) * what_if->factor[kind];
}

/* By step and kind of event; computing is with the kinds of its bytes. */
static void spend(const struct model *model, const struct model_group *group, const struct what_if *what_if, const struct model_case *c, unsigned fit,
	double parts[FS_STEPS][FS_COSTS])
{
	for (unsigned step = 0; step < FS_STEPS; step++) {
		for (unsigned i = 0; i < FS_COSTS; i++)
			parts[step][i] = i < FS_COST_FILL_BYTE ? c->events[step][i] * model_unit_cost(group, what_if, fit, i) : 0;
	}
	for (unsigned part = 0; part < MODEL_PARTS; part++) {
		unsigned kind = FS_COST_FILL_BYTE + part;
		double took =
			c->work == NULL ? c->computing[part_step[part]] : computing(model, c->work, part, c->events[part_step[part]][kind], fit);

		parts[part_step[part]][kind] = took * what_if->factor[kind];
	}
}

static struct statistics_interval interval_of(double *values)
{
	struct statistics_interval interval = {.median = values[0], .n = MODEL_DRAWS, .has_interval = true};

	gsl_sort(values + 1, 1, MODEL_DRAWS);
	interval.lo = fmin(values[0], gsl_stats_quantile_from_sorted_data(values + 1, 1, MODEL_DRAWS, 0.025));
	interval.hi = fmax(values[0], gsl_stats_quantile_from_sorted_data(values + 1, 1, MODEL_DRAWS, 0.975));
	return interval;
}

static void find_dominant(const double parts[FS_STEPS][FS_COSTS], struct prediction *prediction)
{
	double most = 0, total = 0;

	prediction->dominant = FS_COSTS;
	for (unsigned i = 0; i < FS_COSTS; i++) {
		double sum = 0;

		for (unsigned step = 0; step < FS_STEPS; step++)
			sum += parts[step][i];
		prediction->part[i] = sum;
		total += sum;
		if (sum > most) {
			most = sum;
			prediction->dominant = i;
		}
	}
	prediction->dominant_part = total > 0 ? most / total : 0;
}

static void find_doubts(const struct model_group *group, const struct what_if *what_if, const struct model_case *c, struct prediction *prediction)
{
	for (unsigned step = 0; step < FS_STEPS; step++) {
		for (unsigned i = 0; i < FS_COST_FILL_BYTE; i++) {
			if (c->events[step][i] <= 0 || what_if->value[i] >= 0)
				continue;
			prediction->lacks[i] = !group->is_contained[i];
			prediction->doubtful[i] = group->is_doubtful[i];
		}
	}
}

void prediction_doubts(const struct prediction *prediction, struct text *text)
{
	for (unsigned i = 0; i < FS_COSTS; i++) {
		if (prediction->lacks[i])
			text_add(text, "%slacks %s", text->len != 0 ? ", " : "", fs_cost_names[i]);
		if (prediction->doubtful[i])
			text_add(text, "%s%s not told apart", text->len != 0 ? ", " : "", fs_cost_names[i]);
	}
}

int model_predict(
	const struct model *model, const struct what_if *what_if, const struct model_case *c, struct prediction *prediction, struct fs_reason *why)
{
	const struct model_group *group = gather_find(model, c->group);
	double parts[FS_STEPS][FS_COSTS], values[FS_STEPS + 1][MODEL_FITS] = {{0}};

	memset(prediction, 0, sizeof(*prediction));
	if (group == NULL || group->n_rows == 0) {
		fs_because(why, -ENODATA, "calibrate with it: fivestep run calibrate", "the model has no unit costs of %s", c->group);
		return 0;
	}
	if (c->work != NULL && !has_reference(model, c->work)) {
		fs_because(why, -ENODATA, "calibrate with it: fivestep run calibrate", "the model has no computing of %s", c->work);
		return 0;
	}
	for (unsigned fit = 0; fit < MODEL_FITS; fit++) {
		spend(model, group, what_if, c, fit, parts);
		if (fit == 0)
			find_dominant(parts, prediction);
		for (unsigned step = 0; step < FS_STEPS; step++) {
			for (unsigned i = 0; i < FS_COSTS; i++)
				values[step][fit] += parts[step][i];
			values[FS_STEPS][fit] += values[step][fit];
		}
	}
	for (unsigned step = 0; step < FS_STEPS; step++)
		prediction->step[step] = interval_of(values[step]);
	prediction->total = interval_of(values[FS_STEPS]);
	find_doubts(group, what_if, c, prediction);
	return 1;
}

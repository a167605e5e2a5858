/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gather.c - see gather.h.
 */
#include "config.h"

#include "analysis/model/gather.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "base/array.h"

/* ---- keys */

static bool is_initial(const json_t *declared, const char *text)
{
	const char *initial = json_string_value(json_object_get(declared, "initial"));
	double a, b;

	if (initial == NULL)
		return false;
	return strcmp(initial, text) == 0 || (format_number(initial, &a) && format_number(text, &b) && a == b);
}

/* Appends the parameters whose first declaration is in parts [from, to), and that are not at their initial value. */
static char *with_params(const struct runfile *run, const struct runfile_cell *cell, char *text, size_t from, size_t to, const char *without)
{
	const json_t *parts[RUNFILE_PARTS];

	runfile_parameters(run, cell, parts);
	for (size_t i = 0; i < cell->n_params && text != NULL; i++) {
		const struct runfile_text *param = &cell->params[i];
		const json_t *declared = NULL;
		size_t part = 0;
		char *longer;

		while (part < RUNFILE_PARTS && declared == NULL)
			declared = json_object_get(parts[part++], param->name);
		if (declared == NULL || part - 1 < from || part - 1 >= to || strcmp(param->name, without) == 0 || is_initial(declared, param->text))
			continue;
		if (asprintf(&longer, "%s %s=%s", text, param->name, param->text) < 0)
			longer = NULL;
		free(text);
		text = longer;
	}
	return text;
}

char *gather_group_name(const struct runfile *run, const struct runfile_cell *cell)
{
	char *text;

	if (asprintf(&text, "%s/%s%s%s", cell->device, runfile_setup_memory(run, cell->setup),
		    runfile_setup_pinned(run, cell->setup) ? " pinned" : "",
		    runfile_setup_offers(run, cell->setup, "BALANCED") ? " balanced" : "") < 0)
		return NULL;
	return with_params(run, cell, text, 1, RUNFILE_PARTS, "");
}

char *gather_work_name(const struct runfile *run, const struct runfile_cell *cell)
{
	return with_params(run, cell, strdup(cell->bench), 0, 1, "size");
}

/* ---- rows of benchmarks */

/* The time that contains the declared events: the value if that is a time, of a bandwidth the time of a byte. NaN without a value. */
static double time_of(const struct runfile_metric *metric)
{
	struct statistics_interval interval;
	double sum = 0, n = 0;
	bool is_rate = strcmp(metric->unit, "GB/s") == 0 || strcmp(metric->unit, "bytes/insn") == 0;

	for (size_t i = 0; i < metric->n_buckets; i++) {
		sum += (metric->buckets[i].low + metric->buckets[i].high - 1) / 2 * (double)metric->buckets[i].count;
		n += (double)metric->buckets[i].count;
	}
	if (metric->n_buckets != 0)
		return sum / n;
	if (statistics_median(metric->samples, metric->n_samples, &interval) != 0 || interval.median <= 0)
		return NAN;
	return is_rate ? 1 / interval.median : interval.median;
}

static int add_row(struct model_group *group, const struct runfile_cell *cell, const char *metric)
{
	struct model_row row = {.cell = cell, .metric = metric, .values = calloc(cell->n_rounds, sizeof(double))};
	int err = row.values == NULL ? -ENOMEM : ARRAY_ADD(group->rows, group->n_rows, ARRAY_MANY, "rows", NULL);

	for (size_t r = 0; r < cell->n_rounds && err == 0; r++) {
		const struct runfile_metric *m = runfile_find_metric(cell->rounds[r], metric);
		double value = cell->rounds[r]->verdict == VERDICT_OK && m != NULL && m->contains != NULL ? time_of(m) : NAN;

		if (!(value > 0) || isinf(value))
			continue;
		for (unsigned i = 0; i < FS_COSTS; i++)
			row.contains[i] += m->contains[i];
		row.values[row.n++] = value;
	}
	if (err != 0 || row.n == 0) {
		free(row.values);
		return err;
	}
	for (unsigned i = 0; i < FS_COSTS; i++) {
		row.contains[i] /= (double)row.n;
		group->is_contained[i] = group->is_contained[i] || row.contains[i] > 0;
	}
	group->rows[group->n_rows++] = row;
	return 0;
}

/* All metrics that one of the cell's rounds declares events for. */
static int add_rows(struct model_group *group, const struct runfile_cell *cell)
{
	int err = 0;

	for (size_t r = 0; r < cell->n_rounds; r++) {
		for (size_t m = 0; m < cell->rounds[r]->n_metrics && err == 0; m++) {
			const char *name = cell->rounds[r]->metrics[m].name;
			bool is_there = false;

			for (size_t i = 0; i < group->n_rows; i++)
				is_there = is_there || (group->rows[i].cell == cell && strcmp(group->rows[i].metric, name) == 0);
			if (!is_there && cell->rounds[r]->metrics[m].contains != NULL)
				err = add_row(group, cell, name);
		}
	}
	return err;
}

struct model_group *gather_find(const struct model *model, const char *name)
{
	for (size_t i = 0; i < model->n_groups; i++) {
		if (strcmp(model->groups[i].name, name) == 0)
			return &model->groups[i];
	}
	return NULL;
}

/* Owns the name from here on. */
static int group_of(struct model *model, char *name, struct model_group **group)
{
	int err;

	*group = name != NULL ? gather_find(model, name) : NULL;
	if (name == NULL || *group != NULL) {
		free(name);
		return *group != NULL ? 0 : -ENOMEM;
	}
	err = ARRAY_ADD(model->groups, model->n_groups, ARRAY_FEW, "ways of sharing", NULL);
	if (err != 0) {
		free(name);
		return err;
	}
	*group = &model->groups[model->n_groups++];
	**group = (struct model_group){.name = name, .unit = calloc(MODEL_FITS, sizeof((*group)->unit[0]))};
	return (*group)->unit != NULL ? 0 : -ENOMEM;
}

int gather_groups(const struct runfile *run, struct model *model)
{
	struct model_group *group;
	int err = 0;

	for (size_t i = 0; i < run->n_cells && err == 0; i++) {
		const struct runfile_cell *cell = &run->cells[i];

		if (runfile_is_kernel(cell) || strcmp(cell->device, "-") == 0 || runfile_count_verdict(cell, VERDICT_OK) == 0)
			continue;
		err = group_of(model, gather_group_name(run, cell), &group);
		if (err == 0)
			err = add_rows(group, cell);
	}
	return err;
}

/* ---- programs */

size_t gather_step(const struct runfile_cell *cell, enum fs_step step, double *values)
{
	size_t n = 0;

	for (size_t r = 0; r < cell->n_rounds; r++) {
		const struct runfile_round *round = cell->rounds[r];

		for (size_t s = 0; s < round->n_steps && round->verdict == VERDICT_OK; s++) {
			if (strcmp(round->steps[s].name, fs_step_names[step]) == 0 && round->steps[s].events != NULL)
				values[n++] = round->steps[s].ns;
		}
	}
	return n;
}

void gather_metric(const struct runfile_cell *cell, const char *metric, struct statistics_interval *interval)
{
	double *values = calloc(cell->n_rounds + 1, sizeof(*values));
	size_t n = 0;

	*interval = (struct statistics_interval){0};
	for (size_t r = 0; r < cell->n_rounds && values != NULL; r++) {
		const struct runfile_metric *m = runfile_find_metric(cell->rounds[r], metric);

		if (cell->rounds[r]->verdict == VERDICT_OK && m != NULL && m->n_samples != 0)
			values[n++] = m->samples[0];
	}
	if (n == 0 || statistics_median(values, n, interval) != 0)
		interval->n = 0;
	free(values);
}

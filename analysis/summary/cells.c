/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cells.c - labels and medians of cells; see cells.h.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "base/arena.h"

static double count_named(const struct runfile_count *counts, size_t n, const char *name)
{
	for (size_t c = 0; c < n; c++)
		if (strcmp(counts[c].name, name) == 0)
			return counts[c].value;
	return NAN;
}

/* A step's time, or one of its counters; summed over the steps if step is NULL. NaN if there is none. */
static double round_number(const struct runfile_round *round, const char *step, const char *counter)
{
	double sum = NAN;

	for (size_t s = 0; s < round->n_steps; s++) {
		double value;

		if (step != NULL && strcmp(round->steps[s].name, step) != 0)
			continue;
		value = counter != NULL ? count_named(round->steps[s].counts, round->steps[s].n_counts, counter) : round->steps[s].ns;
		if (isfinite(value))
			sum = isnan(sum) ? value : sum + value;
	}
	return sum;
}

/* A derived metric. The round's value is not a sum over the steps. */
static double round_derived(const struct runfile_round *round, const char *step, const char *metric)
{
	if (step == NULL)
		return count_named(round->derived, round->n_derived, metric);
	for (size_t s = 0; s < round->n_steps; s++)
		if (strcmp(round->steps[s].name, step) == 0)
			return count_named(round->steps[s].derived, round->steps[s].n_derived, metric);
	return NAN;
}

static double round_metric(const struct runfile_round *round, const char *step, const char *name)
{
	const struct runfile_metric *metric = runfile_find_metric(round, name);
	struct statistics_interval interval;

	(void)step;
	return metric != NULL && !statistics_median(metric->samples, metric->n_samples, &interval) ? interval.median : NAN;
}

typedef double number_fn(const struct runfile_round *round, const char *step, const char *name);

static double median_number(const struct runfile_cell *cell, number_fn *number, const char *step, const char *name)
{
	double *values = calloc(cell->n_rounds ? cell->n_rounds : 1, sizeof(*values));
	struct statistics_interval interval;
	size_t n = 0;
	double median = NAN;

	if (values == NULL)
		return NAN;
	for (size_t r = 0; r < cell->n_rounds; r++) {
		double value = cell->rounds[r]->verdict == VERDICT_OK ? number(cell->rounds[r], step, name) : NAN;

		if (isfinite(value))
			values[n++] = value;
	}
	if (!statistics_median(values, n, &interval))
		median = interval.median;
	free(values);
	return median;
}

double cells_step_median(const struct runfile_cell *cell, const char *step)
{
	return median_number(cell, round_number, step, NULL);
}

double cells_count_median(const struct runfile_cell *cell, const char *step, const char *counter)
{
	return median_number(cell, round_number, step, counter);
}

/* Whether a step before has the counter as well. */
static bool is_in_earlier(const struct runfile_round *round, size_t step, const char *name)
{
	for (size_t s = 0; s < step; s++)
		if (isfinite(count_named(round->steps[s].counts, round->steps[s].n_counts, name)))
			return true;
	return false;
}

double cells_went(const struct runfile_cell *cell, const char *step, const char *unit, enum fs_side to)
{
	const struct runfile_round *round = cells_first_ok(cell);
	double sum = NAN;

	for (size_t s = 0; round != NULL && s < round->n_steps; s++)
		for (size_t c = 0; c < round->steps[s].n_counts; c++) {
			const struct runfile_count *count = &round->steps[s].counts[c];
			bool is_meant = to == FS_SIDES ? count->to != 0 : count->to == FS_TO(to);
			double median = NAN;

			if (is_meant && strcmp(count->unit, unit) == 0 && cells_is_device_count(cell, count) && !is_in_earlier(round, s, count->name))
				median = cells_count_median(cell, step, count->name);
			if (isfinite(median))
				sum = (isnan(sum) ? 0.0 : sum) + median;
		}
	return sum;
}

double cells_faults(const struct runfile_cell *cell, enum fs_step first, enum fs_step last)
{
	static const char *const cpu[] = {"rusage.minflt", "rusage.majflt"};
	double faults = 0.0;
	bool counted = false;

	for (unsigned s = first; s <= last; s++) {
		double device = cells_went(cell, fs_step_names[s], "faults", FS_DEVICE);

		faults += isfinite(device) ? device : 0.0;
		for (size_t c = 0; c < FS_ARRAY_SIZE(cpu); c++) {
			double median = cells_count_median(cell, fs_step_names[s], cpu[c]);

			counted = counted || isfinite(median);
			faults += isfinite(median) ? median : 0.0;
		}
	}
	return counted ? faults : NAN;
}

double cells_calls(const struct runfile_cell *cell, const char *step)
{
	const struct runfile_round *round = cells_first_ok(cell);
	double sum = NAN;

	/* Every step has all of them. */
	for (size_t c = 0; round != NULL && round->n_steps != 0 && c < round->steps[0].n_counts; c++) {
		const struct runfile_count *count = &round->steps[0].counts[c];
		double median = strncmp(count->name, "calls.", 6) == 0 ? cells_count_median(cell, step, count->name) : NAN;

		if (isfinite(median))
			sum = (isnan(sum) ? 0.0 : sum) + median;
	}
	return sum;
}

double cells_metric_median(const struct runfile_cell *cell, const char *metric)
{
	return median_number(cell, round_metric, NULL, metric);
}

double cells_derived_median(const struct runfile_cell *cell, const char *step, const char *metric)
{
	return median_number(cell, round_derived, step, metric);
}

bool cells_is_device_count(const struct runfile_cell *cell, const struct runfile_count *count)
{
	size_t len = strlen(cell->device);

	return strncmp(count->name, cell->device, len) == 0 && count->name[len] == '.';
}

const struct runfile_round *cells_first_ok(const struct runfile_cell *cell)
{
	for (size_t r = 0; r < cell->n_rounds; r++)
		if (cell->rounds[r]->verdict == VERDICT_OK)
			return cell->rounds[r];
	return NULL;
}

/* Every parameter that both have is equal; one that only one of them has belongs to its setup or device. */
bool cells_same_work(const struct runfile_cell *a, const struct runfile_cell *b)
{
	if (strcmp(a->bench, b->bench) != 0)
		return false;
	for (size_t p = 0; p < a->n_params; p++) {
		const char *other = runfile_param(b, a->params[p].name);

		if (other != NULL && strcmp(other, a->params[p].text) != 0)
			return false;
	}
	return true;
}

/* ---- labels -------------------------------------------------------------------------------------------- */

static bool param_differs(const struct runfile *run, const struct runfile_cell *cell, const struct runfile_text *param)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		const char *other = runfile_param(&run->cells[c], param->name);

		if (strcmp(run->cells[c].bench, cell->bench) == 0 && other != NULL && strcmp(other, param->text) != 0)
			return true;
	}
	return false;
}

static bool several_devices(const struct runfile *run, const char *bench)
{
	const char *first = NULL;

	for (size_t c = 0; c < run->n_cells; c++) {
		if (strcmp(run->cells[c].device, "-") == 0 || strcmp(run->cells[c].bench, bench) != 0)
			continue;
		if (first != NULL && strcmp(first, run->cells[c].device) != 0)
			return true;
		first = run->cells[c].device;
	}
	return false;
}

static bool is_named(const char *name, const char *other)
{
	return other != NULL && strcmp(name, other) == 0;
}

void cells_label(const struct runfile *run, const struct runfile_cell *cell, const char *without, const char *without_too, struct text *text)
{
	text_add(text, "%s", strcmp(cell->setup, "-") != 0 ? cell->setup : cell->bench);
	if (several_devices(run, cell->bench))
		text_add(text, " %s", cell->device);
	for (size_t p = 0; p < cell->n_params; p++) {
		const struct runfile_text *param = &cell->params[p];

		if (param->set && !is_named(param->name, without) && !is_named(param->name, without_too) && param_differs(run, cell, param))
			text_add(text, " %s=%s", param->name, param->text);
	}
}

const char *cells_name(const struct runfile *run, const struct runfile_cell *cell, const char *without, const char *without_too)
{
	struct text text = {0};
	const char *name;

	cells_label(run, cell, without, without_too, &text);
	name = arena_text(run->arena, text_string(&text));
	text_clear(&text);
	return name;
}

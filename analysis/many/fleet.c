/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet.c - sets runs of many machines side by side; see fleet.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/many/fleet.h"
#include "analysis/many/fleet_build.h"

/* ---- outliers -------------------------------------------------------------------------------------------- */

static double margin_of(const struct runfile *runs, double margin_pct)
{
	if (margin_pct > 0.0)
		return margin_pct;
	return !clock_counts_instructions(runs[0].clock) ? COMPARE_MARGIN_PCT : COMPARE_MARGIN_INSTRUCTIONS_PCT;
}

/* The median of the n numbers, without NaN. */
static int median_of(const double *values, size_t n, double *median)
{
	double *numbers = calloc(n + 1, sizeof(*numbers));
	struct statistics_interval interval = {.median = NAN};
	size_t n_numbers = 0;
	int err;

	if (numbers == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (isfinite(values[i]))
			numbers[n_numbers++] = values[i];
	err = statistics_median(numbers, n_numbers, &interval);
	*median = err != 0 ? NAN : interval.median;
	free(numbers);
	return err == -ENOMEM ? err : 0;
}

/* A count that is declared exact is an outlier if it differs from that of most machines. */
static bool is_outlier(const struct fleet_row *row, double value, double margin_pct)
{
	double distance = fabs(value - row->median);

	if (!isfinite(value) || row->n < FLEET_MIN || distance == 0.0)
		return false;
	if (row->better == FS_EXACT)
		return row->mad == 0.0;
	return distance > FLEET_OUTLIER * row->mad && 100.0 * distance > margin_pct * fabs(row->median);
}

static int judge(struct fleet *fleet, struct fleet_row *row, double margin_pct)
{
	double *distances = calloc(fleet->n + 1, sizeof(*distances));
	int err = distances != NULL ? median_of(row->values, fleet->n, &row->median) : -ENOMEM;

	for (size_t i = 0; i < fleet->n && err == 0; i++)
		distances[i] = fabs(row->values[i] - row->median);
	if (err == 0)
		err = median_of(distances, fleet->n, &row->mad);
	for (size_t i = 0; i < fleet->n && err == 0; i++) {
		row->outlier[i] = is_outlier(row, row->values[i], margin_pct);
		row->n_outliers += row->outlier[i];
		fleet->outlier[i] += row->outlier[i];
	}
	free(distances);
	return err;
}

/* ---- rows ------------------------------------------------------------------------------------------------ */

/* Takes the metric's name. */
static int add_row(struct fleet *fleet, struct fleet_metric *metric)
{
	struct fleet_row *row = &fleet->rows[fleet->n_rows++];

	*row = (struct fleet_row){.name = metric->name,
		.unit = metric->unit,
		.better = metric->better,
		.brief = metric->brief,
		.values = calloc(fleet->n, sizeof(*row->values)),
		.outlier = calloc(fleet->n, sizeof(*row->outlier))};
	metric->name = NULL;
	if (row->values == NULL || row->outlier == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < fleet->n; i++)
		row->values[i] = NAN;
	return 0;
}

static int add_rows(struct fleet *fleet, struct fleet_builder *all, double margin_pct)
{
	int err = 0;

	fleet->rows = calloc(all->n_metrics + 1, sizeof(*fleet->rows));
	if (fleet->rows == NULL)
		return -ENOMEM;
	for (size_t m = 0; m < all->n_metrics && err == 0; m++)
		err = add_row(fleet, &all->metrics[m]);
	for (size_t v = 0; v < all->n_values && err == 0; v++)
		fleet->rows[all->values[v].metric].values[all->values[v].run] = all->values[v].median;
	for (size_t r = 0; r < fleet->n_rows && err == 0; r++) {
		struct fleet_row *row = &fleet->rows[r];

		for (size_t i = 0; i < fleet->n; i++)
			row->n += isfinite(row->values[i]) != 0;
		err = judge(fleet, row, margin_pct);
	}
	return err;
}

/* ---- machines -------------------------------------------------------------------------------------------- */

/* The differences between a and b, except for those that are not properties of a machine. */
static size_t count_unlike(const struct unlike *unlike)
{
	size_t n = 0;

	for (size_t i = 0; i < unlike->n; i++)
		n += unlike->fields[i].kind != UNLIKE_STATE;
	return n;
}

/*
 * The machine that differs least from all others represents the fleet. Of many machines, some are compared with some, evenly chosen: time would grow
 * with the square of their number.
 */
static int find_usual(struct fleet *fleet)
{
	size_t least = SIZE_MAX, sample = fleet->n < FLEET_SAMPLE ? fleet->n : FLEET_SAMPLE;

	for (size_t s = 0; s < sample; s++) {
		size_t i = s * fleet->n / sample, sum = 0;

		for (size_t t = 0; t < sample; t++) {
			struct unlike unlike;
			int err = unlike_find(&fleet->runs[i], &fleet->runs[t * fleet->n / sample], &unlike);

			sum += count_unlike(&unlike);
			unlike_free(&unlike);
			if (err != 0)
				return err;
		}
		if (sum < least) {
			least = sum;
			fleet->usual = i;
		}
	}
	return 0;
}

int fleet_builder_make(struct fleet_builder *builder, double margin_pct, struct fleet *fleet)
{
	size_t n = builder->n;
	int err = 0;

	*fleet = (struct fleet){.runs = builder->runs,
		.n = n,
		.units = builder->units,
		.n_units = builder->n_units,
		.outlier = calloc(n + 1, sizeof(*fleet->outlier)),
		.unlike = calloc(n + 1, sizeof(*fleet->unlike))};
	builder->runs = NULL;
	builder->units = NULL;
	builder->n = builder->n_units = 0;
	if (fleet->outlier == NULL || fleet->unlike == NULL)
		err = -ENOMEM;
	if (err == 0)
		err = add_rows(fleet, builder, margin_of(fleet->runs, margin_pct));
	if (err == 0)
		err = find_usual(fleet);
	for (size_t i = 0; i < n && err == 0; i++)
		err = unlike_find(&fleet->runs[fleet->usual], &fleet->runs[i], &fleet->unlike[i]);
	return err;
}

int fleet_make(const struct runfile *runs, const struct summary *summaries, size_t n, double margin_pct, struct fleet *fleet)
{
	struct fleet_builder builder;
	int err = fleet_builder_init(&builder);

	*fleet = (struct fleet){0};
	for (size_t i = 0; i < n && err == 0; i++)
		err = identity_learn(builder.identity, &runs[i]);
	for (size_t i = 0; i < n && err == 0; i++)
		err = fleet_builder_add(&builder, runs[i].path, &runs[i], &summaries[i]);
	if (err == 0)
		err = fleet_builder_make(&builder, margin_pct, fleet);
	fleet_builder_free(&builder);
	return err;
}

void fleet_free(struct fleet *fleet)
{
	for (size_t r = 0; r < fleet->n_rows; r++) {
		free(fleet->rows[r].name);
		free(fleet->rows[r].values);
		free(fleet->rows[r].outlier);
	}
	for (size_t i = 0; i < fleet->n && fleet->unlike != NULL; i++)
		unlike_free(&fleet->unlike[i]);
	for (size_t i = 0; i < fleet->n_units; i++)
		free(fleet->units[i]);
	fleet_runs_free(fleet->runs, fleet->n);
	free(fleet->units);
	free(fleet->rows);
	free(fleet->outlier);
	free(fleet->unlike);
	memset(fleet, 0, sizeof(*fleet));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet.c - sets runs of many machines side by side; see fleet.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "analysis/compare/compare.h"
#include "analysis/many/fleet.h"
#include "base/array.h"

/* A metric of one machine. */
struct entry {
	char *name;
	const struct summary_row *row;
	size_t run, order;
};

struct entries {
	struct entry *entries;
	size_t n;
};

static int add_run(struct entries *all, struct identity *identity, const struct runfile *run, const struct summary *summary, size_t number)
{
	struct cell_keys keys = {0};
	int err = cell_keys_make_by(identity, run, &keys);

	if (err == 0)
		err = array_grow(&all->entries, all->n, summary->n + 1, sizeof(*all->entries), ARRAY_MANY, "rows", NULL);
	for (size_t i = 0; i < summary->n && err == 0; i++) {
		const struct summary_row *row = &summary->rows[i];
		struct entry *entry = &all->entries[all->n];

		if (!row->n_values)
			continue;
		*entry = (struct entry){.row = row, .run = number, .order = all->n};
		if (asprintf(&entry->name, "%s/%s", cell_key(&keys, row->cell), row->metric) < 0)
			err = -ENOMEM;
		else
			all->n++;
	}
	cell_keys_free(&keys);
	return err;
}

static int compare_entries(const struct entry *a, const struct entry *b)
{
	int order = strcmp(a->name, b->name);

	return order ? order : strcmp(a->row->unit, b->row->unit);
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = compare_entries(x, y);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

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

/* entries: the n entries of one metric. */
static int add_row(struct fleet *fleet, struct entry *entries, size_t n, double margin_pct)
{
	struct fleet_row *row = &fleet->rows[fleet->n_rows++];

	*row = (struct fleet_row){.name = strdup(entries[0].name),
		.unit = entries[0].row->unit,
		.better = entries[0].row->better,
		.brief = entries[0].row->brief,
		.values = calloc(fleet->n, sizeof(*row->values)),
		.outlier = calloc(fleet->n, sizeof(*row->outlier))};
	if (row->name == NULL || row->values == NULL || row->outlier == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < fleet->n; i++)
		row->values[i] = NAN;
	for (size_t i = 0; i < n; i++)
		row->values[entries[i].run] = entries[i].row->interval.median;
	for (size_t i = 0; i < fleet->n; i++)
		row->n += isfinite(row->values[i]) != 0;
	return judge(fleet, row, margin_pct);
}

struct group {
	struct entry *entries;
	size_t n;
};

static int by_order(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->entries->order > y->entries->order) - (x->entries->order < y->entries->order);
}

static int add_rows(struct fleet *fleet, struct entries *all, double margin_pct)
{
	struct group *groups = calloc(all->n + 1, sizeof(*groups));
	size_t n = 0;
	int err = 0;

	fleet->rows = calloc(all->n + 1, sizeof(*fleet->rows));
	if (groups == NULL || fleet->rows == NULL) {
		free(groups);
		return -ENOMEM;
	}
	if (all->n)
		qsort(all->entries, all->n, sizeof(*all->entries), by_name);
	for (size_t i = 0; i < all->n; i++) {
		if (!i || compare_entries(&all->entries[i - 1], &all->entries[i]))
			groups[n++].entries = &all->entries[i];
		groups[n - 1].n++;
	}
	if (n)
		qsort(groups, n, sizeof(*groups), by_order);
	for (size_t g = 0; g < n && err == 0; g++)
		err = add_row(fleet, groups[g].entries, groups[g].n, margin_pct);
	free(groups);
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

/* The machine that differs least from all others represents the fleet. */
static int find_usual(struct fleet *fleet)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < fleet->n; i++) {
		size_t sum = 0;

		for (size_t j = 0; j < fleet->n; j++) {
			struct unlike unlike;
			int err = unlike_find(&fleet->runs[i], &fleet->runs[j], &unlike);

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

int fleet_make(const struct runfile *runs, const struct summary *summaries, size_t n, double margin_pct, struct fleet *fleet)
{
	struct identity *identity = identity_new();
	struct entries all = {0};
	int err = identity != NULL ? 0 : -ENOMEM;

	*fleet = (struct fleet){
		.runs = runs, .n = n, .outlier = calloc(n + 1, sizeof(*fleet->outlier)), .unlike = calloc(n + 1, sizeof(*fleet->unlike))};
	if (fleet->outlier == NULL || fleet->unlike == NULL)
		err = -ENOMEM;
	for (size_t i = 0; i < n && err == 0; i++)
		err = identity_learn(identity, &runs[i]);
	for (size_t i = 0; i < n && err == 0; i++)
		err = add_run(&all, identity, &runs[i], &summaries[i], i);
	if (err == 0)
		err = add_rows(fleet, &all, margin_of(runs, margin_pct));
	if (err == 0)
		err = find_usual(fleet);
	for (size_t i = 0; i < n && err == 0; i++)
		err = unlike_find(&runs[fleet->usual], &runs[i], &fleet->unlike[i]);
	for (size_t i = 0; i < all.n; i++)
		free(all.entries[i].name);
	free(all.entries);
	identity_free(identity);
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
	free(fleet->rows);
	free(fleet->outlier);
	free(fleet->unlike);
	memset(fleet, 0, sizeof(*fleet));
}

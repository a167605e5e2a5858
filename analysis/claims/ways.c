/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ways.c - ranks the ways of sharing that did the same work; see ways.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/same_work.h"
#include "analysis/summary/cells.h"
#include "results/runfile.h"
#include "analysis/claims/ways.h"

const char *const ways_family_names[WAYS_FAMILIES] = {"copies", "HMM", "coherent memory"};

enum ways_family ways_family(const struct runfile *run, const char *setup)
{
	static const struct {
		const char *memory, *name;
		enum ways_family family;
	} families[] = {{"device", "copy", WAYS_COPY}, {"mirror", "hmm", WAYS_HMM}, {"coherent", "cdm", WAYS_CDM}};
	const char *memory = runfile_setup_memory(run, setup);
	size_t len = strcspn(setup, "-");

	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		if (*memory ? strcmp(memory, families[i].memory) == 0 : strlen(families[i].name) == len && strncmp(setup, families[i].name, len) == 0)
			return families[i].family;
	}
	return WAYS_FAMILIES;
}

bool ways_apart(const struct summary_row *a, const struct summary_row *b)
{
	const struct statistics_interval *p = &a->interval, *q = &b->interval;

	return p->has_interval && q->has_interval && (p->hi < q->lo || q->hi < p->lo);
}

/* Of each cell of the run the first metric that has a direction; NULL: none has. */
static const struct summary_row **first_metrics(const struct runfile *run, const struct summary *summary)
{
	const struct summary_row **rows = calloc(run->n_cells + 1, sizeof(*rows));

	for (size_t i = 0; rows != NULL && i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];
		const struct summary_row **first = &rows[row->cell - run->cells];

		if (*first == NULL && row->n_values && row->better != FS_EXACT && row->interval.median > 0.0)
			*first = row;
	}
	return rows;
}

static double ratio_of(const struct summary_row *row, const struct summary_row *best)
{
	return row->better == FS_HIGHER ? best->interval.median / row->interval.median : row->interval.median / best->interval.median;
}

static int by_ratio(const void *a, const void *b)
{
	const struct way *p = a, *q = b;

	return (p->ratio > q->ratio) - (p->ratio < q->ratio);
}

static void rank(struct ways *ways)
{
	const struct summary_row *best = ways->way[0].row;

	for (size_t w = 1; w < ways->n; w++)
		if (ratio_of(ways->way[w].row, best) < 1.0)
			best = ways->way[w].row;
	for (size_t w = 0; w < ways->n; w++) {
		ways->way[w].ratio = ratio_of(ways->way[w].row, best);
		ways->way[w].as_good = !ways_apart(ways->way[w].row, best);
	}
	qsort(ways->way, ways->n, sizeof(*ways->way), by_ratio);
}

static bool is_same(const struct runfile_cell *a, const struct runfile_cell *b, bool across_devices)
{
	return cells_same_work(a, b) && (across_devices || strcmp(a->device, b->device) == 0);
}

/* Cells that may be the same work, in the order of the run. */
struct candidates {
	const struct runfile *run;
	const struct summary_row **rows; /* by the cells of the run */
	const struct work_cell *cells;
	size_t n;
	bool across_devices;
};

static const struct runfile_cell *candidate(const struct candidates *in, size_t i)
{
	return &in->run->cells[in->cells[i].cell];
}

static bool is_new(const struct candidates *in, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (is_same(candidate(in, i), candidate(in, at), in->across_devices))
			return false;
	return true;
}

static int collect(const struct candidates *in, size_t first, struct ways *ways)
{
	*ways = (struct ways){.like = candidate(in, first)};
	ways->way = calloc(in->n - first, sizeof(*ways->way));
	if (ways->way == NULL)
		return -ENOMEM;
	for (size_t i = first; i < in->n; i++) {
		const struct summary_row *row = is_same(ways->like, candidate(in, i), in->across_devices) ? in->rows[in->cells[i].cell] : NULL;

		if (row != NULL &&
			(!ways->n || (strcmp(row->metric, ways->way[0].row->metric) == 0 && strcmp(row->unit, ways->way[0].row->unit) == 0)))
			ways->way[ways->n++].row = row;
	}
	return 0;
}

static int add_ways(const struct candidates *in, size_t min, struct ways_list *list)
{
	int err = 0;

	for (size_t i = 0; i < in->n && err == 0; i++) {
		struct ways *ways = &list->list[list->n];

		if (!is_new(in, i))
			continue;
		err = collect(in, i, ways);
		if (err == 0 && ways->n >= min && ways->n) {
			rank(ways);
			list->n++;
		} else {
			free(ways->way);
		}
	}
	return err;
}

/* All are cells of one run. */
static int by_cell(const void *a, const void *b)
{
	const struct ways *p = a, *q = b;

	return (p->like > q->like) - (p->like < q->like);
}

int ways_find(const struct runfile *run, const struct summary *summary, bool across_devices, size_t min, struct ways_list *list)
{
	struct candidates in = {.run = run, .rows = first_metrics(run, summary), .across_devices = across_devices};
	struct work_cell *cells = NULL;
	size_t n = 0, next;
	int err = in.rows != NULL ? same_work_sort(run, across_devices, &cells, &n) : -ENOMEM;

	memset(list, 0, sizeof(*list));
	list->list = calloc(run->n_cells + 1, sizeof(*list->list));
	if (list->list == NULL)
		err = -ENOMEM;
	for (size_t first = 0; first < n && err == 0; first = next) {
		for (next = first; next < n && cells[next].hash == cells[first].hash; next++)
			continue;
		in.cells = cells + first;
		in.n = next - first;
		err = add_ways(&in, min, list);
	}
	if (err != 0)
		ways_free(list);
	else
		qsort(list->list, list->n, sizeof(*list->list), by_cell);
	free(cells);
	free(in.rows);
	return err;
}

void ways_free(struct ways_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->list[i].way);
	free(list->list);
	memset(list, 0, sizeof(*list));
}

const struct way *ways_best_of(const struct ways *ways, const struct runfile *run, enum ways_family family)
{
	for (size_t w = 0; w < ways->n; w++)
		if (ways_family(run, ways->way[w].row->cell->setup) == family)
			return &ways->way[w];
	return NULL;
}

bool ways_share(const struct ways *ways, size_t p)
{
	const struct runfile_text *param = &ways->like->params[p];
	bool shared = param->set;

	for (size_t w = 0; w < ways->n && shared; w++)
		shared = runfile_param(ways->way[w].row->cell, param->name) != NULL;
	return shared;
}

void ways_params(const struct ways *ways, const char *before, struct text *text)
{
	for (size_t p = 0; p < ways->like->n_params; p++) {
		const struct runfile_text *param = &ways->like->params[p];

		if (!ways_share(ways, p))
			continue;
		text_add(text, "%s%s=%s", before, param->name, param->text);
		before = " ";
	}
}

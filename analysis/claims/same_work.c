/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * same_work.c - cells that may be the same work; see same_work.h.
 *
 * The same work has equal values of every parameter that both cells have. A parameter that all cells of a benchmark have must therefore be equal, and
 * goes into the hash; one that only some have belongs to their setup or device, and does not.
 */
#include "config.h"

#include "analysis/claims/same_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/lookup.h"

/* A benchmark, and the parameters that all of its cells have: those of its first cell, fewer with each further one. */
struct work {
	const struct runfile_cell *first;
	bool *in_all; /* by the parameters of the first cell */
};

struct works {
	struct work *list;
	size_t n;
	struct lookup lookup; /* by the benchmark's name */
};

struct asked {
	const struct works *works;
	const char *bench;
};

static bool is_bench(const void *context, size_t place)
{
	const struct asked *asked = context;

	return strcmp(asked->works->list[place].first->bench, asked->bench) == 0;
}

static struct work *find_work(struct works *works, const char *bench)
{
	const struct asked asked = {works, bench};
	size_t place = lookup_find(&works->lookup, lookup_text(0, bench), is_bench, &asked);

	return place == LOOKUP_NONE ? NULL : &works->list[place];
}

static int add_work(struct works *works, const struct runfile_cell *cell)
{
	int err = ARRAY_ADD(works->list, works->n, ARRAY_MANY, "benchmarks", NULL);
	bool *in_all = calloc(cell->n_params + 1, sizeof(*in_all));

	if (in_all == NULL)
		err = -ENOMEM;
	if (err == 0)
		err = lookup_add(&works->lookup, lookup_text(0, cell->bench), works->n);
	if (err != 0) {
		free(in_all);
		return err;
	}
	for (size_t p = 0; p < cell->n_params; p++)
		in_all[p] = true;
	works->list[works->n++] = (struct work){cell, in_all};
	return 0;
}

static int find_common(const struct runfile *run, struct works *works)
{
	int err = 0;

	for (size_t c = 0; c < run->n_cells && err == 0; c++) {
		const struct runfile_cell *cell = &run->cells[c];
		struct work *work = find_work(works, cell->bench);

		if (work == NULL)
			err = add_work(works, cell);
		else
			for (size_t p = 0; p < work->first->n_params; p++)
				work->in_all[p] = work->in_all[p] && runfile_param(cell, work->first->params[p].name) != NULL;
	}
	return err;
}

static uint64_t hash_of(struct works *works, const struct runfile_cell *cell, bool across_devices)
{
	const struct work *work = find_work(works, cell->bench);
	uint64_t hash = lookup_text(0, cell->bench);

	for (size_t p = 0; p < work->first->n_params; p++)
		if (work->in_all[p])
			hash = lookup_text(hash, runfile_param(cell, work->first->params[p].name));
	return across_devices ? hash : lookup_text(hash, cell->device);
}

static int by_hash(const void *a, const void *b)
{
	const struct work_cell *p = a, *q = b;

	return p->hash != q->hash ? (p->hash > q->hash) - (p->hash < q->hash) : (p->cell > q->cell) - (p->cell < q->cell);
}

static void free_works(struct works *works)
{
	for (size_t i = 0; i < works->n; i++)
		free(works->list[i].in_all);
	free(works->list);
	lookup_free(&works->lookup);
}

int same_work_sort(const struct runfile *run, bool across_devices, struct work_cell **cells, size_t *n)
{
	struct works works = {0};
	int err = find_common(run, &works);

	*n = 0;
	*cells = err == 0 ? calloc(run->n_cells + 1, sizeof(**cells)) : NULL;
	if (*cells == NULL)
		err = -ENOMEM;
	for (size_t c = 0; c < run->n_cells && err == 0; c++)
		if (strcmp(run->cells[c].setup, "-") != 0)
			(*cells)[(*n)++] = (struct work_cell){hash_of(&works, &run->cells[c], across_devices), c};
	if (err == 0)
		qsort(*cells, *n, sizeof(**cells), by_hash);
	free_works(&works);
	return err;
}

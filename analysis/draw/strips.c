/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * strips.c - collects the values of cells that did the same work; see strips.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/strips.h"
#include "analysis/summary/cells.h"

/* ---- values */

static void strip_free(struct strip *strip)
{
	free(strip->values);
	free(strip->buckets);
}

static int add_values(struct strip *strip, const struct runfile_metric *metric)
{
	double *more = realloc(strip->values, (strip->n_values + metric->n_samples + 1) * sizeof(*more));

	if (more == NULL)
		return -ENOMEM;
	strip->values = more;
	for (size_t i = 0; i < metric->n_samples; i++)
		more[strip->n_values++] = metric->samples[i];
	return 0;
}

static void find_ends(struct strip *strip)
{
	strip->lo = INFINITY;
	strip->hi = 0;
	for (size_t i = 0; i < strip->n_values; i++) {
		strip->lo = fmin(strip->lo, strip->values[i]);
		strip->hi = fmax(strip->hi, strip->values[i]);
	}
	if (strip->n_buckets != 0) {
		strip->lo = fmax(statistics_histogram_quantile(strip->buckets, strip->n_buckets, 0.001), 0.5);
		strip->hi = statistics_histogram_max(strip->buckets, strip->n_buckets);
	}
}

/* 1 if the cell has values; 0 if not; -ENOMEM. Call strip_free() in any case. */
static int strip_of(const struct maker *maker, const struct runfile_cell *cell, const char *metric, struct strip *strip)
{
	char tail[128];
	int err = 0;

	*strip = (struct strip){.row = drawing_row(maker->summary, cell, metric)};
	for (size_t r = 0; r < cell->n_rounds && err == 0 && strip->row != NULL; r++) {
		const struct runfile_metric *found = cell->rounds[r]->verdict == VERDICT_OK ? runfile_find_metric(cell->rounds[r], metric) : NULL;

		if (found != NULL && found->n_buckets != 0)
			err = statistics_histogram_merge(&strip->buckets, &strip->n_buckets, found->buckets, found->n_buckets);
		else if (found != NULL)
			err = add_values(strip, found);
	}
	if (err != 0 || strip->row == NULL || (strip->n_values == 0 && strip->n_buckets == 0))
		return err;
	snprintf(tail, sizeof(tail), "%s_p99", metric);
	strip->tail = strip->n_buckets != 0 ? drawing_row(maker->summary, cell, tail) : NULL;
	find_ends(strip);
	return strip->hi > 0 && strip->lo > 0;
}

/* ---- which cells belong together */

static bool is_own(const struct runfile *run, const struct runfile_cell *cell, const char *param)
{
	const json_t *parameters[RUNFILE_PARTS];

	runfile_parameters(run, cell, parameters);
	return json_object_get(parameters[0], param) != NULL;
}

static bool is_same_work(const struct runfile *run, const struct runfile_cell *a, const struct runfile_cell *b)
{
	const json_t *parameters[RUNFILE_PARTS];

	if (strcmp(a->bench, b->bench) != 0)
		return false;
	runfile_parameters(run, a, parameters);
	if (parameters[0] == NULL)
		return cells_same_work(a, b);
	for (size_t p = 0; p < a->n_params; p++) {
		const char *other = runfile_param(b, a->params[p].name);

		if (is_own(run, a, a->params[p].name) && (other == NULL || strcmp(other, a->params[p].text) != 0))
			return false;
	}
	return true;
}

static bool differs(const struct runfile *run, const struct runfile_cell *cell, const struct runfile_text *param)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		const char *other = strcmp(run->cells[c].bench, cell->bench) == 0 ? runfile_param(&run->cells[c], param->name) : NULL;

		if (other != NULL && strcmp(other, param->text) != 0)
			return true;
	}
	return false;
}

bool work_of(const struct runfile *run, const struct runfile_cell *cell, struct work *work)
{
	unsigned n = 0;

	for (const struct runfile_cell *c = run->cells; c < cell; c++) {
		if (is_same_work(run, cell, c))
			return false;
	}
	*work = (struct work){.cell = cell};
	text_add(&work->name, "%s", cell->bench);
	for (size_t p = 0; p < cell->n_params && n < FS_ARRAY_SIZE(work->param); p++) {
		if (!is_own(run, cell, cell->params[p].name) || !differs(run, cell, &cell->params[p]))
			continue;
		work->param[n++] = cell->params[p].name;
		text_add(&work->name, " %s=%s", cell->params[p].name, cell->params[p].text);
	}
	return true;
}

/* 1 if the cell has values; 0 if not, or if it is of another work; -ENOMEM. Call strip_free() in any case. */
static int strip_of_work(const struct maker *maker, const struct work *work, size_t c, const char *metric, struct strip *strip)
{
	const struct runfile_cell *cell = &maker->run->cells[c];
	int found;

	*strip = (struct strip){.row = NULL};
	if (!is_same_work(maker->run, work->cell, cell))
		return 0;
	found = strip_of(maker, cell, metric, strip);
	strip->label = cells_name(maker->run, cell, work->param[0], work->param[1]);
	strip->label = *strip->label != '\0' ? strip->label : cell->setup;
	return found;
}

int strips_scale(const struct maker *maker, const struct work *work, const char *metric, struct multiples *m, bool *differ)
{
	const char *unit = NULL;
	int found = 0;

	*m = (struct multiples){.lo = INFINITY};
	*differ = false;
	for (size_t c = 0; c < maker->run->n_cells && found >= 0; c++) {
		struct strip strip;

		found = strip_of_work(maker, work, c, metric, &strip);
		if (found > 0) {
			m->lo = fmin(m->lo, strip.lo);
			m->hi = fmax(m->hi, strip.hi);
			m->all++;
			*differ |= strip.hi > strip.lo;
			unit = strip.row->unit;
		}
		strip_free(&strip);
	}
	m->logarithmic = m->lo > 0 && m->hi / m->lo >= 4;
	if (unit != NULL)
		m->shown = drawing_unit(m->hi, unit, &m->factor);
	if (m->logarithmic)
		m->factor = 1;
	return found < 0 ? found : 0;
}

int strips_collect(const struct maker *maker, const struct work *work, const char *metric, size_t *next, struct multiples *m)
{
	int found = 0;

	for (m->n = 0; *next < maker->run->n_cells && m->n < STRIPS && found >= 0; ++*next) {
		struct strip *strip = &m->strip[m->n];

		found = strip_of_work(maker, work, *next, metric, strip);
		if (found > 0)
			m->n++;
		else
			strip_free(strip);
	}
	return found < 0 ? found : 0;
}

void strips_free(struct multiples *m)
{
	for (unsigned s = 0; s < m->n; s++)
		strip_free(&m->strip[s]);
	m->n = 0;
}

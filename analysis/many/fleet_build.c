/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_build.c - gathers the runs of a fleet one by one; see fleet_build.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/many/fleet_build.h"
#include "analysis/summary/cell_key.h"
#include "base/array.h"

int fleet_builder_init(struct fleet_builder *builder)
{
	*builder = (struct fleet_builder){.identity = identity_new()};
	return builder->identity != NULL ? 0 : -ENOMEM;
}

/* ---- a machine without its rounds */

/* The members of the run record that unlike_find() compares. */
static json_t *machine_of(struct fleet_builder *builder, const struct runfile *run)
{
	static const char *const members[] = {"machine", "build", "injected", "inputs", "lies", "devices"};
	json_t *machine = json_object();

	for (size_t i = 0; i < FS_ARRAY_SIZE(members); i++) {
		json_t *member = json_object_get(run->header, members[i]);

		if (member != NULL && json_object_set_new(machine, members[i], fleet_share_value(&builder->share, member)) != 0) {
			json_decref(machine);
			return NULL;
		}
	}
	return machine;
}

static int add_machine(struct fleet_builder *builder, const char *label, const struct runfile *run)
{
	struct runfile *kept;
	int err = ARRAY_ADD(builder->runs, builder->n, ARRAY_MANY, "machines", NULL);

	if (err != 0)
		return err;
	kept = &builder->runs[builder->n++];
	*kept = (struct runfile){.path = strdup(label),
		.header = machine_of(builder, run),
		.id = strdup(run->id),
		.clock = strdup(run->clock),
		.fingerprint = strdup(run->fingerprint)};
	return kept->path != NULL && kept->header != NULL && kept->id != NULL && kept->clock != NULL && kept->fingerprint != NULL ? 0 : -ENOMEM;
}

/* ---- its values */

static const char *keep_unit(struct fleet_builder *builder, const char *unit)
{
	for (size_t i = 0; i < builder->n_units; i++)
		if (strcmp(builder->units[i], unit) == 0)
			return builder->units[i];
	if (ARRAY_ADD(builder->units, builder->n_units, ARRAY_MANY, "units", NULL) != 0)
		return NULL;
	builder->units[builder->n_units] = strdup(unit);
	return builder->units[builder->n_units] != NULL ? builder->units[builder->n_units++] : NULL;
}

struct wanted {
	const struct fleet_builder *builder;
	const char *name, *unit;
};

static bool is_wanted(const void *context, size_t place)
{
	const struct wanted *wanted = context;
	const struct fleet_metric *metric = &wanted->builder->metrics[place];

	return strcmp(metric->name, wanted->name) == 0 && strcmp(metric->unit, wanted->unit) == 0;
}

/* Takes the name. */
static int find_metric(struct fleet_builder *builder, char *name, const struct summary_row *row, size_t *place)
{
	struct wanted wanted = {builder, name, row->unit};
	uint64_t hash = lookup_text(lookup_text(0, name), row->unit);
	const char *unit = NULL;

	*place = lookup_find(&builder->lookup, hash, is_wanted, &wanted);
	if (*place != LOOKUP_NONE) {
		free(name);
		return 0;
	}
	if (ARRAY_ADD(builder->metrics, builder->n_metrics, ARRAY_MANY, "metrics", NULL) == 0)
		unit = keep_unit(builder, row->unit);
	if (unit == NULL || lookup_add(&builder->lookup, hash, builder->n_metrics) != 0) {
		free(name);
		return -ENOMEM;
	}
	*place = builder->n_metrics++;
	builder->metrics[*place] = (struct fleet_metric){.name = name, .unit = unit, .better = row->better, .brief = row->brief};
	return 0;
}

static int add_value(struct fleet_builder *builder, const char *cell, const struct summary_row *row)
{
	char *name = text_format("%s/%s", cell, row->metric);
	size_t metric;
	int err = name != NULL ? find_metric(builder, name, row, &metric) : -ENOMEM;

	if (err == 0)
		builder->values[builder->n_values++] = (struct fleet_value){row->interval.median, (unsigned)metric, (unsigned)(builder->n - 1)};
	return err;
}

int fleet_builder_add(struct fleet_builder *builder, const char *label, const struct runfile *run, const struct summary *summary)
{
	struct cell_keys keys = {0};
	int err = add_machine(builder, label, run);

	if (err == 0)
		err = cell_keys_make_by(builder->identity, run, &keys);
	if (err == 0)
		err = array_grow(&builder->values, builder->n_values, summary->n + 1, sizeof(*builder->values), SIZE_MAX / 64, "rows", NULL);
	for (size_t i = 0; i < summary->n && err == 0; i++)
		if (summary->rows[i].n_values != 0)
			err = add_value(builder, cell_key(&keys, summary->rows[i].cell), &summary->rows[i]);
	cell_keys_free(&keys);
	return err;
}

void fleet_runs_free(struct runfile *runs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_decref(runs[i].header);
		free(runs[i].path);
		free((char *)runs[i].id);
		free((char *)runs[i].clock);
		free((char *)runs[i].fingerprint);
	}
	free(runs);
}

void fleet_builder_free(struct fleet_builder *builder)
{
	for (size_t i = 0; i < builder->n_metrics; i++)
		free(builder->metrics[i].name);
	for (size_t i = 0; i < builder->n_units; i++)
		free(builder->units[i]);
	fleet_runs_free(builder->runs, builder->n);
	free(builder->metrics);
	free(builder->values);
	lookup_free(&builder->lookup);
	fleet_share_free(&builder->share);
	free(builder->units);
	identity_free(builder->identity);
	memset(builder, 0, sizeof(*builder));
}

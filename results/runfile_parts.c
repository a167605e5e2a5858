/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile_parts.c - the run record's descriptions of the plan's parts: benchmarks, setups, devices; see runfile.h.
 */
#include "config.h"

#include <string.h>

#include "results/runfile.h"

static const char *text_of(json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static json_t *part(const struct runfile *run, const char *kind, const char *name)
{
	return json_object_get(json_object_get(run->header, kind), name);
}

static const char *or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

const char *runfile_bench_summary(const struct runfile *run, const char *bench)
{
	return or_nothing(text_of(part(run, "benches", bench), "summary"));
}

json_t *runfile_bench_plots(const struct runfile *run, const char *bench)
{
	return json_object_get(part(run, "benches", bench), "plots");
}

const char *runfile_setup_memory(const struct runfile *run, const char *setup)
{
	return or_nothing(text_of(part(run, "setups", setup), "memory"));
}

bool runfile_setup_pinned(const struct runfile *run, const char *setup)
{
	return json_is_true(json_object_get(part(run, "setups", setup), "pinned"));
}

bool runfile_lists(const json_t *object, const char *list, const char *text)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(object, list), i, item)
	{
		if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
			return true;
	}
	return false;
}

bool runfile_setup_offers(const struct runfile *run, const char *setup, const char *offer)
{
	return runfile_lists(part(run, "setups", setup), "offers", offer);
}

static json_t *device(const struct runfile *run, const char *device, size_t len)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(run->header, "devices"), i, item)
	{
		const char *name = text_of(item, "name");

		if (name != NULL && strlen(name) == len && memcmp(name, device, len) == 0)
			return item;
	}
	return NULL;
}

const char *runfile_device_coherent(const struct runfile *run, const char *name)
{
	return or_nothing(text_of(device(run, name, strlen(name)), "coherent"));
}

/* Runs that do not declare it are older than the declaration. Their devices' counts of what went to a side had these names. */
static unsigned older_count_to(const char *count)
{
	static const char *const names[FS_SIDES][5] = {
		{"faults_to_host", "pages_to_host", "moved_to_host", "bytes_to_host", "copied_to_host_bytes"},
		{"faults_to_device", "pages_to_device", "moved_to_device", "bytes_to_device", "copied_to_device_bytes"},
	};

	for (unsigned side = 0; side < FS_SIDES; side++)
		if (words_find(names[side], FS_ARRAY_SIZE(names[side]), count) < FS_ARRAY_SIZE(names[side]))
			return FS_TO(side);
	return 0;
}

unsigned runfile_count_to(const struct runfile *run, const char *count)
{
	const char *dot = strchr(count, '.'), *to;
	json_t *moved = dot != NULL ? json_object_get(device(run, count, (size_t)(dot - count)), "moved") : NULL;
	unsigned side;

	if (moved == NULL)
		return dot != NULL ? older_count_to(dot + 1) : 0;
	to = text_of(moved, dot + 1);
	side = words_find(fs_side_names, FS_SIDES, or_nothing(to));
	return side < FS_SIDES ? FS_TO(side) : 0;
}

void runfile_parameters(const struct runfile *run, const struct runfile_cell *cell, const json_t *parameters[RUNFILE_PARTS])
{
	json_t *parts[RUNFILE_PARTS] = {
		part(run, "benches", cell->bench), part(run, "setups", cell->setup), device(run, cell->device, strlen(cell->device)), run->header};

	for (size_t p = 0; p < RUNFILE_PARTS; p++) {
		parameters[p] = json_object_get(parts[p], "parameters");
		if (!json_is_object(parameters[p]))
			parameters[p] = NULL;
	}
}

const json_t *runfile_declared(const struct runfile *run, const struct runfile_cell *cell, const char *param)
{
	const json_t *all[RUNFILE_PARTS], *declared = NULL;

	runfile_parameters(run, cell, all);
	for (size_t p = 0; p < RUNFILE_PARTS && declared == NULL; p++)
		declared = json_object_get(all[p], param);
	return declared;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bmf.c - Bencher Metric Format: {benchmark: {measure: {value, lower_value, upper_value}}}, medians with their 95 % intervals.
 *
 * Bencher identifies a measure by its name alone, so the unit is part of it. Names that are too long for Bencher are an error, and never truncated.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/summary/cell_key.h"
#include "analysis/export/export.h"
#include "base/jsontext.h"

#define BENCHMARK_MAX 1024 /* characters that Bencher accepts */
#define MEASURE_MAX   64

static int too_long(const char *what, const char *name, size_t most, struct fs_reason *why)
{
	return fs_because(why, -ENAMETOOLONG, "export another format, or set fewer parameters",
		"bmf: the %s %s... has %zu characters, and Bencher accepts %zu", what, name, strlen(name), most);
}

static int add_row(json_t *all, const char *key, const struct summary_row *row, struct fs_reason *why)
{
	json_t *benchmark = json_object_get(all, key), *measure;
	char name[MEASURE_MAX + 64];

	snprintf(name, sizeof(name), "%s (%s)", row->metric, row->unit);
	if (strlen(key) > BENCHMARK_MAX)
		return too_long("benchmark", key, BENCHMARK_MAX, why);
	if (strlen(name) > MEASURE_MAX)
		return too_long("measure", name, MEASURE_MAX, why);
	if (benchmark == NULL) {
		benchmark = json_object();
		if (json_object_set_new(all, key, benchmark))
			return fs_because(why, -ENOMEM, "", "bmf: out of memory");
	}
	measure = json_pack("{s:f}", "value", row->interval.median);
	if (row->interval.has_interval && measure != NULL) {
		json_object_set_new(measure, "lower_value", json_real(row->interval.lo));
		json_object_set_new(measure, "upper_value", json_real(row->interval.hi));
	}
	return json_object_set_new(benchmark, name, measure) ? fs_because(why, -ENOMEM, "", "bmf: out of memory") : 0;
}

static int bmf_write(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why)
{
	struct cell_keys keys = {0};
	json_t *all = json_object();
	int err = cell_keys_make(runs, &keys);

	if (err != 0 || all == NULL || !n)
		err = fs_because(why, -ENOMEM, "", "bmf: out of memory");
	for (size_t i = 0; err == 0 && i < summaries->n; i++) {
		const struct summary_row *row = &summaries->rows[i];

		if (row->n_values)
			err = add_row(all, cell_key(&keys, row->cell), row, why);
	}
	if (err == 0 && jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(15), out) == -ENOMEM)
		err = fs_because(why, -ENOMEM, "", "bmf: out of memory");
	json_decref(all);
	cell_keys_free(&keys);
	return err;
}

const struct export_format export_bmf = {
	.name = "bmf",
	.summary = "medians and intervals for Bencher, in its JSON",
	.write = bmf_write,
};

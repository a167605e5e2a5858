/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * openmetrics.c - medians and intervals in the text format of OpenMetrics 1.0, for Prometheus and similar systems.
 *
 * One family per unit, since a name ends with its unit: fivestep_result_nanoseconds{bench,setup,device,params,metric,better,machine,clock,emulated},
 * with _low_ and _high_ for the 95 % interval; fivestep_rounds by verdict; fivestep_run_info describes the run. A cell without a value is
 * only in fivestep_rounds, never a zero.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "analysis/export/export.h"
#include "analysis/summary/format.h"
#include "base/text.h"

/* The format's names of units: letters, digits and underscores. The caller frees it; NULL without memory. */
static char *unit_name(const char *unit)
{
	static const struct {
		const char *unit, *name;
	} names[] = {{"ns", "nanoseconds"}, {"insn", "instructions"}, {"GB/s", "gigabytes_per_second"}, {"bytes/insn", "bytes_per_instruction"},
		{"%", "percent"}, {"", "units"}};
	char *name;

	for (size_t i = 0; i < FS_ARRAY_SIZE(names); i++) {
		if (strcmp(unit, names[i].unit) == 0)
			return strdup(names[i].name);
	}
	name = strdup(unit);
	for (char *c = name; c != NULL && *c != '\0'; c++)
		*c = (char)(isalnum((unsigned char)*c) ? tolower((unsigned char)*c) : '_');
	return name;
}

/* {a="b",c="d"}: pairs of texts, NULL at the end. */
static void put_labels(FILE *out, const char *const *labels)
{
	for (size_t i = 0; labels[i] != NULL; i += 2) {
		fprintf(out, "%s%s=\"", i ? "," : "{", labels[i]);
		text_put(out, TEXT_METRICS, labels[i + 1]);
		fputc('"', out);
	}
	fputs("} ", out);
}

/* Parameters, and the number of a duplicate: the end of the key. */
static const char *params_of(const struct cell_keys *keys, const struct runfile_cell *cell)
{
	const char *rest = cell_key(keys, cell) + strlen(cell->bench) + strlen(cell->setup) + strlen(cell->device) + 2;

	return *rest == '/' ? rest + 1 : rest;
}

/* The value of a row in a family. */
enum part { MEDIAN, LOW, HIGH, PARTS };

static void put_sample(FILE *out, const struct cell_keys *keys, const struct summary_row *row, const char *name, enum part part)
{
	const double values[PARTS] = {row->interval.median, row->interval.lo, row->interval.hi};
	const char *const labels[] = {"bench", row->cell->bench, "setup", row->cell->setup, "device", row->cell->device, "params",
		params_of(keys, row->cell), "metric", row->metric, "better", better_names[row->better], "machine", row->run->fingerprint, "clock",
		row->run->clock, "emulated", runfile_cell_emulated(row->run, row->cell) ? "true" : "false", NULL};
	char value[FORMAT_VALUE];

	format_exact(values[part], value);
	fputs(name, out);
	put_labels(out, labels);
	fprintf(out, "%s\n", value);
}

/* A summary, and the name of the unit of each of its rows. */
struct units {
	const struct summary *summary;
	char **names;
};

static void put_family(FILE *out, const struct cell_keys *keys, const struct units *units, const char *unit, enum part part)
{
	static const char *const names[PARTS] = {"", "_low", "_high"};
	static const char *const helps[PARTS] = {"Median over rounds, each in a fresh process.", "Lower end of the 95 % interval of the median.",
		"Upper end of the 95 % interval of the median."};
	struct text family = {0};

	text_add(&family, "fivestep_result%s_%s", names[part], unit);
	fprintf(out, "# TYPE %s gauge\n# UNIT %s %s\n# HELP %s %s\n", text_string(&family), text_string(&family), unit, text_string(&family),
		helps[part]);
	for (size_t i = 0; i < units->summary->n; i++) {
		const struct summary_row *row = &units->summary->rows[i];

		if (row->n_values != 0 && (part == MEDIAN || row->interval.has_interval) && strcmp(unit, units->names[i]) == 0)
			put_sample(out, keys, row, text_string(&family), part);
	}
	text_clear(&family);
}

static bool is_first_of_unit(const struct units *units, size_t row)
{
	for (size_t i = 0; i < row; i++) {
		if (units->summary->rows[i].n_values != 0 && strcmp(units->names[row], units->names[i]) == 0)
			return false;
	}
	return true;
}

static int put_families(FILE *out, const struct cell_keys *keys, const struct summary *summary)
{
	struct units units = {summary, calloc(summary->n + 1, sizeof(*units.names))};
	int err = units.names != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < summary->n && err == 0; i++) {
		units.names[i] = unit_name(summary->rows[i].unit);
		err = units.names[i] != NULL ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < summary->n && err == 0; i++) {
		for (enum part part = 0; part < PARTS && summary->rows[i].n_values != 0 && is_first_of_unit(&units, i); part++)
			put_family(out, keys, &units, units.names[i], part);
	}
	for (size_t i = 0; i < summary->n && units.names != NULL; i++)
		free(units.names[i]);
	free(units.names);
	return err;
}

static void put_rounds(FILE *out, const struct cell_keys *keys, const struct runfile *run)
{
	char value[24];

	fputs("# TYPE fivestep_rounds gauge\n# HELP fivestep_rounds Rounds by verdict; only those that are ok give values.\n", out);
	for (size_t c = 0; c < run->n_cells; c++)
		for (int v = 0; v < VERDICTS; v++) {
			const struct runfile_cell *cell = &run->cells[c];
			const char *const labels[] = {"bench", cell->bench, "setup", cell->setup, "device", cell->device, "params",
				params_of(keys, cell), "machine", run->fingerprint, "clock", run->clock, "verdict", verdict_names[v], NULL};

			snprintf(value, sizeof(value), "%zu", runfile_count_verdict(cell, v));
			fputs("fivestep_rounds", out);
			put_labels(out, labels);
			fprintf(out, "%s\n", value);
		}
}

static void put_info(FILE *out, const struct runfile *run)
{
	const json_t *build = json_object_get(run->header, "build");
	const char *version = json_string_value(json_object_get(build, "version")), *commit = json_string_value(json_object_get(build, "commit"));
	const char *const labels[] = {"id", run->id, "started", run->started, "plan", run->plan, "seed", run->seed, "clock", run->clock, "machine",
		run->fingerprint, "guest", run->guest ? "true" : "false", "emulated", run->emulated ? "true" : "false", "version",
		version != NULL ? version : "", "commit", commit != NULL ? commit : "", NULL};

	fputs("# TYPE fivestep_run_info gauge\n# HELP fivestep_run_info What was run, and where.\nfivestep_run_info", out);
	put_labels(out, labels);
	fputs("1\n", out);
}

static int openmetrics_write(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why)
{
	struct cell_keys keys = {0};
	int err = cell_keys_make(runs, &keys);

	(void)n;
	if (err == 0) {
		put_info(out, runs);
		put_rounds(out, &keys, runs);
		err = put_families(out, &keys, summaries);
		fputs("# EOF\n", out);
	}
	cell_keys_free(&keys);
	return err != 0 ? fs_because(why, err, "", "openmetrics: out of memory") : 0;
}

const struct export_format export_openmetrics = {
	.name = "openmetrics",
	.summary = "medians and intervals as gauges, a family for each unit: Prometheus and similar systems",
	.write = openmetrics_write,
};

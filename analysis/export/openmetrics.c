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

#define UNIT_MAX 48

/* The format's names of units: letters and underscores. */
static void unit_name(const char *unit, char name[UNIT_MAX])
{
	static const struct {
		const char *unit, *name;
	} names[] = {{"ns", "nanoseconds"}, {"insn", "instructions"}, {"GB/s", "gigabytes_per_second"}, {"bytes/insn", "bytes_per_instruction"},
		{"%", "percent"}};
	size_t i;

	for (i = 0; i < FS_ARRAY_SIZE(names); i++)
		if (strcmp(unit, names[i].unit) == 0) {
			strcpy(name, names[i].name);
			return;
		}
	for (i = 0; unit[i] && i + 1 < UNIT_MAX; i++)
		name[i] = (char)(isalnum((unsigned char)unit[i]) ? tolower((unsigned char)unit[i]) : '_');
	name[i] = '\0';
	if (!i)
		strcpy(name, "units");
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

static void put_family(FILE *out, const struct cell_keys *keys, const struct summary *summary, const char *unit, enum part part)
{
	static const char *const names[PARTS] = {"", "_low", "_high"};
	static const char *const helps[PARTS] = {"Median over rounds, each in a fresh process.", "Lower end of the 95 % interval of the median.",
		"Upper end of the 95 % interval of the median."};
	char family[UNIT_MAX + 32], other[UNIT_MAX];

	snprintf(family, sizeof(family), "fivestep_result%s_%s", names[part], unit);
	fprintf(out, "# TYPE %s gauge\n# UNIT %s %s\n# HELP %s %s\n", family, family, unit, family, helps[part]);
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (!row->n_values || (part != MEDIAN && !row->interval.has_interval))
			continue;
		unit_name(row->unit, other);
		if (strcmp(unit, other) == 0)
			put_sample(out, keys, row, family, part);
	}
}

static bool is_first_of_unit(const struct summary *summary, size_t row, const char *unit)
{
	char other[UNIT_MAX];

	for (size_t i = 0; i < row; i++) {
		unit_name(summary->rows[i].unit, other);
		if (summary->rows[i].n_values && strcmp(unit, other) == 0)
			return false;
	}
	return true;
}

static void put_families(FILE *out, const struct cell_keys *keys, const struct summary *summary)
{
	char unit[UNIT_MAX];

	for (size_t i = 0; i < summary->n; i++) {
		if (!summary->rows[i].n_values)
			continue;
		unit_name(summary->rows[i].unit, unit);
		for (enum part part = 0; part < PARTS && is_first_of_unit(summary, i, unit); part++)
			put_family(out, keys, summary, unit, part);
	}
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

	fputs("# TYPE fivestep_run info\n# HELP fivestep_run What was run, and where.\nfivestep_run_info", out);
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
		put_families(out, &keys, summaries);
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

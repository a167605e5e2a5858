/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record.c - writes run files. A line is built completely in memory, written and fsynced; if the disk is full, the partial line is truncated, so that
 * every line in the file is complete.
 */
#include "config.h"

#include "harness/run/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/runfile.h"
#include "build_info.h"
#include "base/jsontext.h"
#include "base/stamp.h"
#include "harness/round/derived.h"
#include "harness/run/describe.h"
#include "harness/run/events.h"
#include "harness/machine/fingerprint.h"
#include "harness/round/five_step.h"

#define LOG_BYTES 8192 /* limit on a round's recorded output */

/* ---- parts of lines */

static json_t *now_text(void)
{
	const char *given = getenv("FIVESTEP_DATE"); /* set by the guest's launcher */
	char text[STAMP_TEXT];

	if (given != NULL)
		return json_string(given);
	stamp_utc(text);
	return json_string(text);
}

static json_t *id_json(void)
{
	const char *given = getenv("FIVESTEP_RUN_ID"); /* set by the guest's launcher: nothing is random in the guest */
	char text[WRITER_ID_TEXT];

	if (given != NULL)
		return json_string(given);
	return writer_draw_id(text) ? json_string(text) : json_null();
}

static json_t *build_json(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "version", FIVESTEP_VERSION, "commit", FIVESTEP_COMMIT, "compiler", FIVESTEP_CC, "cflags",
		FIVESTEP_CFLAGS, "measured_cflags", FIVESTEP_MEASURED_CFLAGS);
}

/* The cell's members, in the run record and in each round. */
static json_t *cell_json(const struct cell *cell)
{
	json_t *params = json_object(), *set = json_array(), *words = json_array(), *json;

	for (unsigned i = 0; i < cell->args.n; i++) {
		const struct fs_arg *arg = &cell->args.arg[i];

		json_object_set_new(params, arg->param->name, json_string(arg->text));
		if (arg->set)
			json_array_append_new(set, json_string(arg->param->name));
		if (arg->set && arg->word)
			json_array_append_new(words, json_string(arg->param->name));
	}
	json = json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:o}", "cell", (int)cell->id, "bench", cell->name, "kind", cell_kind(cell), "setup",
		cell_setup(cell), "device", cell_device(cell), "params", params, "set", set);
	if (json_array_size(words) != 0)
		json_object_set(json, "words", words);
	json_decref(words);
	return json;
}

static json_t *samples_json(const struct share_metric *metric)
{
	json_t *samples = json_array();

	for (unsigned i = 0; i < metric->nsamples; i++)
		json_array_append_new(samples, json_real(metric->sample[i]));
	return samples;
}

/* [[low, high, count], ...] of the buckets that are not empty; NULL when all are. */
static json_t *histogram_json(const struct fs_histogram *histogram)
{
	json_t *buckets = json_array();

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		uint64_t low, high;

		if (histogram->count[i] == 0)
			continue;
		histogram_bounds(i, &low, &high);
		json_array_append_new(buckets, json_pack("[I, I, I]", (json_int_t)low, (json_int_t)high, (json_int_t)histogram->count[i]));
	}
	if (json_array_size(buckets) == 0) {
		json_decref(buckets);
		buckets = NULL;
	}
	return buckets;
}

static bool counts_instructions(const struct record *record)
{
	return record->writer.clock == CLOCK_INSTRUCTIONS;
}

/* Under the instruction clock, ns becomes instructions, and GB/s becomes bytes per instruction. */
static const char *unit_of(const struct record *record, const char *unit)
{
	if (!counts_instructions(record))
		return unit;
	return strcmp(unit, "ns") == 0 ? "insn" : strcmp(unit, "GB/s") == 0 ? "bytes/insn" : unit;
}

/* The same for the units of derived metrics, which may be ratios: "ns/fault". */
static void derived_unit(const struct record *record, const char *unit, char *text, size_t bytes)
{
	if (counts_instructions(record) && strncmp(unit, "ns/", 3) == 0)
		snprintf(text, bytes, "insn/%s", unit + 3);
	else
		snprintf(text, bytes, "%s", unit_of(record, unit));
}

static json_t *metric_json(const struct record *record, const struct fs_metric *metric)
{
	json_t *json = json_pack("{s:s, s:s}", "unit", unit_of(record, metric->unit), "better", better_names[metric->better]);

	if (metric->floor != NULL)
		json_object_set_new(json, "floor", json_string(metric->floor));
	return json;
}

/* A metric without a value is left out: it was not measured, which is not zero. One whose samples were all dropped is included without samples. */
static json_t *metrics_json(const struct record *record, const struct fs_metric *metrics, const struct share *share)
{
	json_t *all = json_object();

	for (unsigned i = 0; metrics != NULL && i < SHARE_METRICS && metrics[i].name != NULL; i++) {
		bool is_histogram = metrics[i].kind == FS_HISTOGRAM;
		json_t *values = NULL, *json;

		if (is_histogram)
			values = histogram_json(&share->histogram[i]);
		else if (share->metric[i].nsamples != 0 || share->metric[i].dropped != 0)
			values = samples_json(&share->metric[i]);
		if (values == NULL)
			continue;
		json = metric_json(record, &metrics[i]);
		json_object_set_new(json, is_histogram ? "histogram" : "samples", values);
		values = events_contained(&share->metric[i]);
		if (json_object_size(values) != 0)
			json_object_set(json, "contains", values);
		json_decref(values);
		if (share->metric[i].lost != 0)
			json_object_set_new(json, "samples_lost", json_integer(share->metric[i].lost));
		if (share->metric[i].dropped != 0) {
			json_object_set_new(json, "samples_dropped", json_integer(share->metric[i].dropped));
			json_object_set_new(json, "dropped_why", json_string(share->metric[i].dropped_why));
		}
		json_object_set_new(all, metrics[i].name, json);
	}
	return all;
}

/* ---- counters and derived metrics */

static json_t *reading_json(const struct record *record, const struct share_event *event, const struct fs_reading *reading)
{
	json_t *json = json_pack("{s:I, s:s}", "value", (json_int_t)reading->value, "unit", unit_of(record, event->unit));

	if (reading->enabled_ns != 0) {
		json_object_set_new(json, "enabled_ns", json_integer((json_int_t)reading->enabled_ns));
		json_object_set_new(json, "running_ns", json_integer((json_int_t)reading->running_ns));
	}
	if (reading->running_ns < reading->enabled_ns)
		json_object_set_new(json, "multiplexed", json_real((double)reading->running_ns / (double)reading->enabled_ns));
	return json;
}

/* It was multiplexed and never scheduled in this time: nothing was counted, which is not zero. */
static bool had_no_turn(const struct fs_reading *reading)
{
	return reading->enabled_ns != 0 && reading->running_ns == 0;
}

/* step < 0: of the whole round */
static json_t *counters_json(const struct record *record, const struct share *share, int step)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < share->nevents; i++) {
		const struct share_event *event = &share->event[i];
		const struct fs_reading *reading = step < 0 ? &event->whole : &event->step[step];
		json_t *json;

		if (event->absent.what[0] != '\0' || had_no_turn(reading))
			continue;
		json = reading_json(record, event, reading);
		if (step < 0 && event->counts[0] != '\0')
			json_object_set_new(json, "counts", json_string(event->counts));
		json_object_set_new(all, event->name, json);
	}
	return all;
}

static void set_reason(json_t *all, const char *name, const struct fs_reason *why)
{
	char text[sizeof(why->what) + sizeof(why->remedy) + 8];

	snprintf(text, sizeof(text), "%s%s%s", why->what, why->remedy[0] != '\0' ? " -> " : "", why->remedy);
	json_object_set_new(all, name, json_string(text));
}

/* The metrics derived by groups; those that cannot be derived are added to absent, if that is not NULL. */
static json_t *derived_json(const struct record *record, const struct cell *cell, const struct share *share, int step, json_t *absent)
{
	struct derived_facts facts = {.bytes = cell_bytes(cell), .page_bytes = share->machine.page_bytes};
	json_t *all = json_object();

	for (unsigned g = 0; g < record->groups->n; g++) {
		const struct group *group = &record->groups->group[g];

		for (unsigned m = 0; m < group->nmetrics; m++) {
			char name[2 * FORMULA_NAME], unit[GROUP_UNIT + 8];
			struct fs_reason why = {0};
			double value;

			snprintf(name, sizeof(name), "%s.%s", group->name, group->metric[m].name);
			derived_unit(record, group->metric[m].unit, unit, sizeof(unit));
			if (derived_value(group, m, share, &facts, step, &value, &why) == 0)
				json_object_set_new(all, name, json_pack("{s:f, s:s}", "value", value, "unit", unit));
			else if (absent != NULL)
				set_reason(absent, name, &why);
		}
	}
	return all;
}

static json_t *absent_json(const struct share *share)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < share->nevents; i++) {
		const struct share_event *event = &share->event[i];
		struct fs_reason why = {0};
		double value;

		if (event->absent.what[0] != '\0')
			set_reason(all, event->name, &event->absent);
		else if (derived_reading(event, -1, &value, &why) != 0)
			set_reason(all, event->name, &why);
	}
	return all;
}

static json_t *steps_json(const struct record *record, const struct cell *cell, const struct share *share)
{
	json_t *steps = json_array();

	for (int i = 0; i < FS_STEPS; i++) {
		json_t *step;

		if (!share->step[i].done)
			continue;
		step = json_pack("{s:s, s:I, s:o}", "step", fs_step_names[i], "ns", (json_int_t)share->step[i].ns, "counters",
			counters_json(record, share, i));
		if (record->groups->n != 0)
			json_object_set_new(step, "derived", derived_json(record, cell, share, i, NULL));
		if (share->is_implied)
			json_object_set_new(step, "events", events_implied(&share->step[i]));
		json_array_append_new(steps, step);
	}
	return steps;
}

/* Makes the run file readable without the group files. */
static json_t *groups_json(const struct record *record)
{
	json_t *all = json_object();

	for (unsigned g = 0; g < record->groups->n; g++) {
		const struct group *group = &record->groups->group[g];
		json_t *events = json_object(), *metrics = json_object();

		for (unsigned i = 0; i < group->nevents; i++)
			json_object_set_new(events, group->event[i].name, json_sprintf("%s.%s", group->event[i].source, group->event[i].event));
		for (unsigned i = 0; i < group->nmetrics; i++)
			json_object_set_new(metrics, group->metric[i].name,
				json_pack("{s:s, s:s}", "unit", group->metric[i].unit, "formula", group->metric[i].text));
		json_object_set_new(all, group->name,
			json_pack("{s:s, s:s, s:o, s:o}", "summary", group->summary, "about", group->about, "events", events, "metrics", metrics));
	}
	return all;
}

static json_t *evidence_json(const struct share_evidence *evidence, unsigned n)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < n; i++) {
		const struct share_evidence *e = &evidence[i];

		json_array_append_new(all, json_pack("{s:s, s:f, s:s, s:f, s:b}", "what", e->what, "seen", e->seen, "relation",
						   relation_signs[e->relation], "expected", e->expected, "holds", e->holds));
	}
	return all;
}

/* ---- lines */

static size_t trimmed_len(const char *text)
{
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == ' ')
		len--;
	return len;
}

int record_run(struct record *record, const struct plan *plan, uint64_t seed, const struct fs_machine *machine, struct fs_reason *why)
{
	const char *accelerator = getenv("FIVESTEP_ACCELERATOR"); /* set by the guest's launcher, padded with blanks */
	json_t *cells = json_array(), *lies = describe_lies(plan), *inputs = describe_inputs(plan), *line;

	for (unsigned i = 0; i < plan->ncells; i++)
		json_array_append_new(cells, cell_json(&plan->cells[i]));
	line = json_pack("{s:s, s:i, s:o, s:o, s:{s:s, s:s}, s:I, s:{s:i, s:i, s:f, s:f, s:f, s:s}, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "type",
		"run", "schema", WORDS_SCHEMA, "id", id_json(), "started", now_text(), "plan", "name", plan->name, "text",
		plan->text != NULL ? plan->text : "", "seed", (json_int_t)seed, "options", "rounds_min", (int)plan->options.rounds_min, "rounds_max",
		(int)plan->options.rounds_max, "precision_pct", plan->options.precision_pct, "time_limit_s", plan->options.time_limit_s, "timeout_s",
		plan->options.timeout_s, "counters", plan->options.counters, "clock", writer_clock(&record->writer), "build", build_json(), "machine",
		fingerprint_machine(machine), "devices", describe_devices(plan, machine), "setups", describe_setups(plan), "benches",
		describe_benches(plan), "cells", cells);
	if (plan->options.cell_time_s > 0)
		json_object_set_new(json_object_get(line, "options"), "cell_time_s", json_real(plan->options.cell_time_s));
	if (accelerator != NULL)
		json_object_set_new(line, "accelerator", json_stringn(accelerator, trimmed_len(accelerator)));
	if (record->groups->n != 0)
		json_object_set_new(line, "groups", groups_json(record));
	if (plan->options.inject_ns > 0)
		json_object_set_new(line, "injected", json_pack("{s:f}", "ns", plan->options.inject_ns));
	if (inputs != NULL)
		json_object_set_new(line, "inputs", inputs);
	if (lies != NULL)
		json_object_set_new(line, "lies", lies);
	if (describe_has_lies(plan))
		json_object_set_new(line, "parameters", describe_params(lie_params));
	return writer_line(&record->writer, line, why);
}

int record_resume(struct record *record, const struct plan_options *options, const struct fs_machine *machine, struct fs_reason *why)
{
	json_t *line = json_pack("{s:s, s:o, s:{s:i, s:f}, s:o}", "type", "resume", "at", now_text(), "options", "rounds_max",
		(int)options->rounds_max, "time_limit_s", options->time_limit_s, "machine", fingerprint_machine(machine));

	if (options->cell_time_s > 0)
		json_object_set_new(json_object_get(line, "options"), "cell_time_s", json_real(options->cell_time_s));
	return writer_line(&record->writer, line, why);
}

static json_t *round_json(const struct cell *cell, unsigned round_number, enum verdict verdict, const struct fs_reason *reason)
{
	json_t *line = json_pack("{s:s, s:i}", "type", "round", "round", (int)round_number), *members = cell_json(cell);

	json_object_update(line, members);
	json_decref(members);
	json_object_set_new(line, "verdict", json_string(verdict_names[verdict]));
	if (verdict != VERDICT_OK) {
		json_object_set_new(line, "why", json_string(reason->what));
		json_object_set_new(line, "remedy", json_string(reason->remedy));
	}
	return line;
}

/* The output of a failed round's process: a compiler's log, a sanitizer's report. */
static void set_log(json_t *line, const struct round *round)
{
	char text[LOG_BYTES];

	if (round->share->verdict == VERDICT_OK || round->share->verdict == VERDICT_SKIP)
		return;
	round_log(round, text, sizeof(text));
	if (text[0] != '\0')
		json_object_set_new(line, "log", json_string(text));
}

int record_round(
	struct record *record, const struct cell *cell, unsigned round_number, const struct round *round, json_t *noise, struct fs_reason *why)
{
	const struct share *share = round->share;
	json_t *line = round_json(cell, round_number, share->verdict, &share->why), *absent = absent_json(share);

	if (share->started_ns != 0)
		json_object_set_new(line, "start_ms", json_real((double)(share->started_ns - share->spawned_ns) / 1e6));
	json_object_set_new(line, "wall_ms", json_real(round->wall_ms));
	if (share->image[0] != '\0')
		json_object_set_new(line, "image", json_string(share->image));
	json_object_set_new(line, "metrics", metrics_json(record, cell->kernel != NULL ? five_step_metrics : cell->bench->metrics, share));
	json_object_set_new(line, "steps", steps_json(record, cell, share));
	json_object_set_new(line, "counters", counters_json(record, share, -1));
	if (record->groups->n != 0)
		json_object_set_new(line, "derived", derived_json(record, cell, share, -1, absent));
	json_object_set_new(line, "absent", absent);
	json_object_set_new(line, "evidence", evidence_json(share->evidence, share->nevidence));
	if (share->nchecks != 0)
		json_object_set_new(line, "checks", evidence_json(share->check, share->nchecks));
	if (share->evidence_lost != 0)
		json_object_set_new(line, "evidence_lost", json_integer(share->evidence_lost));
	if (share->noise_lost != 0)
		json_object_set_new(line, "noise_lost", json_integer(share->noise_lost));
	for (unsigned i = 0; noise != NULL && i < share->nnoises; i++)
		json_object_set_new(noise, share->noise[i].name, json_real(share->noise[i].value));
	if (noise != NULL)
		json_object_set(line, "noise", noise);
	set_log(line, round);
	return writer_line(&record->writer, line, why);
}

int record_skip(struct record *record, const struct cell *cell, struct fs_reason *why)
{
	return writer_line(&record->writer, round_json(cell, 0, VERDICT_SKIP, &cell->skip), why);
}

int record_end(
	struct record *record, const char *stop, const struct plan *plan, const unsigned *rounds, const char *const *stops, struct fs_reason *why)
{
	json_t *cells = json_array();

	for (unsigned i = 0; i < plan->ncells; i++)
		json_array_append_new(cells, json_pack("{s:i, s:i, s:s}", "cell", (int)i, "rounds", (int)rounds[i], "stop", stops[i]));
	return writer_line(&record->writer, json_pack("{s:s, s:o, s:s, s:o}", "type", "end", "at", now_text(), "stop", stop, "cells", cells), why);
}

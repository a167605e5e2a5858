/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile_round.c - reads the record of a round; see runfile_round.h.
 */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "results/runfile_round.h"
#include "base/text.h"

void runfile_warn(struct runfile *run, unsigned line, const char *fmt, ...)
{
	struct text what = {0};
	char **warnings, *shown;
	va_list args;

	/* of lines; the rest is reserved for warnings about the whole file, which come last */
	if ((line && run->n_warnings >= RUNFILE_WARNINGS) || ARRAY_ADD(run->warnings, run->n_warnings, ARRAY_FEW, "warnings", NULL))
		return;
	warnings = run->warnings;
	va_start(args, fmt);
	text_add_va(&what, fmt, args);
	va_end(args);
	shown = text_visible(text_string(&what), false);
	if (shown != NULL && (line != 0 ? asprintf(&warnings[run->n_warnings], "%s:%u: %s", run->path, line, shown) >= 0
					: asprintf(&warnings[run->n_warnings], "%s: %s", run->path, shown) >= 0))
		run->n_warnings++;
	free(shown);
	text_clear(&what);
}

/* ---- members ------------------------------------------------------------------------------------------- */

const char *runfile_text_of(struct runfile *run, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return arena_text(run->arena, text != NULL ? text : "");
}

/*
 * No measurement has a number beyond these, of either sign, and what is computed from those between, sums, ratios and squares, is finite. The text is
 * for warnings.
 */
#define NUMBER_MOST  1e60
#define NUMBER_LEAST 1e-60
#define NUMBER_TEXT  "a number of at most 1e60 (and 0, or at least 1e-60)"

static bool is_usable(const json_t *number)
{
	double size = fabs(json_number_value(number));

	return json_is_number(number) && (size == 0.0 || (size >= NUMBER_LEAST && size <= NUMBER_MOST));
}

double runfile_number_of(struct runfile_reader *reader, const json_t *object, const char *key)
{
	const json_t *number = json_object_get(object, key);

	if (number == NULL || json_is_null(number))
		return 0.0;
	if (is_usable(number))
		return json_number_value(number);
	runfile_warn(reader->run, reader->line, "%s is not " NUMBER_TEXT "; taken as 0", key);
	return 0.0;
}

json_int_t runfile_integer_of(const json_t *object, const char *key)
{
	const json_t *integer = json_object_get(object, key);

	return json_is_integer(integer) ? json_integer_value(integer) : -1;
}

static struct runfile_count *read_counts(struct runfile_reader *reader, json_t *object, size_t *n)
{
	struct runfile *run = reader->run;
	struct runfile_count *counts;
	const char *name;
	json_t *member;
	size_t i = 0;

	*n = 0;
	if (!json_object_size(object))
		return NULL;
	counts = arena_alloc(run->arena, json_object_size(object) * sizeof(*counts));
	if (counts == NULL)
		return NULL;
	json_object_foreach(object, name, member)
	{
		if (!is_usable(json_object_get(member, "value"))) {
			runfile_warn(run, reader->line, "%s: the value is not " NUMBER_TEXT "; ignored", name);
			continue;
		}
		counts[i].name = arena_text(run->arena, name);
		counts[i].unit = runfile_text_of(run, member, "unit");
		counts[i].value = runfile_number_of(reader, member, "value");
		counts[i].to = runfile_count_to(run, name);
		counts[i].enabled_ns = runfile_number_of(reader, member, "enabled_ns");
		counts[i++].running_ns = runfile_number_of(reader, member, "running_ns");
	}
	*n = i;
	return counts;
}

struct runfile_text *runfile_read_texts(struct runfile *run, json_t *object, size_t *n)
{
	struct runfile_text *texts;
	const char *name;
	json_t *member;
	size_t i = 0;

	*n = 0;
	if (!json_object_size(object))
		return NULL;
	texts = arena_alloc(run->arena, json_object_size(object) * sizeof(*texts));
	if (texts == NULL)
		return NULL;
	json_object_foreach(object, name, member)
	{
		texts[i].name = arena_text(run->arena, name);
		texts[i++].text = arena_text(run->arena, json_is_string(member) ? json_string_value(member) : "");
	}
	*n = i;
	return texts;
}

static enum fs_better read_better(const json_t *object)
{
	const char *text = json_string_value(json_object_get(object, "better"));
	unsigned better = words_find(better_names, FS_BETTERS, text != NULL ? text : "");

	return better < FS_BETTERS ? better : FS_LOWER;
}

static void read_samples(struct runfile_reader *reader, json_t *array, struct runfile_metric *metric)
{
	size_t i, unusable = 0;
	json_t *value;

	metric->samples = arena_alloc(reader->run->arena, json_array_size(array) * sizeof(*metric->samples));
	if (metric->samples == NULL)
		return;
	json_array_foreach(array, i, value)
	{
		if (is_usable(value))
			metric->samples[metric->n_samples++] = json_number_value(value);
		else
			unusable++;
	}
	if (unusable)
		runfile_warn(reader->run, reader->line, "%s: samples that are not " NUMBER_TEXT ": %zu; ignored", metric->name, unusable);
}

static bool read_bucket(const json_t *array, struct statistics_bucket *bucket)
{
	json_int_t count = json_integer_value(json_array_get(array, 2));

	bucket->low = json_number_value(json_array_get(array, 0));
	bucket->high = json_number_value(json_array_get(array, 1));
	bucket->count = (uint64_t)count;
	return json_array_size(array) == 3 && is_usable(json_array_get(array, 0)) && is_usable(json_array_get(array, 1)) && bucket->low >= 0.0 &&
	       bucket->high > bucket->low && count > 0;
}

static void read_histogram(struct runfile_reader *reader, json_t *array, struct runfile_metric *metric)
{
	struct runfile *run = reader->run;
	size_t i, unusable = 0;
	json_t *bucket;

	metric->buckets = arena_alloc(run->arena, json_array_size(array) * sizeof(*metric->buckets));
	if (metric->buckets == NULL)
		return;
	json_array_foreach(array, i, bucket)
	{
		if (read_bucket(bucket, &metric->buckets[metric->n_buckets]))
			metric->n_buckets++;
		else
			unusable++;
	}
	if (unusable)
		runfile_warn(run, reader->line, "%s: %zu entries of the histogram are not [low, high, count]; ignored", metric->name, unusable);
}

/* A valid count of a round, else 0. */
static size_t read_dropped(const json_t *member)
{
	json_int_t dropped = json_integer_value(json_object_get(member, "samples_dropped"));

	return dropped > 0 && dropped <= INT32_MAX ? (size_t)dropped : 0;
}

/* Numbers of events by kind. If one is invalid, none is used: without it the others would explain too little. */
static const double *read_events(struct runfile_reader *reader, json_t *object, const char *of)
{
	double *events = json_object_size(object) != 0 ? arena_alloc(reader->run->arena, FS_COSTS * sizeof(*events)) : NULL;
	const char *name;
	json_t *member;

	if (events == NULL)
		return NULL;
	json_object_foreach(object, name, member)
	{
		unsigned cost = words_find(fs_cost_names, FS_COSTS, name);

		if (cost == FS_COSTS || !is_usable(member) || json_number_value(member) < 0) {
			runfile_warn(reader->run, reader->line, "%s: the events are ignored: %s", of,
				cost == FS_COSTS ? "a kind is unknown" : "a number is negative, missing or beyond 1e60");
			return NULL;
		}
		events[cost] = json_number_value(member);
	}
	return events;
}

static void read_metrics(struct runfile_reader *reader, json_t *object, struct runfile_round *round)
{
	struct runfile *run = reader->run;
	const char *name;
	json_t *member;

	if (!json_object_size(object))
		return;
	round->metrics = arena_alloc(run->arena, json_object_size(object) * sizeof(*round->metrics));
	if (round->metrics == NULL)
		return;
	json_object_foreach(object, name, member)
	{
		struct runfile_metric *metric = &round->metrics[round->n_metrics++];
		json_t *samples = json_object_get(member, "samples");
		json_t *histogram = json_object_get(member, "histogram");

		metric->name = arena_text(run->arena, name);
		metric->unit = runfile_text_of(run, member, "unit");
		metric->better = read_better(member);
		if (json_is_string(json_object_get(member, "floor")))
			metric->floor = runfile_text_of(run, member, "floor");
		if (json_array_size(histogram))
			read_histogram(reader, histogram, metric);
		else if (json_array_size(samples))
			read_samples(reader, samples, metric);
		metric->contains = read_events(reader, json_object_get(member, "contains"), metric->name);
		reader->lost[0] += runfile_number_of(reader, member, "samples_lost");
		metric->n_dropped = read_dropped(member);
		metric->dropped_why = runfile_text_of(run, member, "dropped_why");
	}
}

static void read_steps(struct runfile_reader *reader, json_t *array, struct runfile_round *round)
{
	struct runfile *run = reader->run;
	size_t i;
	json_t *step;

	if (!json_array_size(array))
		return;
	round->steps = arena_alloc(run->arena, json_array_size(array) * sizeof(*round->steps));
	if (round->steps == NULL)
		return;
	json_array_foreach(array, i, step)
	{
		struct runfile_step *to = &round->steps[round->n_steps++];

		to->name = runfile_text_of(run, step, "step");
		to->ns = runfile_number_of(reader, step, "ns");
		to->counts = read_counts(reader, json_object_get(step, "counters"), &to->n_counts);
		to->derived = read_counts(reader, json_object_get(step, "derived"), &to->n_derived);
		to->events = read_events(reader, json_object_get(step, "events"), to->name);
	}
}

static struct runfile_evidence *read_evidence(struct runfile_reader *reader, json_t *array, size_t *n)
{
	struct runfile *run = reader->run;
	struct runfile_evidence *all = json_array_size(array) ? arena_alloc(run->arena, json_array_size(array) * sizeof(*all)) : NULL;
	size_t i;
	json_t *item;

	*n = 0;
	if (all == NULL)
		return NULL;
	json_array_foreach(array, i, item)
	{
		struct runfile_evidence *to = &all[(*n)++];

		to->what = runfile_text_of(run, item, "what");
		to->relation = runfile_text_of(run, item, "relation");
		to->seen = runfile_number_of(reader, item, "seen");
		to->expected = runfile_number_of(reader, item, "expected");
		to->holds = json_is_true(json_object_get(item, "holds"));
	}
	return all;
}

static void read_noise(struct runfile_reader *reader, json_t *object, struct runfile_round *round)
{
	struct runfile *run = reader->run;
	const char *name;
	json_t *member;

	if (!json_object_size(object))
		return;
	round->noise = arena_alloc(run->arena, json_object_size(object) * sizeof(*round->noise));
	if (round->noise == NULL)
		return;
	json_object_foreach(object, name, member)
	{
		if (!is_usable(member)) {
			runfile_warn(run, reader->line, "%s: the value is not " NUMBER_TEXT "; ignored", name);
			continue;
		}
		round->noise[round->n_noise].name = arena_text(run->arena, name);
		round->noise[round->n_noise++].value = json_number_value(member);
	}
}

void runfile_read_round(struct runfile_reader *reader, json_t *record, struct runfile_round *round)
{
	struct runfile *run = reader->run;

	round->why = runfile_text_of(run, record, "why");
	round->remedy = runfile_text_of(run, record, "remedy");
	round->start_ms = runfile_number_of(reader, record, "start_ms");
	round->wall_ms = runfile_number_of(reader, record, "wall_ms");
	read_metrics(reader, json_object_get(record, "metrics"), round);
	read_steps(reader, json_object_get(record, "steps"), round);
	round->counts = read_counts(reader, json_object_get(record, "counters"), &round->n_counts);
	round->derived = read_counts(reader, json_object_get(record, "derived"), &round->n_derived);
	round->absent = runfile_read_texts(run, json_object_get(record, "absent"), &round->n_absent);
	round->evidence = read_evidence(reader, json_object_get(record, "evidence"), &round->n_evidence);
	round->checks = read_evidence(reader, json_object_get(record, "checks"), &round->n_checks);
	reader->lost[1] += runfile_number_of(reader, record, "evidence_lost");
	read_noise(reader, json_object_get(record, "noise"), round);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counters.c - reading of counter sources into the shared memory.
 */
#include "config.h"

#include "harness/counters.h"

#include <stdio.h>
#include <string.h>

#include "harness/catalog.h"
#include "harness/job.h"
#include "harness/names.h"

#define DEVICE_COUNTS_MAX 64

static struct share_event *event_add(struct counters *counters, const char *source, const char *name)
{
	struct share *share = counters->share;
	struct share_event *event;

	if (share->nevents == SHARE_EVENTS)
		return NULL;
	event = &share->event[share->nevents++];
	memset(event, 0, sizeof(*event));
	if (name != NULL)
		snprintf(event->name, sizeof(event->name), "%s.%s", source, name);
	else
		snprintf(event->name, sizeof(event->name), "%s", source);
	return event;
}

/* A source of which nothing can be had: one absent entry under its name. */
static void source_absent(struct counters *counters, const char *source, const struct fs_reason *why)
{
	struct share_event *event = event_add(counters, source, NULL);

	if (event != NULL)
		snprintf(event->absent, sizeof(event->absent), "%.90s", why->what);
}

static void source_open(struct counters *counters, struct fs_job *job, const struct fs_counter *counter)
{
	struct fs_reading readings[FS_READINGS];
	unsigned slot = counters->nsources;
	struct fs_reason why = {0};
	void *state = NULL;
	int n;

	if (slot == COUNTERS_SOURCES)
		return;
	if (counter->probe(&counters->share->machine, &why) != 0) {
		source_absent(counters, counter->name, &why);
		return;
	}
	if (counter->open(job, &state) != 0) {
		snprintf(why.what, sizeof(why.what), "could not be opened");
		source_absent(counters, counter->name, &why);
		return;
	}
	counters->source[slot].counter = counter;
	counters->source[slot].state = state;
	counters->source[slot].first = counters->share->nevents;
	n = counter->read(state, readings);
	for (int i = 0; i < n; i++) {
		struct share_event *event = event_add(counters, counter->name, readings[i].name);

		if (event == NULL)
			break;
		snprintf(event->unit, sizeof(event->unit), "%s", readings[i].unit);
		event->present = readings[i].present;
		snprintf(event->absent, sizeof(event->absent), "%s", readings[i].absent);
		counters->source[slot].n++;
	}
	counters->nsources++;
}

static void device_source_open(struct counters *counters)
{
	unsigned slot = counters->nsources;

	if (counters->device == NULL || counters->device->count == NULL || slot == COUNTERS_SOURCES)
		return;
	counters->source[slot].first = counters->share->nevents;
	for (const struct fs_count_def *def = counters->device->counts; def->name != NULL; def++) {
		struct share_event *event = event_add(counters, counters->device->name, def->name);

		if (event == NULL)
			break;
		snprintf(event->unit, sizeof(event->unit), "%s", def->unit);
		event->present = true;
		counters->source[slot].n++;
	}
	counters->nsources++;
}

void counters_open(struct counters *counters, struct fs_job *job, const struct fs_device *device, void *device_state)
{
	const struct fs_counter *counter;

	memset(counters, 0, sizeof(*counters));
	counters->share = job->share;
	counters->device = device;
	counters->device_state = device_state;
	for (unsigned i = 0; (counter = catalog_counter(i)) != NULL; i++) {
		if (names_match(job->share->counters, counter->name) != NAMES_NO)
			source_open(counters, job, counter);
	}
	device_source_open(counters);
}

static void source_read(struct counters *counters, unsigned slot, struct share_reading *into)
{
	const struct fs_counter *counter = counters->source[slot].counter;
	unsigned n = counters->source[slot].n;

	into += counters->source[slot].first;
	if (counter == NULL) {
		uint64_t values[DEVICE_COUNTS_MAX] = {0};

		if (counters->device->count(counters->device_state, values) != 0)
			return;
		for (unsigned i = 0; i < n; i++)
			into[i].value = values[i];
	} else {
		struct fs_reading readings[FS_READINGS];
		int got = counter->read(counters->source[slot].state, readings);

		for (unsigned i = 0; i < n && (int)i < got; i++)
			into[i] = (struct share_reading){readings[i].value, readings[i].enabled_ns, readings[i].running_ns};
	}
}

static void read_all(struct counters *counters, struct share_reading *into)
{
	for (unsigned slot = 0; slot < counters->nsources; slot++)
		source_read(counters, slot, into);
}

static void add_difference(struct share_reading *sum, const struct share_reading *from, const struct share_reading *to)
{
	sum->value += to->value - from->value;
	sum->enabled_ns += to->enabled_ns - from->enabled_ns;
	sum->running_ns += to->running_ns - from->running_ns;
}

void counters_begin(struct counters *counters)
{
	read_all(counters, counters->begin);
}

void counters_end(struct counters *counters)
{
	read_all(counters, counters->now);
	for (unsigned i = 0; i < counters->share->nevents; i++)
		add_difference(&counters->share->event[i].whole, &counters->begin[i], &counters->now[i]);
}

void counters_step_begin(struct counters *counters)
{
	read_all(counters, counters->before);
}

void counters_step_end(struct counters *counters, enum fs_step step)
{
	read_all(counters, counters->now);
	for (unsigned i = 0; i < counters->share->nevents; i++)
		add_difference(&counters->share->event[i].step[step], &counters->before[i], &counters->now[i]);
}

void counters_close(struct counters *counters)
{
	for (unsigned slot = 0; slot < counters->nsources; slot++) {
		if (counters->source[slot].counter != NULL)
			counters->source[slot].counter->close(counters->source[slot].state);
	}
	counters->nsources = 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counters.c - reading of counter sources into the shared memory.
 */
#include "config.h"

#include "harness/round/counters.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "harness/plan/catalog.h"

static struct share_event *event_add(struct counters *counters, const char *source, const char *name)
{
	struct share *share = counters->share;
	struct share_event *event;

	if (share->nevents == SHARE_EVENTS)
		return NULL;
	event = &share->event[share->nevents++];
	memset(event, 0, sizeof(*event));
	event->selected = -1;
	if (name != NULL)
		snprintf(event->name, sizeof(event->name), "%s.%s", source, name);
	else
		snprintf(event->name, sizeof(event->name), "%s", source);
	return event;
}

/* A source without any available event: one absent entry under its name. */
static void source_absent(struct counters *counters, const char *source, const struct fs_reason *why)
{
	struct share_event *event = event_add(counters, source, NULL);

	if (event != NULL)
		event->absent = *why;
}

static const struct fs_event *declared(const struct fs_counter *counter, const char *name)
{
	for (const struct fs_event *e = counter->events; e->name != NULL; e++) {
		if (strcmp(e->name, name) == 0)
			return e;
	}
	return NULL;
}

static void opened_init(const struct fs_counter *counter, const char *const *events, unsigned n, struct fs_opened *opened)
{
	memset(opened, 0, n * sizeof(*opened));
	for (unsigned i = 0; i < n; i++) {
		const struct fs_event *event = declared(counter, events[i]);

		snprintf(opened[i].name, sizeof(opened[i].name), "%s", events[i]);
		text_fit(opened[i].unit, sizeof(opened[i].unit), "%s", event != NULL ? event->unit : "events");
	}
}

/* Probes and opens. On failure the reason is never empty. */
static int source_try(const struct fs_machine *machine, const struct fs_counter *counter, const char *const *events, unsigned n,
	struct fs_opened *opened, void **state, struct fs_reason *why)
{
	int err = counter->probe(machine, why);

	opened_init(counter, events, n, opened);
	if (err == 0)
		err = counter->open(machine, events, n, opened, state, why);
	if (err != 0 && why->what[0] == '\0')
		fs_because(why, err, "", "it could not be opened: %s", strerror(-err));
	return err;
}

/* The selected events of a source, and their indices in the selection. */
static unsigned selected_of(const struct selection *selection, const char *source, const char **events, int *places)
{
	unsigned n = 0;

	for (unsigned i = 0; i < selection->nevents; i++) {
		if (strcmp(selection->event[i].source, source) != 0)
			continue;
		events[n] = selection->event[i].event;
		places[n++] = (int)i;
	}
	return n;
}

static void source_open(struct counters *counters, const struct fs_counter *counter)
{
	struct fs_opened opened[FS_EVENTS];
	const char *events[FS_EVENTS];
	int places[FS_EVENTS];
	unsigned slot = counters->nsources, n = selected_of(&counters->share->selection, counter->name, events, places);
	struct fs_reason why = {0};
	void *state = NULL;

	if (n == 0)
		return;
	if (slot == COUNTERS_SOURCES - 2) {
		fs_because(&why, -E2BIG, "select fewer sources", "more than %d sources of counters in a round", COUNTERS_SOURCES - 2);
		source_absent(counters, counter->name, &why);
		return;
	}
	if (source_try(&counters->share->machine, counter, events, n, opened, &state, &why) != 0) {
		source_absent(counters, counter->name, &why);
		return;
	}
	counters->source[slot].counter = counter;
	counters->source[slot].state = state;
	counters->source[slot].first = counters->share->nevents;
	counters->source[slot].n = n;
	for (unsigned i = 0; i < n; i++) {
		struct share_event *event = event_add(counters, counter->name, opened[i].name);

		/* selection.c refuses larger selections: all that can be selected fits. */
		if (event == NULL)
			break;
		snprintf(event->unit, sizeof(event->unit), "%s", opened[i].unit);
		snprintf(event->counts, sizeof(event->counts), "%s", opened[i].counts);
		event->absent = opened[i].why;
		event->selected = places[i];
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
		counters->source[slot].n++;
	}
	counters->nsources++;
}

/* Where there is a device: without one nothing is asked of it. */
static void calls_open(struct counters *counters)
{
	unsigned slot = counters->nsources;

	if (counters->device == NULL || slot == COUNTERS_SOURCES)
		return;
	counters->source[slot].first = counters->share->nevents;
	counters->source[slot].is_calls = true;
	for (unsigned i = 0; i < CALLS; i++) {
		struct share_event *event = calls_has(counters->job, (enum call)i) ? event_add(counters, CALLS_SOURCE, call_names[i]) : NULL;

		if (event == NULL)
			continue;
		snprintf(event->unit, sizeof(event->unit), "%s", CALLS_UNIT);
		counters->source[slot].n++;
	}
	counters->nsources++;
}

void counters_open(struct counters *counters, struct share *share, const struct fs_job *job, const struct fs_device *device, void *device_state)
{
	const struct fs_counter *counter;

	memset(counters, 0, sizeof(*counters));
	counters->share = share;
	counters->job = job;
	counters->device = device;
	counters->device_state = device_state;
	for (unsigned i = 0; (counter = catalog_counter(i)) != NULL; i++)
		source_open(counters, counter);
	device_source_open(counters);
	calls_open(counters);
}

void counters_try(const struct fs_machine *machine, const struct fs_counter *counter, const char *const *events, unsigned n, struct fs_opened *opened)
{
	struct fs_reason why = {0};
	void *state = NULL;

	if (source_try(machine, counter, events, n, opened, &state, &why) == 0) {
		counter->close(state);
	} else {
		for (unsigned i = 0; i < n; i++)
			opened[i].why = why;
	}
}

void counters_watch(struct counters *counters, const struct fs_buffer *buf)
{
	for (unsigned slot = 0; slot < counters->nsources; slot++) {
		const struct fs_counter *counter = counters->source[slot].counter;

		if (counter != NULL && counter->watch != NULL)
			counter->watch(counters->source[slot].state, buf);
	}
}

/* ---- reading */

/* A source that fails during the round has no counts for it. */
static void source_failed(struct counters *counters, unsigned slot, int err)
{
	for (unsigned i = 0; i < counters->source[slot].n; i++) {
		struct fs_reason *absent = &counters->share->event[counters->source[slot].first + i].absent;

		if (absent->what[0] == '\0')
			fs_because(absent, err, "", "it could not be read: %s", strerror(-err));
	}
}

static int device_read(const struct counters *counters, unsigned n, struct fs_reading *readings)
{
	uint64_t values[FS_DEVICE_COUNTS] = {0};
	int err = counters->device->count(counters->device_state, values);

	for (unsigned i = 0; i < n && i < FS_DEVICE_COUNTS; i++)
		readings[i].value = values[i];
	return err;
}

static void read_calls(const struct counters *counters, unsigned n, struct fs_reading *readings)
{
	uint64_t values[CALLS];
	unsigned have = 0;

	calls_read(counters->job, values);
	for (unsigned i = 0; i < CALLS && have < n; i++)
		if (calls_has(counters->job, (enum call)i))
			readings[have++].value = values[i];
}

static void source_read(struct counters *counters, unsigned slot, struct fs_reading *into)
{
	const struct fs_counter *counter = counters->source[slot].counter;
	int err = 0;

	into += counters->source[slot].first;
	if (counters->source[slot].is_calls)
		read_calls(counters, counters->source[slot].n, into);
	else if (counter == NULL)
		err = device_read(counters, counters->source[slot].n, into);
	else
		err = counter->read(counters->source[slot].state, into);
	if (err != 0)
		source_failed(counters, slot, err);
}

static void read_all(struct counters *counters, struct fs_reading *into)
{
	for (unsigned slot = 0; slot < counters->nsources; slot++)
		source_read(counters, slot, into);
}

static void add_difference(struct fs_reading *sum, const struct fs_reading *from, const struct fs_reading *to)
{
	sum->value += to->value - from->value;
	sum->enabled_ns += to->enabled_ns - from->enabled_ns;
	sum->running_ns += to->running_ns - from->running_ns;
}

void counters_begin(struct counters *counters)
{
	read_all(counters, counters->begin);
	counters->began_ns = fs_now();
}

void counters_end(struct counters *counters)
{
	counters->share->counted_ns = fs_now() - counters->began_ns;
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

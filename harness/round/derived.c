/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * derived.c - looks up the values that a group's formulas name.
 */
#include "config.h"

#include "harness/round/derived.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct round_values {
	const struct group *group;
	const struct share *share;
	const struct derived_facts *facts;
	int step;
};

int derived_reading(const struct share_event *event, int step, double *value, struct fs_reason *why)
{
	const struct fs_reading *reading = step < 0 ? &event->whole : &event->step[step];

	if (event->absent.what[0] != '\0')
		return fs_because(why, -ENODATA, event->absent.remedy, "%s is absent", event->name);
	if (reading->enabled_ns == 0) {
		*value = (double)(int64_t)reading->value;
		return 0;
	}
	if (reading->running_ns == 0)
		return fs_because(why, -ENODATA, "select fewer events at a time", "%s was never given a hardware counter", event->name);
	*value = (double)(int64_t)reading->value * ((double)reading->enabled_ns / (double)reading->running_ns);
	return 0;
}

/* The device's own count of that name, whatever the device is called; NULL if it has none. */
static const struct share_event *device_event(const struct share *share, const char *name)
{
	for (unsigned i = 0; i < share->nevents; i++) {
		const struct share_event *event = &share->event[i];
		const char *dot = strchr(event->name, '.');

		if (event->selected < 0 && dot != NULL && strcmp(dot + 1, name) == 0)
			return event;
	}
	return NULL;
}

/* By its name in the selection: it may have been opened under another name. */
static const struct share_event *selected_event(const struct share *share, const char *source, const char *name)
{
	for (unsigned i = 0; i < share->nevents; i++) {
		int place = share->event[i].selected;

		if (place >= 0 && strcmp(share->selection.event[place].source, source) == 0 && strcmp(share->selection.event[place].event, name) == 0)
			return &share->event[i];
	}
	return NULL;
}

static int event_value(const struct round_values *values, unsigned i, double *value, struct fs_reason *why)
{
	const char *source = values->group->event[i].source, *name = values->group->event[i].event;
	const struct share_event *event;

	event = strcmp(source, GROUP_DEVICE) == 0 ? device_event(values->share, name) : selected_event(values->share, source, name);
	if (event == NULL)
		return fs_because(why, -ENODATA, "", "%s.%s is absent", source, name);
	return derived_reading(event, values->step, value, why);
}

/* The time of the five steps; for a benchmark, which reads counters only around what it times, the time between first and last reading. */
static uint64_t time_of(const struct round_values *values)
{
	uint64_t sum = 0;
	bool all = true;

	if (values->step >= 0)
		return values->share->step[values->step].ns;
	for (int i = 0; i < FS_STEPS; i++) {
		sum += values->share->step[i].ns;
		all = all && values->share->step[i].done;
	}
	return all ? sum : values->share->counted_ns;
}

static int fact_value(const struct round_values *values, enum group_fact fact, double *value, struct fs_reason *why)
{
	const struct derived_facts *facts = values->facts;

	if (fact == GROUP_TIME)
		*value = (double)time_of(values);
	else if (facts->bytes == 0 && fact != GROUP_PAGE_BYTES)
		return fs_because(why, -ENODATA, "", "there is no buffer");
	else
		*value = (double)(fact == GROUP_BYTES ? facts->bytes : fact == GROUP_PAGES ? facts->bytes / facts->page_bytes : facts->page_bytes);
	return 0;
}

static int value_of(void *arg, const char *name, double *value, struct fs_reason *why)
{
	const struct round_values *values = arg;

	for (unsigned i = 0; i < values->group->nevents; i++) {
		if (strcmp(values->group->event[i].name, name) == 0)
			return event_value(values, i, value, why);
	}
	for (unsigned i = 0; i < GROUP_FACTS; i++) {
		if (strcmp(group_facts[i], name) == 0)
			return fact_value(values, i, value, why);
	}
	return fs_because(why, -ENODATA, "", "%s is not defined", name);
}

int derived_value(const struct group *group, unsigned metric, const struct share *share, const struct derived_facts *facts, int step, double *value,
	struct fs_reason *why)
{
	struct round_values values = {.group = group, .share = share, .facts = facts, .step = step};

	return formula_value(&group->metric[metric].formula, value_of, &values, value, why);
}

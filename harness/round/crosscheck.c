/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crosscheck.c - counters that must agree. If an event is absent there is nothing to check.
 */
#include "config.h"

#include "harness/round/crosscheck.h"

#include <stdio.h>
#include <string.h>

#define TERMS	 2
#define A_DEVICE "*" /* stands for the round's device */

struct check {
	const char *what;
	const char *left[TERMS]; /* their sum */
	enum fs_relation relation;
	const char *right[TERMS];
	bool by_step; /* only holds while one side works at a time: not over a whole round */
};

/*
 * perf counts the thread that runs the steps and its children, rusage all threads of the process; faults that the kernel takes on behalf of the
 * process (a driver that walks the page tables) are counted by rusage alone. So rusage may be larger, never smaller. The sources are read one after
 * the other, but reading causes no faults. If both sides access a page, one fault may raise several events: the page may be migrated away again
 * before the CPU gets to it.
 */
static const struct check checks[] = {
	{"page faults by rusage and by perf", {"rusage.minflt", "rusage.majflt"}, FS_GE, {"perf.page-faults"}, false},
	{"page faults by PAPI and by perf", {"papi.perf::PAGE-FAULTS"}, FS_EQ, {"perf.page-faults"}, false},
	{"page faults of user code by PAPI and by perf", {"papi.perf::PAGE-FAULTS:u"}, FS_EQ, {"perf.page-faults:u"}, false},
	{"page faults by rusage and events of the CPU", {"rusage.minflt", "rusage.majflt"}, FS_GE, {A_DEVICE ".events_to_host"}, true},
	{"page faults of the device's process and its driver's", {A_DEVICE ".minor_faults_of_device"}, FS_GE, {A_DEVICE ".events_to_device"}, false},
	{"pages migrated by vmstat and moved", {"vmstat.pgmigrate_success"}, FS_GE, {A_DEVICE ".moved_to_device", A_DEVICE ".moved_to_host"}, false},
};

static const struct share_event *event_named(const struct share *share, const char *name)
{
	bool any_device = strncmp(name, A_DEVICE ".", 2) == 0;

	for (unsigned i = 0; i < share->nevents; i++) {
		const struct share_event *event = &share->event[i];
		const char *dot = strchr(event->name, '.');

		if (event->absent.what[0] != '\0')
			continue;
		if (any_device ? event->selected < 0 && dot != NULL && strcmp(dot, name + 1) == 0 : strcmp(event->name, name) == 0)
			return event;
	}
	return NULL;
}

/* A multiplexed reading is an estimate, which agrees with nothing exactly. */
static bool sum_of(const struct share *share, const char *const names[TERMS], int step, double *sum)
{
	*sum = 0;
	for (unsigned i = 0; i < TERMS && names[i] != NULL; i++) {
		const struct share_event *event = event_named(share, names[i]);
		const struct fs_reading *reading;

		if (event == NULL)
			return false;
		reading = step < 0 ? &event->whole : &event->step[step];
		if (reading->running_ns < reading->enabled_ns)
			return false;
		*sum += (double)reading->value;
	}
	return true;
}

static void check_add(struct share *share, const struct check *check, int step)
{
	struct share_evidence *e = &share->check[share->nchecks];

	if (check->by_step && step < 0)
		return;
	_Static_assert(FS_ARRAY_SIZE(checks) * FS_STEPS <= SHARE_CHECKS, "a larger SHARE_CHECKS");
	if (!sum_of(share, check->left, step, &e->seen) || !sum_of(share, check->right, step, &e->expected))
		return;
	snprintf(e->what, sizeof(e->what), "%s%s%s", check->what, step < 0 ? "" : ": ", step < 0 ? "" : fs_step_names[step]);
	e->relation = check->relation;
	e->holds = check->relation == FS_EQ ? e->seen == e->expected : e->seen >= e->expected;
	share->nchecks++;
}

void crosscheck(struct share *share)
{
	bool stepped = false;

	for (int step = 0; step < FS_STEPS; step++) {
		stepped = stepped || share->step[step].done;
		for (size_t i = 0; share->step[step].done && i < FS_ARRAY_SIZE(checks); i++)
			check_add(share, &checks[i], step);
	}
	for (size_t i = 0; !stepped && i < FS_ARRAY_SIZE(checks); i++)
		check_add(share, &checks[i], -1);
}

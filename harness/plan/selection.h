/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selection.h - which counters are read: from the text of --counters or of a plan to a list of events.
 *
 *   default                    available on most machines and without cost: the sources' usual events
 *   none, all                  no events; all events that the sources declare
 *   rusage                     a source: all events that it declares
 *   perf:page-faults           an event of a source; globs match its declared events (vmstat:pgmigrate_*)
 *   faults, my/own.group       a group (group.h), installed or a file
 *
 * The device's own counts are always read.
 */
#ifndef FIVESTEP_SELECTION_H
#define FIVESTEP_SELECTION_H

#include "harness/plan/group.h"

#define SELECTION_TEXT	 512
#define SELECTION_GROUPS 16
#define SELECTION_SOURCE 16
#define COUNTERS_DEFAULT "default"

/* Plain data, so that it can be in shared memory. No event occurs twice; the events of a source keep the order of the text. */
struct selection {
	unsigned nevents;
	struct {
		char source[SELECTION_SOURCE], event[FS_EVENT_NAME];
	} event[FS_EVENTS];
};

struct selected_groups {
	unsigned n;
	struct group group[SELECTION_GROUPS];
};

/* 0, or -EINVAL with a reason that names the unknown part and the nearest names. groups is always set; free it with groups_free(). */
int selection_parse(const char *text, struct selection *selection, struct selected_groups *groups, struct fs_reason *why);
/* Whether a selection names a group by its file: this is only accepted from the command line. */
bool selection_names_files(const char *text);
void groups_free(struct selected_groups *groups);

#endif

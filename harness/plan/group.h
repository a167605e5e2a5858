/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group.h - a group of counters as a data file: events, metrics derived from them, and a description.
 *
 *   # Page faults of the CPU side, and how many the buffer needs
 *   event faults = perf:page-faults
 *   metric per_MiB faults/MiB = faults / (bytes / 1048576)
 *   about
 *   Prose to the end of the file: what it means, and where it misleads.
 *
 * `event NAME = SOURCE:EVENT` names an event, in formulas, by NAME; the source "device" stands for the round's own device, whose
 * counts are always read. `metric NAME UNIT = FORMULA` (base/formula.h) may use these names and the facts of a round: bytes
 * and pages of its buffer, page_bytes, and time of the step, in the unit of the clock.
 */
#ifndef FIVESTEP_GROUP_H
#define FIVESTEP_GROUP_H

#include "base/formula.h"
#include "harness/fivestep.h"

#define GROUP_NAME    32
#define GROUP_EVENTS  32
#define GROUP_METRICS 16
#define GROUP_UNIT    24
#define GROUP_DEVICE  "device"

struct group {
	char name[GROUP_NAME]; /* the file's name without its extension */
	char *summary;	       /* its first comment line */
	unsigned nevents;
	struct {
		char name[FORMULA_NAME];
		char source[16], event[FS_EVENT_NAME];
	} event[GROUP_EVENTS];
	unsigned nmetrics;
	struct {
		char name[FORMULA_NAME], unit[GROUP_UNIT];
		char text[160]; /* the formula as written */
		struct formula formula;
	} metric[GROUP_METRICS];
	char *about;
};

/* Values that formulas may use besides events. */
enum group_fact { GROUP_BYTES, GROUP_PAGES, GROUP_PAGE_BYTES, GROUP_TIME, GROUP_FACTS };
extern const char *const group_facts[GROUP_FACTS];

/* Errors name file, line and what was expected. */
int group_read(const char *path, struct group *group, struct fs_reason *why);
void group_free(struct group *group);
/* Whether a name denotes a file: it has a slash or the extension .group. */
bool group_is_file(const char *name);
/* The path of a group that is installed or named as a file. -ENOENT */
int group_path(const char *name, char *path, size_t bytes);

#endif

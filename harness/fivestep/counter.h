/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counter.h - counter sources. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_COUNTER_H
#define FIVESTEP_CONTRACT_COUNTER_H

#include "harness/fivestep/common.h"
#include "harness/fivestep/memory.h"

#define FS_EVENT_NAME 64
#define FS_EVENT_USER ":u" /* user code alone */
#define FS_EVENTS     128  /* of one selection */

/* Declared by counter sources in arrays that end with a zero entry. */
struct fs_event {
	const char *name; /* "page-faults"; a selection says SOURCE:NAME, a record SOURCE.NAME */
	const char *unit; /* "faults", "pages", "bytes", "ns", ... at most 15 characters */
	const char *help;
	bool usual; /* read by default: available on most machines, and costs no measured time */
};

/* One event as it was opened. The frame fills in name and unit of a declared event beforehand. */
struct fs_opened {
	/* As requested; FS_EVENT_USER is added if only part of it is counted: "page-faults:u". */
	char name[FS_EVENT_NAME + sizeof(FS_EVENT_USER)];
	char unit[16];
	char counts[160];     /* the native event that it was resolved to, if names are translated; else empty */
	struct fs_reason why; /* not empty: it cannot be counted; it is then absent, never zero */
};

/* Monotonic since open, except for states such as pages on a node, whose differences may be negative. Both times are 0 if the source is not
 * multiplexed; value is as counted, not scaled. */
struct fs_reading {
	uint64_t value, enabled_ns, running_ns;
};

struct fs_counter {
	const char *name, *summary;
	const struct fs_event *events; /* selected by SOURCE alone, and shown by `list` */
	/* Whether a name that is not in events may be an event (raw codes, tracepoints). Pure. NULL: never. */
	bool (*accepts)(const char *event);
	/* 0 if any of its events can be counted here; else -errno with the reason. Untimed. */
	int (*probe)(const struct fs_machine *machine, struct fs_reason *why);
	/*
	 * Opens n events (at most FS_EVENTS) and fills in for each what it counts or why it cannot. Fails, with the reason, only if none can be
	 * opened. The machine outlives the source.
	 */
	int (*open)(const struct fs_machine *machine, const char *const *events, unsigned n, struct fs_opened *opened, void **source,
		struct fs_reason *why);
	/* The buffer has been allocated; NULL: it is about to be released. For sources that inspect its pages. May be NULL */
	void (*watch)(void *source, const struct fs_buffer *buf);
	/* Fills a reading for each of these events, in their order, skipping those that could not be opened. 0, or -errno. */
	int (*read)(void *source, struct fs_reading *readings);
	void (*close)(void *source);
};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counter.h - counter sources. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_COUNTER_H
#define FIVESTEP_CONTRACT_COUNTER_H

#include "harness/fivestep/common.h"
#include "harness/fivestep/memory.h"

#define FS_EVENT_NAME 64
#define FS_EVENTS     128 /* of one selection */

/* Declared by counter sources in arrays that end with a zero entry. */
struct fs_event {
	const char *name; /* "page-faults"; a selection says SOURCE:NAME, a record SOURCE.NAME */
	const char *unit; /* "faults", "pages", "bytes", "ns", ... at most 15 characters */
	const char *help;
	bool usual; /* read where no selection says otherwise: there on most machines, and no time of what is measured */
};

/* One event as it was opened. The frame fills in name and unit of a declared event before. */
struct fs_opened {
	char name[FS_EVENT_NAME]; /* changed where what is counted is not all of what was asked for: "page-faults:u" */
	char unit[16];
	char counts[96];      /* what it was resolved to, where names are translated: a native event; else empty */
	struct fs_reason why; /* not empty: it cannot be counted, and is never zero instead */
};

/* Monotonic since open, but for states such as pages on a node: their differences may be negative. Both times are 0 where the source is not
 * multiplexed; value is as counted, not scaled. */
struct fs_reading {
	uint64_t value, enabled_ns, running_ns;
};

struct fs_counter {
	const char *name, *summary;
	const struct fs_event *events; /* what SOURCE alone selects, and `list` shows */
	/* Whether a name that is not in events may be an event too (raw codes, tracepoints). Pure. NULL: none is. */
	bool (*accepts)(const char *event);
	/* Fills reason with why nothing of it can be counted here; 0 when something can. Untimed. */
	int (*probe)(const struct fs_machine *machine, struct fs_reason *why);
	/*
	 * Opens n events (at most FS_EVENTS), and says of each what it is or why not. Fails, with the reason, for all of them only. The machine
	 * outlives the source.
	 */
	int (*open)(const struct fs_machine *machine, const char *const *events, unsigned n, struct fs_opened *opened, void **source,
		struct fs_reason *why);
	/* The buffer that both sides work on has been allocated; NULL: it is about to be released. For sources that look at its pages. May be NULL */
	void (*watch)(void *source, const struct fs_buffer *buf);
	/* Fills a reading for each of those events, in their order; those that could not be opened are passed over. 0, or -errno. */
	int (*read)(void *source, struct fs_reading *readings);
	void (*close)(void *source);
};

#endif

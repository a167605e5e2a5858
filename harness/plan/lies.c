/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lies.c - the faults that a device can be told to inject; see lies.h.
 */
#include "config.h"

#include "harness/plan/lies.h"

#include <string.h>

/*
 * One line per lie: its name, its kind, and its argument. Counts are those that rules use; a name stands for every count with that prefix.
 */
#define COUNT_LIES(LIE, count)                                                                                                                       \
	LIE("zero." count, LIE_COUNT_ZERO, count, 0)	 /* never counts */                                                                          \
	LIE("more." count, LIE_COUNT_MORE, count, 0)	 /* has one more each time it is read */                                                     \
	LIE("absent." count, LIE_COUNT_ABSENT, count, 0) /* is not kept */

#define LIES(LIE)                                                                                                                                    \
	LIE("none", LIE_NONE, NULL, 0)                                                                                                               \
	LIE("alloc.populated", LIE_ALLOC_POPULATED, NULL, 0) /* all pages but the last exist before their first touch */                             \
	LIE("alloc.alias", LIE_ALLOC_ALIAS, NULL, 0)	     /* the first two pages are one */                                                       \
	LIE("alloc.dirty", LIE_ALLOC_DIRTY, NULL, 0)	     /* the first page is new, and not zero */                                               \
	LIE("alloc.base", LIE_ALLOC_BASE, NULL, 0)	     /* all pages are base pages, whatever was requested */                                  \
	LIE("alloc.huge", LIE_ALLOC_HUGE, NULL, 0)	     /* pages are huge if possible */                                                        \
	LIE("copy.none", LIE_COPY_NONE, NULL, 0)	     /* a transfer that does nothing */                                                      \
	LIE("copy.short", LIE_COPY_SHORT, NULL, 0)	     /* leaves out the last page */                                                          \
	LIE("copy.twice", LIE_COPY_TWICE, NULL, 0)                                                                                                   \
	LIE("copy.first-to-host", LIE_COPY_FIRST, NULL, FS_HOST) /* the first byte changes on its way */                                             \
	LIE("copy.first-to-device", LIE_COPY_FIRST, NULL, FS_DEVICE)                                                                                 \
	LIE("copy.last-to-host", LIE_COPY_LAST, NULL, FS_HOST) /* the last byte */                                                                   \
	LIE("copy.last-to-device", LIE_COPY_LAST, NULL, FS_DEVICE)                                                                                   \
	LIE("migrate.none", LIE_MIGRATE_NONE, NULL, 0)		/* a request that does nothing */                                                    \
	LIE("migrate.short", LIE_MIGRATE_SHORT, NULL, 0)	/* a page is left behind */                                                          \
	LIE("migrate.byte", LIE_MIGRATE_BYTE, NULL, 0)		/* the first byte changes on its way */                                              \
	LIE("residence.astray", LIE_RESIDENCE_ASTRAY, NULL, 0)	/* the first page of each query is reported on the other side */                     \
	LIE("residence.host", LIE_RESIDENCE_ALL, NULL, FS_HOST) /* all pages are reported there */                                                   \
	LIE("residence.device", LIE_RESIDENCE_ALL, NULL, FS_DEVICE)                                                                                  \
	LIE("residence.returns", LIE_RESIDENCE_RETURNS, NULL, 0) /* after the query, pages return without an access */                               \
	LIE("launch.none", LIE_LAUNCH_NONE, NULL, 0)                                                                                                 \
	LIE("launch.short", LIE_LAUNCH_SHORT, NULL, 0) /* leaves out the last index */                                                               \
	LIE("launch.crash", LIE_LAUNCH_CRASH, NULL, 0) /* ends the round's process */                                                                \
	LIE("launch.hang", LIE_LAUNCH_HANG, NULL, 0)   /* never returns */                                                                           \
	LIE("launch.twice", LIE_LAUNCH_TWICE, NULL, 0)                                                                                               \
	LIE("data.before", LIE_DATA_BEFORE, NULL, 0) /* the buffer's first word changes before a launch */                                           \
	LIE("data.after", LIE_DATA_AFTER, NULL, 0)   /* and after the wait for it */                                                                 \
	LIE("out.changed", LIE_OUT_CHANGED, NULL, 0) /* the first result of a body */                                                                \
	LIE("clock.fast", LIE_CLOCK_FAST, NULL, 0)   /* reports a ten-thousandth of the thread's CPU time */                                         \
	LIE("clock.back", LIE_CLOCK_BACK, NULL, 0)   /* time goes backwards */                                                                       \
	LIE("clock.still", LIE_CLOCK_STILL, NULL, 0) /* time does not advance */                                                                     \
	LIE("clock.step", LIE_CLOCK_STEP, NULL, 0)   /* each reading is a millisecond after the one before */                                        \
	COUNT_LIES(LIE, "faults_to_device")                                                                                                          \
	COUNT_LIES(LIE, "faults_to_host")                                                                                                            \
	COUNT_LIES(LIE, "events_to_device")                                                                                                          \
	COUNT_LIES(LIE, "events_to_host")                                                                                                            \
	COUNT_LIES(LIE, "pages_to")                                                                                                                  \
	COUNT_LIES(LIE, "pages_to_device")                                                                                                           \
	COUNT_LIES(LIE, "moved_ns_to_device")                                                                                                        \
	COUNT_LIES(LIE, "copy_ns_to_device")                                                                                                         \
	COUNT_LIES(LIE, "pages_to_host")                                                                                                             \
	COUNT_LIES(LIE, "prefetched_to_device")                                                                                                      \
	COUNT_LIES(LIE, "entered_device")                                                                                                            \
	COUNT_LIES(LIE, "left_device")                                                                                                               \
	COUNT_LIES(LIE, "residence_conflicts")                                                                                                       \
	COUNT_LIES(LIE, "copied_to_device_bytes")                                                                                                    \
	COUNT_LIES(LIE, "copied_to_host_bytes")                                                                                                      \
	COUNT_LIES(LIE, "acquired_by_device")                                                                                                        \
	COUNT_LIES(LIE, "acquired_by_host")                                                                                                          \
	COUNT_LIES(LIE, "addresses_checked")                                                                                                         \
	COUNT_LIES(LIE, "address_conflicts")                                                                                                         \
	COUNT_LIES(LIE, "evicted_pages")                                                                                                             \
	LIE("nothing.seen", LIE_NOTHING_SEEN, "", 0) /* keeps no counts, and all pages are reported on the host */

#define CHOICE(lie_name, of, counts, side) "|" lie_name
#define ROW(lie_name, of, counts, side)	   {.kind = of, .count = counts, .to = side},

const struct lie lies[] = {LIES(ROW)};

/* After the first "|". */
static const char choices[] = LIES(CHOICE);

const struct fs_param lie_params[] = {
	{.name = "lie",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = choices + 1,
		.help = "fault injected into the device, which evidence or an oracle must detect",
		.test_only = true},
	{.name = "lie_from", .type = FS_PARAM_COUNT, .initial = "1", .min = 1, .max = 1e6, .help = "the first call that lies", .test_only = true},
	{.name = "lie_times",
		.type = FS_PARAM_COUNT,
		.initial = "0",
		.min = 0,
		.max = 1e6,
		.help = "number of calls that lie; 0: all from then on",
		.test_only = true},
	{0},
};

bool lie_is_param(const char *name)
{
	for (const struct fs_param *p = lie_params; p->name != NULL; p++) {
		if (strcmp(p->name, name) == 0)
			return true;
	}
	return false;
}

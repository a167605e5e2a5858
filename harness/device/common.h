/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common.h - what several devices do in the same way: they say what they lack, declare counts by a table, ask a vendor's library for its units
 * once, and tell a device that is not available from one that failed.
 */
#ifndef FIVESTEP_DEVICE_COMMON_H
#define FIVESTEP_DEVICE_COMMON_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/fivestep.h"

/* The reason why the probe does not have these capabilities; those that it has are left alone. */
void device_lacks(struct fs_probe *probe, unsigned caps, const struct fs_reason *why);

/* After a failed open. A feature, memory or exclusive use that is missing skips the round, all else fails it. Returns err. */
int device_refused(struct fs_job *job, int err, const struct fs_reason *why);

/*
 * ---- counts: COUNTS(COUNT, COUNT_TO) has a line for each, COUNT(name, unit, field of COUNTED, help) or COUNT_TO(side, name, unit, field, help) for
 * what went to a side; both tables are made from it
 */

#define COUNT_DECLARATION(name, unit, field, help)	    {name, unit, help, 0},
#define COUNT_TO_DECLARATION(side, name, unit, field, help) {name, unit, help, FS_TO(side)},
#define COUNT_PLACE(name, unit, field, help)		    offsetof(COUNTED, field),
#define COUNT_TO_PLACE(side, name, unit, field, help)	    offsetof(COUNTED, field),

/* Takes n counts of 64 bits out of a structure. */
void counts_take(uint64_t *values, const void *counted, const size_t *places, size_t n);

/* ---- units of a vendor's library */

struct units_asked {
	int (*ask)(void *units, struct fs_reason *why); /* 0, or -errno */
	void *units;					/* the answer, in `bytes` */
	size_t bytes;
	const char *remedy; /* if the reason has none */
	/* what was answered */
	bool asked;
	int err;
	struct fs_reason why;
};

/* The units; NULL with the reason if there are none. Asked in a process of its own, once: a driver that hangs or crashes takes only that along. */
const void *units_known(struct units_asked *asked, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * calls.h - the explicit calls of a round: what a program must say besides computing, because memory is not shared, or to steer how it is. They are
 * one more source of counters, "calls", in rounds that have a device. The launch is counted too: it is what remains where nothing else is needed.
 */
#ifndef FIVESTEP_CALLS_H
#define FIVESTEP_CALLS_H

#include "harness/fivestep.h"

#define CALLS_SOURCE "calls"
#define CALLS_UNIT   "calls"

enum call {
	CALL_COPY,				/* to the side that is added: a transfer */
	CALL_MIGRATE = CALL_COPY + FS_SIDES,	/* to the side that is added: a range that shall move */
	CALL_ACQUIRE = CALL_MIGRATE + FS_SIDES, /* a buffer that a side takes exclusive ownership of, such as by mapping it */
	CALL_ADVISE,
	CALL_MARSHAL, /* a region whose links are rewritten as offsets */
	CALL_LAUNCH,
	CALLS
};

/* "copies_to_host" */
extern const char *const call_names[CALLS];

/* Whether the round's setup, device and program can make such a call: a record has no others, they would be nothing but zeros. */
bool calls_has(const struct fs_job *job, enum call call);

/* So many of each since the round began. */
void calls_read(const struct fs_job *job, uint64_t counts[CALLS]);

#endif

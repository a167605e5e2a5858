/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counters.h - the counter sources of one round: opened once, read before and after each step, stored as differences in the shared memory. The
 * device's own counts are one more source, named after the device, and so are the explicit calls (calls.h).
 */
#ifndef FIVESTEP_COUNTERS_H
#define FIVESTEP_COUNTERS_H

#include "harness/round/share.h"

#define COUNTERS_SOURCES 17 /* the last two are of the device and of the calls */

struct counters {
	struct share *share;
	unsigned nsources;
	struct {
		const struct fs_counter *counter; /* NULL: the device's counts, or the calls */
		bool is_calls;
		void *state;
		unsigned first; /* its first event in share->event */
		unsigned n;
	} source[COUNTERS_SOURCES];
	const struct fs_job *job; /* whose calls are counted */
	const struct fs_device *device;
	void *device_state;
	uint64_t began_ns;
	struct fs_reading before[SHARE_EVENTS], begin[SHARE_EVENTS], now[SHARE_EVENTS];
};

/* Opens what share->selection names. An unavailable source is recorded as absent; it never fails a round. */
void counters_open(struct counters *counters, struct share *share, const struct fs_job *job, const struct fs_device *device, void *device_state);
/* The buffer exists from now on; NULL: no longer. */
void counters_watch(struct counters *counters, const struct fs_buffer *buf);
void counters_begin(struct counters *counters); /* of the whole round */
void counters_end(struct counters *counters);
void counters_step_begin(struct counters *counters);
void counters_step_end(struct counters *counters, enum fs_step step);
void counters_close(struct counters *counters);

/* Finds out whether events of one source can be counted here, by opening them in this process; the result for each is in opened. */
void counters_try(
	const struct fs_machine *machine, const struct fs_counter *counter, const char *const *events, unsigned n, struct fs_opened *opened);

#endif

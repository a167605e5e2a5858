/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * team.h - the workers of the emulated device: threads that run one body together, each on an equal part of its
 * indices, and on CPUs of its own where there are enough. A team lives in memory of its own process, or in memory shared with the process that
 * launches it.
 */
#ifndef FIVESTEP_EMU_TEAM_H
#define FIVESTEP_EMU_TEAM_H

#include <pthread.h>

#include "harness/device/emu/sync.h"
#include "harness/fivestep.h"

#define TEAM_WORKERS 64 /* limit */

struct team {
	sync_word posted, done; /* launches so far */
	sync_word busy;		/* workers that have not finished the last one */
	_Atomic bool stopping;
	unsigned workers;
	/* The launch. */
	struct fs_launch launch;
	uchar *buf;
	ulong *out;
};

/* The threads of a team, in the process that runs them. */
struct team_threads {
	struct team *team;
	struct sync_peer peer;
	unsigned n;
	pthread_t thread[TEAM_WORKERS];
};

/* node: the workers run on its CPUs, if it has any; -1: anywhere. 0 or -errno; after an error, stop those that started. */
int team_start(struct team_threads *threads, struct team *team, unsigned workers, int node, const struct sync_peer *peer);
void team_stop(struct team_threads *threads);

/* One launch at a time: wait for the last before the next. wait: 0, or -EPIPE if the team's process has died. */
void team_post(struct team *team, const struct fs_launch *launch, uchar *buf, ulong *out);
int team_wait(struct team *team, const struct sync_peer *peer);

#endif

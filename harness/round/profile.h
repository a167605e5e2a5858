/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * profile.h - compares a kernel's profile with the device's counts: which pages each side touches in each turn, what the setup's policy implies
 * for them, and whether that many pages moved, touches faulted, bytes were copied and requests were made in every step; and
 * the residence of pages at the end. If everything agrees, the implied events are recorded with the steps.
 */
#ifndef FIVESTEP_PROFILE_H
#define FIVESTEP_PROFILE_H

#include "harness/round/replay.h"

#define PROFILE_COUNTS 11 /* pages, faults, bytes, requests to migrate and to copy, each to both sides; launches */

/* The device's counts after a step, and the flags of the regions in its turn. */
struct profile_step {
	enum fs_side side;
	unsigned flags[FS_REGIONS];
	uint64_t items; /* of the launch's index range */
	uint64_t counted[PROFILE_COUNTS];
};

/* The profile of a round; empty if the kernel has no profile or the setup states no policy. */
struct profile {
	struct fs_job *job;
	const struct fs_kernel *kernel;
	bool is_on, is_counted[PROFILE_COUNTS];
	unsigned flags[FS_REGIONS]; /* of the turn */
	uint64_t items;
	uint64_t start[PROFILE_COUNTS], start_evicted;
	struct profile_step *step; /* two per turn */
	size_t n, room;
};

/* Call it before the first step 3. */
void profile_begin(struct profile *profile, struct fs_job *job, const struct fs_kernel *kernel);
/* Call it before each step 3, after it, and after step 4; outside timed sections. */
void profile_turn(struct profile *profile, const struct fs_work *work);
void profile_step(struct profile *profile, enum fs_side side);
/* Call it after the last turn. 0, or -errno with the reason in the job. */
int profile_evidence(struct profile *profile, const struct fs_work *work, struct fs_buffer *buf);
void profile_end(struct profile *profile);

/* Whether it is known what each step must cause: for copies, and where the device says which pages move together. */
bool profile_tells(const struct fs_setup *setup, const struct fs_device *device);
/* After replay_end(): a kernel that says how many bytes its body reads and writes is not measured by pages. */
void profile_body_bytes(const struct fs_kernel *kernel, const struct fs_work *work, struct replay *r);

#endif

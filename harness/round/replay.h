/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay.h - a program's steps as its setup's policy would have them: from the pages that each side touches, without memory or a device. What the
 * policy implies is counted by step.
 */
#ifndef FIVESTEP_REPLAY_H
#define FIVESTEP_REPLAY_H

#include "harness/fivestep.h"

struct replay {
	const struct fs_setup *setup;
	struct fs_region regions[FS_REGIONS];
	struct fs_pages pages; /* what the step's side touches: set by the caller after replay_clear() */
	struct fs_implied implied;
	uint64_t events[FS_STEPS][FS_COSTS];
};

/* granule: bytes that move together, at least a page. 0 or -ENOMEM. Call replay_close() in any case. */
int replay_open(
	struct replay *r, const struct fs_setup *setup, const struct fs_args *args, const struct fs_region *regions, size_t bytes, size_t granule);
void replay_close(struct replay *r);

/* One step, with the regions' flags and the touched pages as they are. */
void replay_imply(struct replay *r, enum fs_step step);

/* Steps 1 and 2, with the flags that the regions have in the first turn, which say what is filled. */
void replay_begin(struct replay *r, const unsigned *flags);
/* No page is touched so far. */
void replay_clear(struct replay *r);
/* Step 3 or 4 of a turn; items: of the launch. */
void replay_step(struct replay *r, enum fs_side side, const unsigned *flags, uint64_t items);
/* Step 5. */
void replay_end(struct replay *r);

#endif

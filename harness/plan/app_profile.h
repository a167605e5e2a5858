/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * app_profile.h - a program as its author describes it, for `fivestep advise`: which memory both sides work on, and what each does with it, phase by
 * phase. A text of one page (docs/profile.md):
 *
 *   # a comment
 *   program NAME
 *   region NAME BYTES [links] [sliced]
 *   phase NAME host|device [reads=REGION[:SHARE],...] [writes=REGION[:SHARE],...] [after=PHASE,...] [time=TIME]
 *   repeat N PHASE...
 *
 * A share is of the region's pages: 10%, or 300 of them; all without one; ? if it is unknown. Nothing in such a file is executed or loaded.
 */
#ifndef FIVESTEP_APP_PROFILE_H
#define FIVESTEP_APP_PROFILE_H

#include "harness/fivestep.h"

#define APP_NAME       32
#define APP_PHASES     64
#define APP_PAGES_MAX  (1ull << 24) /* of all regions */
#define APP_REPEAT_MAX 1000000
#define APP_REPEATS    16

/* How many of a region's pages a phase reads and writes, evenly spread. */
struct app_use {
	size_t reads, writes;
	bool is_unknown; /* at most so many: ? */
};

/* Phases [first, last) run n times. */
struct app_repeat {
	unsigned n, first, last;
};

struct app_phase {
	char name[APP_NAME];
	enum fs_side side;
	struct app_use use[FS_REGIONS];
	double time; /* of its own computing, in ns or instructions; negative: not said */
	bool is_instructions;
	uint64_t after; /* a bit for each phase that must be over */
	unsigned line;
};

struct app_profile {
	char name[APP_NAME];
	unsigned n_regions, n_phases;
	char region_names[FS_REGIONS][APP_NAME];
	struct fs_region regions[FS_REGIONS + 1]; /* each on pages of its own; flags: FS_POINTERS and FS_SLICED only */
	size_t bytes;
	struct app_phase phases[APP_PHASES]; /* in the order in which they run */
	struct app_repeat repeats[APP_REPEATS];
	unsigned n_repeats;
	bool has_unknown; /* some share is ? */
};

/* 0, or -errno with "FILE:LINE: field: what is wrong" and what was expected. */
int app_profile_read(struct app_profile *app, const char *path, struct fs_reason *why);

#endif

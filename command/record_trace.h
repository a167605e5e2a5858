/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record_trace.h - what a program did with its buffers, phase by phase, from the trace that the preloaded library writes (record/preload.h), and the
 * profile (docs/profile.md) that follows.
 */
#ifndef FIVESTEP_COMMAND_RECORD_TRACE_H
#define FIVESTEP_COMMAND_RECORD_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "harness/plan/app_profile.h"

#define RECORD_REGIONS_MAX 4096
#define RECORD_PHASES_MAX  1000000

/* A place for a buffer: one of the same size that comes after this one is gone has the same place, as an allocator would give it. */
struct record_region {
	size_t bytes, pages;
	bool is_live;
	uint8_t *read, *written; /* the pages that the CPU used since the last launch; NULL: none */
};

struct record_use {
	unsigned region;
	double reads, writes; /* pages; means where several launches are one phase */
	bool is_unknown;
};

struct record_phase {
	bool is_device;
	char name[APP_NAME];
	struct record_use *uses; /* by region */
	unsigned n_uses;
};

struct record {
	struct record_region *regions;
	unsigned n_regions;
	unsigned *region_of; /* by the trace's ID */
	size_t n_ids;
	struct record_phase *phases;
	size_t n_phases, n_launches;
	struct text unseen; /* lines of comment */
	size_t n_unseen;
};

/* Adds what a trace says. 0, or -errno with "line N: ..." for what is none. Call record_free() in any case. */
int record_read(struct record *record, FILE *trace, struct fs_reason *why);
void record_free(struct record *record);

/* The profile's text. -E2BIG where a profile cannot hold the program, -ENODATA where nothing ran on a device, or -errno; with the reason. */
int record_write(const struct record *record, const char *program, struct text *profile, struct fs_reason *why);

#endif

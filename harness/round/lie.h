/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lie.h - what a device can do wrong, done on purpose where the harness calls it: so that each evidence rule and each
 * oracle can be seen to fail, with any device, on any machine.
 *
 * The parameter `lie` of a cell names one of the lies of lie.c; `lie_from` is the first call of the primitive in question that lies, and
 * `lie_times` how many do. They are for tests of the rules, and belong to the cell as other parameters do, so that it never compares
 * with one that was measured; the run record names the lies.
 */
#ifndef FIVESTEP_LIE_H
#define FIVESTEP_LIE_H

#include "harness/fivestep.h"

enum lie_kind {
	LIE_NONE,
	LIE_ALLOC_POPULATED,
	LIE_ALLOC_ALIAS,
	LIE_ALLOC_DIRTY,
	LIE_ALLOC_BASE,
	LIE_ALLOC_HUGE,
	LIE_COPY_NONE,
	LIE_COPY_SHORT,
	LIE_COPY_TWICE,
	LIE_COPY_FIRST,
	LIE_COPY_LAST,
	LIE_MIGRATE_NONE,
	LIE_MIGRATE_SHORT,
	LIE_MIGRATE_BYTE,
	LIE_RESIDENCE_ASTRAY,
	LIE_RESIDENCE_ALL,
	LIE_RESIDENCE_RETURNS,
	LIE_LAUNCH_NONE,
	LIE_LAUNCH_SHORT,
	LIE_LAUNCH_TWICE,
	LIE_LAUNCH_CRASH,
	LIE_LAUNCH_HANG,
	LIE_DATA_BEFORE,
	LIE_DATA_AFTER,
	LIE_OUT_CHANGED,
	LIE_CLOCK_FAST,
	LIE_CLOCK_BACK,
	LIE_CLOCK_STILL,
	LIE_COUNT_ZERO,
	LIE_COUNT_MORE,
	LIE_COUNT_ABSENT,
	LIE_NOTHING_SEEN,
};

/* A round's lie. All zero: the truth. */
struct lie {
	enum lie_kind kind;
	const char *count; /* of LIE_COUNT_*: counts whose names begin so */
	enum fs_side to;   /* of LIE_COPY_FIRST, LIE_COPY_LAST, LIE_RESIDENCE_ALL */
	uint64_t from, times, occasions, more;
};

/* Declared for the cells of a plan's line that names one of them. */
extern const struct fs_param lie_params[];
bool lie_is_param(const char *name);

/* Of a round, before anything is opened. */
void lie_begin(struct fs_job *job);

/* Each does what the function of job.c of that name would, and lies where it is the round's lie. */
void lie_of_alloc(struct fs_job *job, struct fs_buffer *buf); /* after it */
bool lie_of_count(struct fs_job *job, const char *name, uint64_t *value, bool counted);
int lie_of_copy(struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
int lie_of_migrate(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
int lie_of_residence(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);
int lie_of_launch(struct fs_job *job, int stream, struct fs_memory *memory, const struct fs_launch *launch);
int lie_of_wait(struct fs_job *job, int stream);
extern _Thread_local bool lie_has_clock; /* looked at in each reading of the clock */
uint64_t lie_of_clock(uint64_t now);

#endif

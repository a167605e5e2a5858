/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lies.h - the faults that a device can be told to inject: values of a cell's parameter `lie`. harness/round/lie.h injects them.
 *
 * The parameter `lie` of a cell names one of the lies of lies.c; `lie_from` is the first call of the primitive in question that lies, and
 * `lie_times` how many do. They are for tests of the rules, and belong to the cell as other parameters do, so that it never compares
 * with one that was measured; the run record names the lies.
 */
#ifndef FIVESTEP_LIES_H
#define FIVESTEP_LIES_H

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
	LIE_CLOCK_STEP,
	LIE_COUNT_ZERO,
	LIE_COUNT_MORE,
	LIE_COUNT_ABSENT,
	LIE_NOTHING_SEEN,
};

/* A round's lie. All zero: the truth. */
struct lie {
	enum lie_kind kind;
	const char *count; /* of LIE_COUNT_*: prefix of the counts' names */
	enum fs_side to;   /* of LIE_COPY_FIRST, LIE_COPY_LAST, LIE_RESIDENCE_ALL */
	uint64_t from, times, occasions, more;
};

/* By the value of the parameter `lie`, a choice. */
extern const struct lie lies[];
/* Declared only for the cells of a plan line that names one of them. */
extern const struct fs_param lie_params[];
bool lie_is_param(const char *name);

#endif

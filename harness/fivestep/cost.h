/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cost.h - the kinds of events that cost a program time, and by which the cost model (docs/method.md) explains it. Included by fivestep.h.
 *
 * A policy implies how many of each happen in a step (setup.h), a benchmark declares how many are in a value of a metric. What one of them costs on a
 * machine is a unit cost: nobody declares it, it is calibrated.
 */
#ifndef FIVESTEP_CONTRACT_COST_H
#define FIVESTEP_CONTRACT_COST_H

#include "harness/fivestep/common.h"

enum fs_cost {
	FS_COST_ALLOC,		 /* an allocated buffer */
	FS_COST_ALLOC_PAGE,	 /* each of its base pages */
	FS_COST_RELEASE,	 /* a released buffer */
	FS_COST_RELEASE_PAGE,	 /* each of its base pages that exists by then */
	FS_COST_RELEASE_VISITOR, /* each of those that has moved to the device before, in addition */
	/* For each pair: to, or on, FS_HOST and FS_DEVICE. */
	FS_COST_FIRST_TOUCH,				/* a page that is allocated on that side */
	FS_COST_FAULT = FS_COST_FIRST_TOUCH + FS_SIDES, /* a touch that moves a granule to that side */
	FS_COST_PAGE = FS_COST_FAULT + FS_SIDES,	/* a page moved to that side on request, or behind the first one of a fault's granule */
	FS_COST_FIRST_WAY = FS_COST_PAGE + FS_SIDES,	/* a page that moves to that side for the first time, in addition */
	/* A page that was allocated on the device and moves to the host for the first time, in addition. */
	FS_COST_ARRIVAL = FS_COST_FIRST_WAY + FS_SIDES,
	FS_COST_MIGRATE,			       /* a request to move a range to that side */
	FS_COST_COPY = FS_COST_MIGRATE + FS_SIDES,     /* an explicit transfer to that side */
	FS_COST_COPY_BYTE = FS_COST_COPY + FS_SIDES,   /* each of its bytes */
	FS_COST_LAUNCH = FS_COST_COPY_BYTE + FS_SIDES, /* a body started and waited for */
	/* A benchmark's single touches of a word in a page that is there, in no order that a prefetcher knows. */
	FS_COST_TOUCH, /* by that side */
	/* A kernel's own work, in bytes: what one costs is the kernel's, not the machine's. */
	FS_COST_FILL_BYTE = FS_COST_TOUCH + FS_SIDES, /* of step 2: the pages that it fills */
	FS_COST_BODY_BYTE,			      /* of step 3: what the body reads and writes */
	FS_COST_AFTER_BYTE,			      /* of step 4: the pages that it touches */
	FS_COST_MARSHAL_BYTE,			      /* links rewritten as offsets, before they are copied */
	FS_COSTS
};
extern const char *const fs_cost_names[FS_COSTS]; /* "fault_to_device", as in the records */

/*
 * For benchmarks: what is in one unit of a metric's value (in ns; of GB/s, the ns of one byte). Between begin and end, which are outside of what is
 * timed, the harness counts requests, copies and launches, and the device faults and pages; end divides by `per`, such as the pages that a value is
 * the mean of. is_first: what moved did so for the first time. fs_contains() sets what nothing counts, likewise for one unit. If a metric is measured
 * several times, every time must contain the same.
 */
void fs_contains_begin(struct fs_job *job);
void fs_contains_end(struct fs_job *job, const char *metric, double per, bool is_first);
void fs_contains(struct fs_job *job, const char *metric, enum fs_cost cost, double n);

#endif

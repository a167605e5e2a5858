/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * job.h - a round, seen from the harness inside the round's process: the content of struct fs_job.
 */
#ifndef FIVESTEP_JOB_H
#define FIVESTEP_JOB_H

#include "harness/round/counters.h"
#include "harness/round/lie.h"
#include "harness/round/sde.h"
#include "harness/round/share.h"

struct fs_job {
	const struct cell *cell;
	struct share *share;
	const struct fs_metric *metrics; /* the declaration that share->metric follows */
	void *device;			 /* opened by job_open, NULL for a benchmark without one */
	struct counters counters;
	const struct fs_buffer *buffer; /* between fs_alloc and fs_release */
	bool warm;			/* the device has used the buffer's pages */
	struct sde *sde;		/* NULL: not exported */
	uint64_t step_started_ns;
	uint64_t excluded_ns;	      /* spent on evidence inside timed sections */
	bool pages_expected;	      /* pages of this buffer were checked already */
	struct lie lie;		      /* the injected fault, for tests of the rules */
	uint64_t requested[FS_COSTS]; /* of the device so far: launches, copies and their bytes, migrations and the pages of their ranges */
	uint64_t acquires, advices;   /* asked of the device so far */
	uint64_t marshals;	      /* regions so far, and the time that they took */
	uint64_t marshal_ns;
	double contained[FS_COSTS]; /* what had happened when fs_contains_begin() was called */
};

/* Opens the device and the counters: everything that must exist before step 1. */
int job_open(struct fs_job *job);
void job_close(struct fs_job *job);
/* The benchmark starts: the time before is the round's overhead. */
void job_started(struct fs_job *job);

/* A known slowdown: from here on, a busy wait is added to every time that this thread takes. */
void job_inject(uint64_t ns);
/* The clock of a part of what is timed, in the run's unit: without that wait, or the whole would be slowed down again by each part. */
uint64_t job_part_clock(void);

/* fs_device_count() without lies: for what is no evidence. */
bool device_count(struct fs_job *job, const char *name, uint64_t *value);

/* The setup's own evidence after a step; untimed. */
int job_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);

/* Evidence that the page tables map the buffer with the page size of the parameter `page`. Call it before the release. */
int job_expect_pages(struct fs_job *job, struct fs_buffer *buf);

#endif

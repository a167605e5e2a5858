/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * job.h - a round as the harness sees it inside the round's process: what is behind struct fs_job.
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
	uint64_t excluded_ns; /* spent on proof by what a benchmark may time */
	bool pages_expected;  /* of this buffer, already */
	struct lie lie;	      /* what the device does wrong on purpose: tests of the rules */
};

/* Opens the device and the counters: everything that is there before step 1. */
int job_open(struct fs_job *job);
void job_close(struct fs_job *job);
/* The first moment of the benchmark's own: what came before is the round's overhead. */
void job_started(struct fs_job *job);

/* A known slow-down: each time that this thread takes from here on is made longer by a busy wait. */
void job_inject(uint64_t ns);

/* The setup's own evidence after a step; untimed. */
int job_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);

/* Evidence: page tables map the buffer with pages of the size that the parameter `page` says. Before its release. */
int job_expect_pages(struct fs_job *job, struct fs_buffer *buf);

#endif

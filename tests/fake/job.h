/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_job.h - a round without a runner, a setup or a device: for tests of benchmarks and kernels in this very
 * process. fake_steps() is the five-step program with a device of a few threads.
 */
#ifndef FIVESTEP_FAKE_JOB_H
#define FIVESTEP_FAKE_JOB_H

#include "harness/round/job.h"

/* Not to be copied: job points to cell. */
struct fake_job {
	struct fs_job job;
	struct cell cell;
};

/*
 * One of kernel and bench; args as in a plan, "size=64K sweeps=3", over the declared parameters' initial values.
 * -EINVAL for an argument that is not declared or out of range, -ENOMEM. close also after a failed open.
 */
int fake_job_open(struct fake_job *fake, const struct fs_kernel *kernel, const struct fs_bench *bench, const char *args);
void fake_job_close(struct fake_job *fake);
/* Forgets verdict and reason. */
void fake_job_pardon(struct fake_job *fake);

/* How the buffer is shared with the fake device. What has not crossed is rubbish there. */
enum fake_way {
	FAKE_SHARED, /* one memory, links are pointers */
	FAKE_COPIED, /* FS_IN crosses, marshalled; FS_OUT crosses back */
	FAKE_SLICED, /* the same in chunks: of FS_SLICED regions only the chunk's slices are there */
	FAKE_WAYS,
};
extern const char *const fake_way_names[FAKE_WAYS];

#define FAKE_WORKERS 8 /* at most */

/* The steps 1 to 4, and what a test does wrong on purpose. */
struct fake_steps {
	enum fake_way way;
	unsigned workers;
	bool blocks; /* a worker has neighbouring indices, not every workers-th */
	uint64_t seed;
	/* wrong on purpose */
	bool idle;	 /* the device does nothing */
	bool skip_first; /* nor anybody the first index */
	bool lost;	 /* the last worker's share is not done */
	bool hasty;	 /* the CPU never asks for another sweep */
	/* given */
	struct fs_work work;
	size_t stray;	 /* bytes that the device changed outside of FS_OUT; not seen when shared */
	size_t needless; /* bytes of regions that crossed to the device in a later sweep though it had all of them; seen when copied */
};

/* 0, or what layout, cpu_before or cpu_after failed with. The buffer and the kernel's state stay, for check. */
int fake_steps_run(struct fake_steps *steps, struct fake_job *fake);
/* Step 5 */
void fake_steps_free(struct fake_steps *steps);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernel.h - application kernels in the five steps. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_KERNEL_H
#define FIVESTEP_CONTRACT_KERNEL_H

#include "harness/fivestep/memory.h"
#include "harness/fivestep/param.h"

/* One instance of a kernel in a round. */
struct fs_work {
	struct fs_job *job;
	unsigned char *cpu; /* the buffer */
	size_t bytes;
	uint64_t seed;
	struct fs_region regions[FS_REGIONS + 1]; /* set by layout; ends at bytes == 0. With FS_REGIONS + 1 of them the round fails */
	struct fs_launch launch;		  /* name and body set by the harness; args, first, last by layout, and between sweeps by cpu_after */
	unsigned iteration;			  /* of steps 3 and 4, from 0 */
	int (*marshal)(const struct fs_work *work, const struct fs_region *region, void *image); /* the kernel's, timed */
	void *state; /* private to the kernel, outside the buffer; freed with free() after step 5 */
};

/*
 * What a side does in a turn of steps 3 and 4, page by page: FS_READS and FS_WRITES, for each base page of the buffer. A profile says it by fs_reads
 * and fs_writes: whole elements, none left out that is touched and none in it that is not.
 */
enum fs_touch { FS_READS = 1, FS_WRITES = 2 };
struct fs_pages {
	size_t n;
	uint8_t *touch;
};
void fs_reads(struct fs_pages *pages, size_t offset, size_t bytes);
void fs_writes(struct fs_pages *pages, size_t offset, size_t bytes);

/*
 * An application kernel in the five steps. The harness times each step; a kernel only computes.
 * layout says how the buffer is divided (no allocation yet: cpu is NULL) and may allocate state.
 */
struct fs_kernel {
	const char *name, *summary;
	unsigned needs; /* offers */
	unsigned timeout_s;
	const struct fs_param *params;
	size_t (*bytes)(const struct fs_args *args); /* NULL: parameter "size" */
	/*
	 * Asked when a plan is read: 0, and in *least the bytes that the buffer takes at least (0: any size does), or -EINVAL with the reason if the
	 * cell's values are incompatible, which is a usage error. NULL: all values do.
	 */
	int (*admit)(const struct fs_args *args, size_t *least, struct fs_reason *why);
	const char *body_name;
	fs_body_fn body;
	int (*layout)(struct fs_work *work);
	int (*cpu_before)(struct fs_work *work); /* step 2: fills the input from the seed, computes */
	/* Step 4: computes on the device's results. Returns 1 if the device must compute again, 0 if done. */
	int (*cpu_after)(struct fs_work *work);
	/* Compares with a reference computed independently of buffer and device; fs_wrong() if they differ. Untimed. */
	int (*check)(struct fs_work *work);
	/* Writes an FS_POINTERS region to image, with links as offsets into the buffer; required for such regions. */
	int (*marshal)(const struct fs_work *work, const struct fs_region *region, void *image);
	uint64_t (*device_bytes)(const struct fs_work *work); /* bytes the device body reads and writes, all sweeps; may be NULL */
	/*
	 * The pages that a side touches in a turn, told without a look at the buffer: from the seed, or by a walk of the kernel's own data. Asked
	 * after the last turn for each of them, and compared with the device's counts. 0, or -errno with the reason in the job. NULL: nothing is
	 * said.
	 */
	int (*profile)(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages);
};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cdm-migrate - hardware coherence with driver-initiated migration, as the 2017 thread proposes it: the
 * buffer starts on the host, and is moved before and after step 3.
 */
#include "config.h"

#include "harness/setup/common.h"

static int device_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err = fs_device_migrate(job, &buf->memory, 0, buf->bytes, FS_DEVICE);

	return err == 0 ? shared_compute(job, buf, launch) : err;
}

static int cpu_begin(struct fs_job *job, struct fs_buffer *buf)
{
	return fs_device_migrate(job, &buf->memory, 0, buf->bytes, FS_HOST);
}

static int evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	return coherent_evidence(job, buf, after == FS_DEVICE_COMPUTE ? FS_DEVICE : FS_HOST);
}

/* All pages that exist move before and after step 3; pages allocated later are on the host. */
static void imply(struct fs_implied *implied)
{
	enum fs_side to = implied_side(implied);

	if (implied->step == FS_DEVICE_COMPUTE || implied->step == FS_CPU_AFTER) {
		implied->n[FS_COST_MIGRATE + to]++;
		for (size_t i = 0; i < implied->pages->n; i++) {
			if (implied->exists[i])
				imply_moves(implied, i, to);
		}
	}
	coherent_imply_host(implied);
}

const struct fs_setup setup_cdm_migrate = {
	.name = "cdm-migrate",
	.summary = "coherent memory moved by the driver around step 3",
	.needs = FS_CAP_COHERENT | FS_CAP_MIGRATE | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_MOVE | FS_REMOTE | FS_RESIDENCE | FS_SHARED,
	.memory = FS_MEMORY_COHERENT,
	.copies = 1,
	.alloc = coherent_alloc_host,
	.device_compute = device_compute,
	.cpu_begin = cpu_begin,
	.release = coherent_release,
	.move = shared_move,
	.evidence = evidence,
	.imply = imply,
};

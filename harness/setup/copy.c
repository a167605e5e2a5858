/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy - the plain way: what the device reads is copied to it, then it computes, then what it wrote is copied back.
 */
#include "config.h"

#include "harness/setup/policy.h"

static int device_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err = transfer_marshal(job, buf, launch);

	if (err == 0)
		err = transfer_regions(job, buf, FS_IN, 0, FS_DEVICE);
	if (err == 0)
		err = fs_device_launch(job, 0, &buf->memory, launch);
	return err == 0 ? fs_device_wait(job, 0) : err;
}

static int cpu_begin(struct fs_job *job, struct fs_buffer *buf)
{
	return transfer_regions(job, buf, FS_OUT, 0, FS_HOST);
}

const struct fs_setup setup_copy = {
	.name = "copy",
	.summary = "explicit copies to the device and back",
	.needs = FS_CAP_COPY,
	.offers = FS_TRANSFER | FS_MOVE,
	.memory = FS_MEMORY_DEVICE,
	.copies = 2,
	.params = transfer_params,
	.alloc = transfer_alloc,
	.device_compute = device_compute,
	.cpu_begin = cpu_begin,
	.release = transfer_release,
	.move = transfer_move,
	.evidence = transfer_evidence,
};

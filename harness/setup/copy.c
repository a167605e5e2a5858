/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy - plain copies: what the device reads is copied to it, it computes, and what it wrote is copied back.
 */
#include "config.h"

#include "harness/setup/common.h"

const struct fs_setup setup_copy = {
	.name = "copy",
	.summary = "explicit copies to the device and back",
	.needs = FS_CAP_COPY,
	.offers = FS_TRANSFER | FS_MOVE,
	.memory = FS_MEMORY_DEVICE,
	.copies = 2,
	.params = transfer_params,
	.alloc = transfer_alloc,
	.device_compute = transfer_compute,
	.cpu_begin = transfer_begin,
	.release = transfer_release,
	.move = transfer_move,
	.evidence = transfer_evidence,
	.imply = transfer_imply,
};

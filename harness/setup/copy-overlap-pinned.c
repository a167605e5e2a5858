/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy-overlap-pinned - copies in chunks on two streams, from and to page-locked memory allocated by the device's driver: the device copies by
 * itself while it computes. The cost of pinning is part of step 1.
 */
#include "config.h"

#include "harness/setup/common.h"

const struct fs_setup setup_copy_overlap_pinned = {
	.name = "copy-overlap-pinned",
	.summary = "copies in chunks from and to page-locked memory, overlapped with computing",
	.needs = FS_CAP_COPY | FS_CAP_PIN,
	.offers = FS_TRANSFER | FS_MOVE,
	.memory = FS_MEMORY_DEVICE,
	.copies = 2,
	.params = overlap_pinned_params,
	.alloc = transfer_alloc_pinned,
	.device_compute = overlap_compute,
	.cpu_begin = overlap_begin,
	.release = transfer_release_pinned,
	.move = transfer_move,
	.evidence = transfer_evidence,
	.imply = overlap_imply_pinned,
};

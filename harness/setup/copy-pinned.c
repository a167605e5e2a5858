/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy-pinned - plain copies from and to host memory allocated by the device's driver: page-locked, so that the device's copy engine
 * accesses it directly. Step 1 includes the cost of page-locking.
 */
#include "config.h"

#include "harness/setup/common.h"

const struct fs_setup setup_copy_pinned = {
	.name = "copy-pinned",
	.summary = "explicit copies from and to page-locked memory allocated by the driver",
	.needs = FS_CAP_COPY | FS_CAP_PIN,
	.offers = FS_TRANSFER | FS_MOVE,
	.memory = FS_MEMORY_DEVICE,
	.copies = 2,
	.alloc = transfer_alloc_pinned,
	.device_compute = transfer_compute,
	.cpu_begin = transfer_begin,
	.release = transfer_release_pinned,
	.move = transfer_move,
	.evidence = transfer_evidence,
	.imply = transfer_imply_pinned,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy-overlap - copies in chunks on two streams, so that one chunk is transferred while another is computed on. A driver that copies pageable
 * memory through its own buffer may block the program meanwhile; copy-overlap-pinned avoids that.
 */
#include "config.h"

#include "harness/setup/common.h"

const struct fs_setup setup_copy_overlap = {
	.name = "copy-overlap",
	.summary = "copies in chunks, overlapped with computing",
	.needs = FS_CAP_COPY,
	.offers = FS_TRANSFER | FS_MOVE,
	.memory = FS_MEMORY_DEVICE,
	.copies = 2,
	.params = overlap_params,
	.alloc = transfer_alloc,
	.device_compute = overlap_compute,
	.cpu_begin = overlap_begin,
	.release = transfer_release,
	.move = transfer_move,
	.evidence = transfer_evidence,
	.imply = overlap_imply,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cdm - hardware coherence, memory on the device's node: every page is there from its first touch, and
 * the CPU accesses it remotely.
 */
#include "config.h"

#include "harness/setup/common.h"

const struct fs_setup setup_cdm = {
	.name = "cdm",
	.summary = "coherent memory placed on the device's node",
	.needs = FS_CAP_COHERENT | FS_CAP_MIGRATE | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_MOVE | FS_REMOTE | FS_RESIDENCE | FS_SHARED,
	.memory = FS_MEMORY_COHERENT,
	.copies = 1,
	.alloc = coherent_alloc_device,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = coherent_release,
	.move = shared_move,
	.evidence = coherent_evidence_device,
	.imply = coherent_imply_device,
};

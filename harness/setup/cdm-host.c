/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cdm-host - hardware coherence, memory stays on the host's node: the device accesses it remotely.
 */
#include "config.h"

#include "harness/setup/common.h"

const struct fs_setup setup_cdm_host = {
	.name = "cdm-host",
	.summary = "coherent memory that stays on the host's node",
	.needs = FS_CAP_COHERENT | FS_CAP_MIGRATE | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_MOVE | FS_REMOTE | FS_RESIDENCE | FS_SHARED,
	.memory = FS_MEMORY_COHERENT,
	.copies = 1,
	.alloc = coherent_alloc_host,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = coherent_release,
	.move = shared_move,
	.evidence = coherent_evidence_host,
	.imply = coherent_imply_host,
};
